import Foundation
import Serving

/// Ready pipelines to begin with, by the id that each has.
package struct ExamplePipeline: Sendable {
    package let name: String
    package let summary: String
    /// What it needs to run; the first is the pipeline itself.
    package let files: [BundledFile]

    /// The one that a new home has comes first.
    package static var all: [ExamplePipeline] {
        [ExamplePipeline(files: DefaultPipelines.files)] + BundledFile.examples.map { ExamplePipeline(files: [$0]) }
    }

    private init(files: [BundledFile]) {
        self.files = files
        name = files.first.map { String($0.name.prefix { $0 != "." }) } ?? ""
        // The line of the file itself: what a person reads there.
        summary =
            files.first?.text.split(separator: "\n").lazy.compactMap { line in
                line.hasPrefix("description: ") ? String(line.dropFirst("description: ".count)) : nil
            }.first ?? ""
    }

    /// What `all` are and do, for scripts.
    package static var listJSON: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            let list = all.map { ["name": $0.name, "description": $0.summary] }
            return String(decoding: try encoder.encode(list), as: UTF8.self)
        }
    }

    /// As the server offers it.
    var served: ExampleFiles {
        ExampleFiles(name: name, summary: summary, files: files.map { .init(name: $0.name, text: $0.text) })
    }

    /// - Throws: `StackError` with the nearest name.
    package static func named(_ name: String) throws -> ExamplePipeline {
        let all = all
        guard let found = all.first(where: { $0.name == name }) else {
            throw StackError.usage(
                "there is no example called \(name).",
                remedy: "choose among \(all.map(\.name).joined(separator: ", ")).")
        }
        return found
    }
}
