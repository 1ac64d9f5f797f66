import Foundation
import Registry
import Scheduling
import Storage

/// `file/register`: registers a model file that a script made.
struct FileRegisterOperator: Operator {
    let place: Later<Workshop>
    private var workshop: Workshop { place.value }

    let name = "file/register"
    let summary = "Registers a model file made by a script; name and score may be read from the file's name."
    let settings = [
        SettingSpec("file", .string, help: "the file; without a leading slash, in the run's folder"),
        SettingSpec(
            "pattern", .string, isOptional: true,
            help: "the form of its name, such as {name}_{score:float}.pt; numbers in it become metrics"),
        SettingSpec("model", .string, isOptional: true, help: "the registered model; default: {name} of the pattern"),
        SettingSpec("tags", .list, default: .list([]), help: "tags of the version, such as \"framework=torch\""),
        SettingSpec("data", .string, isOptional: true, help: "what it was trained on, in words"),
    ]

    private static let taskTag = "mlstack.task"
    private static let dataTag = "mlstack.data"
    private static let fileTag = "mlstack.file"

    func run(_ settings: Settings, _ context: TaskContext) async throws -> TaskOutputs {
        let file = Self.path(settings.string("file"), in: context.workDirectory)
        try checkPlace(of: file)
        let fileName = URL(filePath: file).lastPathComponent
        let pattern = try settings.optionalString("pattern").map(FileNamePattern.init)
        let values = try pattern?.values(in: fileName) ?? [:]
        guard let model = settings.optionalString("model") ?? values["name"] else {
            throw StackError.usage(
                "the file has no name to register it by.", remedy: "give `model`, or a pattern with {name}.")
        }
        let run = try await workshop.trackedRuns.ensure(context.run, context.environment)
        if let former = try await registered(model, run.id, context.taskID) {
            // Whatever the file holds by now: a version never changes.
            context.log.info("\(model) version \(former.version) was registered by this task already")
            return Self.outputs(former, former.tags.filter { values.keys.contains($0.key) })
        }
        let path = try ArtifactPath("\(run.experimentID)/\(run.id)/artifacts/files/\(context.taskID)")
        let folder = "\(try context.taskFolder())/file"
        try await Queues.files.perform { try Self.copy(file, to: folder) }
        // No version points there yet: what stands there is of an attempt that was cut off.
        try await workshop.artifacts.delete(path)
        try await workshop.artifacts.adopt(folder: folder, as: path)
        try await log(pattern, values, context)
        let version = try await workshop.registry.createVersion(
            ModelVersionRequest(
                name: model, source: "runs:/\(run.id)/files/\(context.taskID)", runID: run.id,
                description: "\(fileName), made by \(context.run.pipelineID)",
                tags: try tags(settings, values, fileName, context), createModel: true,
                key: "\(context.run.id)/\(context.taskID)"))
        context.log.info("\(model) version \(version.version) is \(fileName)")
        return Self.outputs(version, values)
    }

    /// The path may come from a form: what the home keeps for itself, secrets among it, is nobody's model.
    private func checkPlace(of file: String) throws {
        let place = URL(filePath: file).standardizedFileURL.resolvingSymlinksInPath().path(percentEncoded: false)
        let home = URL(filePath: workshop.home.path).resolvingSymlinksInPath().path(percentEncoded: false)
        let own = home.hasSuffix("/") ? home : home + "/"
        guard place.hasPrefix(own), !place.hasPrefix(own + "work/") else { return }
        throw StackError.usage(
            "\(file) is one of the home's own files.", remedy: "register a file that a task has made in its folder.")
    }

    private func registered(_ model: String, _ runID: String, _ taskID: String) async throws -> ModelVersion? {
        do {
            return try await workshop.registry.versions(of: model, runID: runID, maxResults: 100, pageToken: nil)
                .items.first { $0.tags[Self.taskTag] == taskID }
        } catch RegistryError.notFound {
            return nil
        }
    }

    /// Numbers of the file's name, on the run that `best` of `model/promote` reads.
    private func log(_ pattern: FileNamePattern?, _ values: [String: String], _ context: TaskContext) async throws {
        let time = context.run.createdAt.milliseconds
        let metrics = try (pattern?.fields ?? []).filter { $0.kind != .text }.map { field in
            guard let value = values[field.name].flatMap(Double.init), value.isFinite else {
                throw StackError.usage(
                    "\(field.name) in the file's name is no finite number.", remedy: "save the file with another score."
                )
            }
            return Metric(key: field.name, value: value, timestampMilliseconds: time, step: 0)
        }
        try await workshop.trackedRuns.log(RunBatch(metrics: metrics), for: context)
    }

    private func tags(
        _ settings: Settings, _ values: [String: String], _ fileName: String, _ context: TaskContext
    ) throws -> [String: String] {
        var tags = values
        for tag in settings.list("tags") {
            guard let equals = tag.firstIndex(of: "="), equals > tag.startIndex else {
                throw StackError.usage("the tag \"\(tag)\" has no value.", remedy: "write it as key=value.")
            }
            tags[String(tag[..<equals])] = String(tag[tag.index(after: equals)...])
        }
        tags[Self.dataTag] = settings.optionalString("data")
        tags[Self.fileTag] = fileName
        tags[Self.taskTag] = context.taskID
        tags[ProductionGuard.tag] = context.environment.rawValue
        tags[SQLiteStore.pipelineRunTag] = context.run.id
        return tags
    }

    private static func outputs(_ version: ModelVersion, _ values: [String: String]) -> TaskOutputs {
        values.merging([
            "name": version.name, "version": "\(version.version)",
            "model_uri": "models:/\(version.name)/\(version.version)",
        ]) { $1 }
    }

    private static func path(_ text: String, in folder: String) -> String {
        text.hasPrefix("/") ? text : "\(folder)/\(text)"
    }

    /// A copy: the script's own file stays where it is.
    private static func copy(_ file: String, to folder: String) throws {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: file, isDirectory: &isFolder), !isFolder.boolValue else {
            throw StackError.unreadable(path: file, reason: "there is no such file")
        }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        // Of a link, what it leads to.
        let source = URL(filePath: file).resolvingSymlinksInPath()
        do {
            try FileManager.default.copyItem(
                at: source, to: URL(filePath: "\(folder)/\(URL(filePath: file).lastPathComponent)"))
        } catch {
            throw StackError.unreadable(path: file, reason: SystemText.reason(of: error))
        }
    }
}
