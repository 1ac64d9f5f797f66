import Foundation

/// The texts that a pipeline was made of, as one that can be stored and hashed.
///
/// Without includes it is the pipeline file itself; with them, a JSON object of all texts. No pipeline file begins as
/// that object does: the key is none of a pipeline's.
package struct PipelineText: Sendable, Equatable {
    package var source: String
    /// By the path that the pipeline names them with.
    package var includes: [String: String]

    package init(source: String, includes: [String: String] = [:]) { (self.source, self.includes) = (source, includes) }

    private struct Bundle: Codable {
        var mlstackPipeline = 1
        var includes: [String: String]
        var source: String
        enum CodingKeys: String, CodingKey {
            case mlstackPipeline = "!mlstack-pipeline"
            case includes, source
        }
    }

    private static let beginning = "{\"!mlstack-pipeline\":1,"

    /// What `init(stored:)` reads back.
    package var stored: String {
        if includes.isEmpty { return source }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return String(decoding: try encoder.encode(Bundle(includes: includes, source: source)), as: UTF8.self)
        } catch {
            preconditionFailure("texts could not be written as JSON: \(error)")
        }
    }

    package init(stored: String) {
        guard stored.hasPrefix(Self.beginning),
            let bundle = try? JSONDecoder().decode(Bundle.self, from: Data(stored.utf8))
        else {
            self.init(source: stored)
            return
        }
        self.init(source: bundle.source, includes: bundle.includes)
    }

    /// Names this version of the pipeline.
    package var version: String { ContentHash.sha256(stored) }
}

extension Pipeline {
    package var text: PipelineText { PipelineText(source: source, includes: includes) }
}
