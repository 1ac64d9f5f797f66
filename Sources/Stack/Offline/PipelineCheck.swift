import Foundation
package import Scheduling

/// Pipeline files looked at without a server, for `mlstack pipeline validate`.
package struct PipelineCheck: Sendable {
    package let diagnostics: [Diagnostic]
    /// `file:line:column   code message`, one for each error and warning.
    package let lines: [String]
    /// The same, each with the line of the file and a caret below the place.
    package let explanations: [String]
    package let errorCount: Int
    package let fileCount: Int

    /// For editors, as JSON.
    package static var schema: String { PipelineSchema.json(operators: OperatorList.descriptions) }

    /// A compiler for files that are only looked at.
    package static var compiler: PipelineCompiler {
        PipelineCompiler(operators: OperatorList.descriptions, machineZone: .ofThisMachine())
    }

    /// A file with the files beside it that it includes.
    package static func compile(_ source: String, file: String, now: Instant? = nil) -> Compilation {
        let folder = folder(of: file)
        return compiler.compile(
            source: source, file: file, now: now, includes: .folder(folder.isEmpty ? "." : folder))
    }

    /// - Parameter paths: files, or folders whose pipeline files are meant.
    /// - Throws: `StackError.unreadable` for a path where nothing is.
    package init(paths: [String]) throws {
        var (texts, compilations): ([String: String], [(file: String, result: Compilation)]) = ([:], [])
        // Told with the others: what is wrong with them must not wait for it.
        var unreadable: [Diagnostic] = []
        for file in try paths.flatMap(PipelineCheck.files) {
            let data: [UInt8]
            do {
                data = try PlainFile.read(file)
            } catch {
                let remedy = "put a file in its place, or mend its permissions"
                unreadable.append(PipelineCheck.problem(file, "cannot be read: \(error.reason); \(remedy)"))
                continue
            }
            guard let source = String(validating: data, as: UTF8.self) else {
                unreadable.append(PipelineCheck.problem(file, "the file is not UTF-8 text; save it as UTF-8"))
                continue
            }
            let folder = PipelineCheck.folder(of: file)
            let result = PipelineCheck.compile(source, file: file, now: WallClock().now)
            compilations.append((file, result))
            texts[file] = source
            for (path, text) in result.includes { texts[folder + path] = text }
        }
        // Files that hold shared tasks are no pipelines; they are looked at where they are included.
        let shared = Set(
            compilations.flatMap { file, result in result.includes.keys.map { PipelineCheck.folder(of: file) + $0 } })
        compilations.removeAll { $0.result.pipeline == nil && shared.contains($0.file) }
        diagnostics = Set(compilations.flatMap(\.result.diagnostics) + unreadable).sorted()
        lines = Diagnostic.lines(diagnostics)
        explanations = zip(lines, Diagnostic.explained(diagnostics, sources: texts)).map { line, explanation in
            line + explanation[(explanation.firstIndex(of: "\n") ?? explanation.endIndex)...]
        }
        errorCount = diagnostics.count { $0.severity == .error }
        fileCount = compilations.count
    }

    private static func problem(_ file: String, _ message: String) -> Diagnostic {
        Diagnostic(file: file, line: 1, column: 1, code: .syntax, message: message)
    }

    /// With the slash at its end; empty for a file of the working folder.
    private static func folder(of file: String) -> String { file.lastIndex(of: "/").map { String(file[...$0]) } ?? "" }
    /// The same for editors and scripts.
    package var json: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(diagnostics), as: UTF8.self)
        }
    }

    private static func files(_ path: String) throws -> [String] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw StackError.unreadable(path: path, reason: "there is no such file or folder")
        }
        if !isFolder.boolValue { return [path] }
        return try FileManager.default.contentsOfDirectory(atPath: path)
            .filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }.sorted().map { "\(path)/\($0)" }
    }
}
