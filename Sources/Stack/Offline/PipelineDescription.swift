import Foundation
import Scheduling

/// What can be told of pipeline files without a server, besides whether they are right.
package enum PipelineDescription {
    /// The JSON Schema of the file, for editors.
    package static var schema: String { PipelineSchema.json(operators: OperatorList.descriptions) }

    package enum GraphForm: String, Sendable, CaseIterable { case text, mermaid }

    /// The tasks of a pipeline file and what each needs.
    /// - Throws: `StackError.unreadable`; `StackError.usage` with the first error of a file that is not right.
    package static func graph(ofFile path: String, form: GraphForm) throws -> String {
        let compiler = PipelineCompiler(operators: OperatorList.descriptions, machineZone: .ofThisMachine())
        guard let source = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw StackError.unreadable(path: path, reason: "it is not there, or is not UTF-8 text")
        }
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        let compilation = compiler.compile(
            source: source, file: path, includes: .folder(folder.isEmpty ? "/" : folder))
        guard let pipeline = compilation.pipeline else {
            throw StackError.usage(
                Diagnostic.lines(compilation.errors).first ?? "\(path) is not right",
                remedy: "see `mlstack pipeline validate \(path)`.")
        }
        return form == .text ? PipelineGraph.text(pipeline) : PipelineGraph.mermaid(pipeline)
    }
}
