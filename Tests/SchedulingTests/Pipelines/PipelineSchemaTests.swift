import Foundation
import Testing

@testable import Scheduling

struct PipelineSchemaTests {
    private func schema() throws -> [String: Any] {
        let text = PipelineSchema.json(operators: [DescribedOperator.ingest, .train])
        return try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    private func properties(_ value: Any?) throws -> [String: Any] {
        try #require((value as? [String: Any])?["properties"] as? [String: Any])
    }

    /// The levels of the table of keys, with the place of each in the schema.
    @Test func `the schema has exactly the keys that the compiler knows, level by level`() throws {
        let top = try properties(schema())
        let task = (top["tasks"] as? [String: Any])?["additionalProperties"]
        let param = (top["params"] as? [String: Any])?["additionalProperties"]
        let trigger = (top["triggers"] as? [String: Any])?["items"]
        let levels: [(Any?, PipelineKeys.Level)] = [
            (try schema(), PipelineKeys.pipeline), (task, PipelineKeys.task), (param, PipelineKeys.param),
            (trigger, PipelineKeys.trigger),
            (top["defaults"], PipelineKeys.defaults), (try properties(task)["retry"], PipelineKeys.retry),
            ((top["include"] as? [String: Any])?["items"], PipelineKeys.include), (top["notify"], PipelineKeys.notify),
        ]
        for (object, level) in levels { #expect(Set(try properties(object).keys) == Set(level.known)) }
    }

    @Test func `each operator's settings stand in it with their bounds`() throws {
        let top = try properties(schema())
        let task = try #require((top["tasks"] as? [String: Any])?["additionalProperties"] as? [String: Any])
        let cases = try #require(task["oneOf"] as? [[String: Any]])
        #expect(cases.count == 3)
        let with = try properties(cases[2])["with"]
        let settings = try properties(with)
        #expect(Set(settings.keys) == Set(DescribedOperator.train.settings.map(\.name)))
        let number = try #require((settings["factors"] as? [String: Any])?["anyOf"] as? [[String: Any]])[0]
        #expect(number["maximum"] as? Int == 512)
        #expect((with as? [String: Any])?["required"] as? [String] == ["algorithm"])
    }

    @Test func `the same operators give the same text`() {
        #expect(
            PipelineSchema.json(operators: [DescribedOperator.train])
                == PipelineSchema.json(operators: [DescribedOperator.train]))
    }
}
