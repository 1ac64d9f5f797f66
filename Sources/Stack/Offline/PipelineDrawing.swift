import Foundation
import Scheduling

/// A pipeline's tasks and what each needs, for a terminal or for Markdown.
package struct PipelineDrawing: Sendable {
    package let text: String
    package let mermaid: String

    /// - Throws: `StackError.unreadable`, `StackError.usage` for a file with errors.
    package init(file: String) throws {
        guard let source = try? String(contentsOfFile: file, encoding: .utf8) else {
            throw StackError.unreadable(path: file, reason: "it is not there, or is not UTF-8 text")
        }
        try self.init(source: source, file: file)
    }

    /// - Throws: `StackError.usage` for a pipeline whose file has never been right.
    package init(_ pipeline: Answers.Pipeline) throws {
        try self.init(source: pipeline.source ?? "", file: pipeline.file)
    }

    private init(source: String, file: String) throws {
        let compilation = PipelineCheck.compile(source, file: file)
        guard let pipeline = compilation.pipeline else {
            throw StackError.usage(
                "\(file) has errors: \(Diagnostic.lines(compilation.errors).first ?? "it cannot be read").",
                remedy: "mend it until `mlstack pipeline validate \(file)` finds nothing.")
        }
        (text, mermaid) = (PipelineGraph.text(pipeline), PipelineGraph.mermaid(pipeline))
    }

    /// Both forms, for scripts.
    package var json: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(["text": text, "mermaid": mermaid]), as: UTF8.self) + "\n"
        }
    }
}
