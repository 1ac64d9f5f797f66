import Foundation
import Logging
import Scheduling
import Storage

/// `mlstack pipeline run --local`: one run of a file in a stack of its own, which nothing else shares and nobody keeps.
///
/// It is the same stack that `mlstack up` starts, on a temporary home and any free port of this machine, with its clock
/// standing still and with no schedule: so a file behaves here as it does there, down to `MLFLOW_TRACKING_URI`.
package struct LocalRun: Sendable {
    package var file: String
    package var params: [String: String]
    /// nil: a temporary one.
    package var home: String?
    package var keepsHome = false
    package var dataset: String?
    package var logicalDate: String?

    package init(file: String, params: [String: String] = [:]) { (self.file, self.params) = (file, params) }

    /// What came of it.
    package struct Outcome: Sendable {
        package let run: Answers.Run
        /// As the server told it.
        package let json: String
        /// nil when it is removed.
        package let home: String?
    }

    /// - Parameter onLog: a line of a task's log, with the task's name before it.
    /// - Throws: `StackError`, `InstallationError` for a file with errors; what the stack says when it cannot start.
    package func run(
        onProgress: @escaping @Sendable (Double) -> Void = { _ in }, onLog: @escaping (String) -> Void
    ) async throws -> Outcome {
        let pipelines = try LocalPipelines(file: file)
        let isTemporary = home == nil
        let place = Home(home ?? FileManager.default.temporaryDirectory.path + "/mlstack-run-\(UUID().uuidString)")
        do {
            let (run, json): (Answers.Run, String) = try await Interruption.listening { isInterrupted in
                try await runStack(pipelines, place, isInterrupted, onProgress, onLog)
            }
            let isKept = keepsHome || !isTemporary
            if !isKept { remove(place) }
            return Outcome(run: run, json: json, home: isKept ? place.path : nil)
        } catch {
            if isTemporary, !keepsHome { remove(place) }
            throw error
        }
    }

    private func runStack(
        _ pipelines: LocalPipelines, _ place: Home, _ isInterrupted: @escaping @Sendable () -> Bool,
        _ onProgress: @escaping @Sendable (Double) -> Void, _ onLog: @escaping (String) -> Void
    ) async throws -> (Answers.Run, String) {
        var configuration = Configuration(home: place)
        (configuration.dataset, configuration.port, configuration.isPaused) = (dataset, 0, true)
        var program = StackProgram(
            configuration: configuration, logger: Logger(label: "local") { _ in SwiftLogNoOpLogHandler() })
        program.pipelines = pipelines.all
        let (addresses, ready) = AsyncStream<String>.makeStream()
        let stack = Task { [program] in
            defer { ready.finish() }
            return try await program.run(onReady: { ready.yield($0.url) }, onProgress: onProgress)
        }
        defer { stack.cancel() }
        guard let url = await addresses.first(where: { _ in true }) else {
            _ = try await stack.value
            throw StackError.usage("the stack of the run ended before it began.", remedy: "look at what it said.")
        }
        let result: Result<(Answers.Run, String), any Error>
        do {
            let client = try StackClient(url: url, home: place, token: nil)
            result = .success(try await follow(pipelines.main.id, client, isInterrupted, onLog))
        } catch {
            result = .failure(error)
        }
        stack.cancel()
        _ = await stack.result
        return try result.get()
    }

    private func follow(
        _ id: String, _ client: StackClient, _ isInterrupted: @escaping @Sendable () -> Bool,
        _ onLog: (String) -> Void
    ) async throws -> (Answers.Run, String) {
        var body: [String: any Sendable] = ["params": params]
        if let logicalDate { body["logical_date"] = logicalDate }
        let started: Answers.Run = try StackClient.decode(
            try await client.post(StackClient.path(ofPipeline: id) + "/runs", body))
        let path = StackClient.path(of: started)
        let watch = Task {
            while !isInterrupted() { try await WallClock().sleep(for: RunLogs.interval) }
            _ = try await client.post(path + "/cancel")
        }
        defer { watch.cancel() }
        _ = try await RunLogs(client: client, runID: started.id).follow { piece in
            for line in piece.text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
                onLog("\(piece.task) | \(line)")
            }
        }
        let text = try await client.get(path)
        return (try StackClient.decode(text), text)
    }

    private func remove(_ place: Home) { try? FileManager.default.removeItem(atPath: place.path) }
}

/// The pipelines that a local run knows: its own, and those that `pipeline/run` may name. None has a schedule.
struct LocalPipelines: Sendable {
    let main: Pipeline
    let all: [Pipeline]

    /// - Throws: `StackError.unreadable`, `InstallationError.hasErrors`.
    init(file: String) throws {
        let compiler = PipelineCheck.compiler
        // Absolute, because a task's `workdir` is seen from it.
        let path = URL(filePath: file).standardizedFileURL.path(percentEncoded: false)
        guard let source = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw StackError.unreadable(path: file, reason: "it is not there, or is not UTF-8 text")
        }
        let compilation = PipelineCheck.compile(source, file: path)
        guard var main = compilation.pipeline else {
            throw InstallationError.hasErrors(file: file, compilation.errors.map { $0.explained(source: source) })
        }
        // Its timetable says what stretch of time a run is about; what happens elsewhere starts nothing here.
        main.triggers = main.triggers.filter { $0.timetable != nil }
        let folder = URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        var others = names.sorted().filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }.compactMap { name in
            let beside = folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
            return (try? String(contentsOfFile: beside, encoding: .utf8)).flatMap {
                PipelineCheck.compile($0, file: beside).pipeline
            }
        }
        others += DefaultPipelines.files.compactMap { compiler.compile(source: $0.text, file: $0.name).pipeline }
        var known: Set<String> = [main.id]
        others = others.filter { known.insert($0.id).inserted }
        for index in others.indices { others[index].triggers = [] }
        (self.main, all) = (main, [main] + others)
    }
}
