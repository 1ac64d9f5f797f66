import Testing

@testable import Scheduling

struct SettingsResolvingTests {
    private let specs = DescribedOperator.train.settings
    private let scope = RenderScope(params: ["factors": "32", "name": "a b"], outputs: ["e": ["best": "als"]])

    private func template(_ text: String) throws -> SettingTemplate { .template(try Template(parsing: text)) }

    @Test func `templates are filled in and checked, defaults take their place`() throws {
        let settings = try Settings(
            resolving: [
                "factors": template("${params.factors}"), "algorithm": template("${tasks.e.outputs.best}"),
                "name": template("<${params.name}>"),
                "metrics": .list([Template(text: "x"), try Template(parsing: "${params.name}")]),
                "warm": .literal(.bool(true)),
            ], specs: specs, scope: scope)
        #expect(settings.int("factors") == 32)
        #expect(settings.string("algorithm") == "als")
        #expect(settings.string("name") == "<a b>")
        #expect(settings.list("metrics") == ["x", "a b"])
        #expect(settings.bool("warm"))
        #expect(settings.float("regularization") == 0.01)
    }

    @Test func `an optional setting that is not given is absent`() throws {
        let settings = try Settings(resolving: ["algorithm": .literal(.string("als"))], specs: specs, scope: scope)
        #expect(settings.optionalString("name") == nil)
    }

    @Test func `what was filled in must be what the setting takes`() throws {
        let cases = [
            (try template("${params.name}"), "with.factors: it is the text \"a b\"; a whole number expected"),
            (try template("${params.factors}00"), "with.factors: it is 3200; 1 to 512 expected"),
        ]
        for (value, sentence) in cases {
            let error = #expect(throws: RenderError.self) {
                try Settings(
                    resolving: ["algorithm": .literal(.string("als")), "factors": value], specs: specs, scope: scope)
            }
            #expect(error?.errorDescription == sentence)
        }
        let missing = #expect(throws: RenderError.self) { try Settings(resolving: [:], specs: specs, scope: scope) }
        #expect(missing?.errorDescription == "with.algorithm: it is required, and was not given")
    }

    @Test func `a text setting takes any text, numbers too`() throws {
        let settings = try Settings(
            resolving: ["algorithm": .literal(.string("als")), "name": try template("${params.factors}")], specs: specs,
            scope: scope)
        #expect(settings.string("name") == "32")
    }
}
