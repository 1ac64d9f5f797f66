import Foundation
import Scheduling

/// Pipeline files looked at without a server, for `mlstack pipeline validate`.
package struct PipelineCheck: Sendable {
    /// `file:line:column   code message`, one for each error and warning.
    package let lines: [String]
    package let errorCount: Int
    package let fileCount: Int

    /// - Parameter paths: files, or folders whose pipeline files are meant.
    /// - Throws: `StackError.unreadable`.
    package init(paths: [String]) throws {
        let compiler = PipelineCompiler(operators: OperatorList.descriptions, machineZone: .ofThisMachine())
        var diagnostics: [Diagnostic] = []
        let files = try paths.flatMap(PipelineCheck.files)
        for file in files {
            let source: String
            do {
                source = try String(contentsOfFile: file, encoding: .utf8)
            } catch {
                throw StackError.unreadable(path: file, reason: "it is not there, or is not UTF-8 text")
            }
            diagnostics += compiler.compile(source: source, file: file, now: WallClock().now).diagnostics
        }
        lines = Diagnostic.lines(diagnostics)
        errorCount = diagnostics.count { $0.severity == .error }
        fileCount = files.count
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
