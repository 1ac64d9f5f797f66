import Testing

@testable import Scheduling

struct TemplateTests {
    private static let scope = RenderScope(
        variables: ["model": "movies"], params: ["name": "it's $(x)"], run: ["id": "r1"],
        outputs: ["train": ["uri": "/m/1"]],
        environment: ["HOME": "/home/me"])

    @Test(arguments: [
        ("plain", "plain"), ("", ""), ("${variables.model}", "movies"),
        ("a ${run.id} b ${env.HOME}", "a r1 b /home/me"),
        ("${tasks.train.outputs.uri}!", "/m/1!"), ("$${variables.model}", "${variables.model}"),
        ("$$ $1 ${HOME}", "$$ $1 ${HOME}"),
        ("${params.name}", "it's $(x)"), ("${params.name!raw}", "it's $(x)"), ("é${run.id}é", "ér1é"),
        ("$${HOME}", "${HOME}"),
    ])
    func `known places are filled in, the rest stands`(text: String, expected: String) throws {
        #expect(try Template(parsing: text).render(Self.scope, quoting: .plain) == expected)
    }

    @Test func `text that is stored keeps the places of secrets, and makes none of a value`() throws {
        let scope = RenderScope(
            params: ["name": "${secrets.OTHER} $${x} ${HOME}"], secrets: ["KEY": "k", "OTHER": "o"])
        let stored = try Template(parsing: "$${secrets.OTHER}/${params.name}/${secrets.KEY}").storable(scope)
        #expect(!stored.contains("k/") && stored.hasSuffix("/${secrets.KEY}"))
        let used = try Template(parsing: stored).render(RenderScope(secrets: scope.secrets), quoting: .plain)
        #expect(used == "${secrets.OTHER}/${secrets.OTHER} $${x} ${HOME}/k")
    }

    @Test func `a setting that is stored holds no secret, and one that is missing is told`() throws {
        let spec = SettingSpec("webhook", .string, keepsSecrets: true, help: "")
        let with = ["webhook": SettingTemplate.template(try Template(parsing: "https://x/${secrets.KEY}"))]
        let settings = try Settings(resolving: with, specs: [spec], scope: RenderScope(secrets: ["KEY": "k"]))
        #expect(settings.string("webhook") == "https://x/${secrets.KEY}")
        #expect(throws: RenderError.self) { try Settings(resolving: with, specs: [spec], scope: RenderScope()) }
    }

    @Test(arguments: [
        ("${variables.modle}", "${variables.modle}: there is no such value. Did you mean model?"),
        ("${tasks.train.outputs.url}", "${tasks.train.outputs.url}: task train put out only uri"),
        (
            "${tasks.train.outputs.return_value}",
            "${tasks.train.outputs.return_value}: task train printed nothing, or a last line longer than 48 KiB"
        ),
        ("${tasks.other.outputs.x}", "${tasks.other.outputs.x}: task other has put out nothing"),
        ("${env.HOM}", "${env.HOM}: there is no such value."),
        ("${secrets.KEY}", "${secrets.KEY}: there is no such value."),
        ("${event.rows}", "${event.rows}: no event started this run"),
        ("${item.name}", "${item}: the task has no foreach"),
    ])
    func `a place without a value is an error, never empty`(text: String, sentence: String) throws {
        let error = #expect(throws: RenderError.self) {
            try Template(parsing: text).render(Self.scope, quoting: .plain)
        }
        #expect(error?.errorDescription == sentence)
        #expect(error?.recoverySuggestion != nil)
    }

    @Test func `a secret that is missing is told with the places where it may stand`() {
        let error = #expect(throws: RenderError.self) {
            try Template(parsing: "${secrets.KEY}").render(Self.scope, quoting: .plain)
        }
        #expect(error?.recoverySuggestion?.contains("MLSTACK_SECRET_KEY") == true)
        #expect(error?.recoverySuggestion?.contains("secrets.yaml") == true)
    }

    @Test func `a place that can't be read is refused`() {
        #expect(throws: TemplateError.self) { try Template(parsing: "${params.a-}${params..b}") }
        #expect(throws: TemplateError.self) { try Template(parsing: "${params.a\n}") }
    }

    @Test func `the values of a run are in the zone, with UTC beside them`() throws {
        let moment = try Instant(rfc3339: "2015-01-09T00:00:00Z")
        let run = DAGRun(
            id: "p-1", pipelineID: "p", pipelineVersion: "v", cause: .schedule, clock: .replay, logicalDate: moment,
            dataInterval: DataInterval(start: moment.advanced(by: .seconds(-86_400)), end: moment), params: [:],
            state: .running,
            createdAt: moment)
        let values = RenderScope.runValues(run, in: try ZoneRules(identifier: "Asia/Seoul"))
        #expect(values["logical_date"] == "2015-01-09T09:00:00+09:00")
        #expect(values["scheduled_for_utc"] == "2015-01-09T00:00:00Z")
        #expect(values["data_interval.start"] == "2015-01-08T09:00:00+09:00")
        #expect(values["data_interval.end_utc"] == "2015-01-09T00:00:00Z")
        #expect(values["started_at"] == nil)
        #expect(Set(values.keys).isSubset(of: RenderScope.runPaths))
    }
}
