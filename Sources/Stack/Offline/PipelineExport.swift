import Foundation
import Scheduling

/// A pipeline file turned into a file of another program, for `mlstack export`.
package struct PipelineExport: Sendable {
    package let text: String
    /// What differs there, one a line.
    package let remarks: [String]

    /// - Parameter name: the path of a pipeline file, or the id of a pipeline of the home.
    /// - Throws: `StackError`, also when the file has an error.
    package static func airflow(_ name: String, home: Home) throws -> PipelineExport {
        let machineZone = ZoneRules.ofThisMachine()
        let file = try file(named: name, home: home)
        let source: String
        do {
            source = try String(contentsOfFile: file, encoding: .utf8)
        } catch {
            throw StackError.unreadable(path: file, reason: "it is not UTF-8 text")
        }
        let folder = URL(filePath: file).deletingLastPathComponent().path(percentEncoded: false)
        let compilation = PipelineCompiler(operators: OperatorList.descriptions, machineZone: machineZone).compile(
            source: source, file: file, includes: .folder(folder))
        guard let pipeline = compilation.pipeline else {
            throw StackError.usage(
                Diagnostic.lines(compilation.errors).joined(separator: "\n"),
                remedy: "correct the file; `mlstack pipeline validate \(file)` checks it.")
        }
        let zone = try ZoneRules(identifier: pipeline.timeZoneID)
        let export = AirflowExport(pipeline, zone: zone, program: "mlstack \(Version.current)")
        return PipelineExport(text: export.text, remarks: export.remarks.map(\.line))
    }

    private static func file(named name: String, home: Home) throws -> String {
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: name, isDirectory: &isFolder), !isFolder.boolValue { return name }
        let files = (try? FileManager.default.contentsOfDirectory(atPath: home.pipelines)) ?? []
        let paths = files.filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }.sorted().map {
            "\(home.pipelines)/\($0)"
        }
        // By its id, whatever the file is called.
        let found = paths.first { path in
            (try? String(contentsOfFile: path, encoding: .utf8)).map { text in
                text.split(whereSeparator: \.isNewline).contains {
                    $0.wholeMatch(of: #/pipeline:\s*["']?([a-z0-9_-]+)["']?\s*(#.*)?/#)?.1 == name[...]
                }
            } ?? false
        }
        guard let found else {
            throw StackError.unreadable(
                path: name, reason: "there is no such file, and no pipeline of that id in \(home.pipelines)")
        }
        return found
    }

    /// Writes the text to a file: the whole of it, or nothing.
    package func write(to path: String) throws {
        do {
            try Data(text.utf8).write(to: URL(filePath: path), options: .atomic)
        } catch {
            throw StackError.usage(
                "cannot write \(path): \(SystemText.reason(of: error))", remedy: "check the folder and its permissions."
            )
        }
    }
}
