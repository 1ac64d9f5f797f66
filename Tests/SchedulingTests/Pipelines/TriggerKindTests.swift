import Testing

@testable import Scheduling

struct TriggerKindTests {
    private func source(_ trigger: String) -> String {
        "pipeline: p\ntriggers:\n  - \(trigger)\nparams: {x: {type: int, default: 1}}\ntasks: {t: {run: \"echo ${params.x}\"}}"
    }

    private func kind(_ trigger: String) throws -> Trigger.Kind {
        try #require(try compiled(source(trigger)).triggers.first).kind
    }

    @Test func `every kind of trigger is read`() throws {
        #expect(try kind("{every: 10m}") == .time(.every(.seconds(600))))
        #expect(try kind("{dataset: ratings}") == .dataset(DatasetCondition(names: ["ratings"])))
        #expect(try kind("{dataset: [a, b, a]}") == .dataset(DatasetCondition(names: ["a", "b"])))
        #expect(
            try kind("{dataset: {any: [a, b], min_new_rows: 100, debounce: 5m}}")
                == .dataset(DatasetCondition(names: ["a", "b"], mode: .any, minNewRows: 100, debounce: .seconds(300))))
        #expect(
            try kind("{dataset: {all: [a, b]}, min_new_rows: 7, debounce: 1s}")
                == .dataset(DatasetCondition(names: ["a", "b"], minNewRows: 7, debounce: .seconds(1))))
        #expect(try kind("{dataset: {name: a}}") == .dataset(DatasetCondition(names: ["a"])))
        #expect(try kind("{after: daily}") == .after(PipelineCondition(pipelineID: "daily")))
        #expect(
            try kind("{after: {pipeline: daily, states: [failed, cancelled]}}")
                == .after(PipelineCondition(pipelineID: "daily", states: [.failed, .cancelled])))
        #expect(try kind("{webhook: new-ratings}") == .webhook(name: "new-ratings"))
    }

    @Test func `an event's values may stand in the parameters, and what can be checked is`() throws {
        let trigger = try #require(
            try compiled(source("{webhook: h, params: {x: \"${event.rows}\"}, start: 2026-01-01, catchup: latest}"))
                .triggers.first)
        #expect(trigger.params["x"] == (try Template(parsing: "${event.rows}")))
        #expect(trigger.catchup == .latest && trigger.start != nil)
        #expect(try compiled(source("{after: b, params: {x: 5}}")).triggers[0].params["x"]?.constant == "5")
    }

    @Test(arguments: [
        ("{every: 999ms}", "3:13 E331 trigger 1.every is 999ms; 1s or more expected"),
        ("{every: soon}", "3:13 E330 \"soon\" is not a duration; write 10m, 90s, 1h30m"),
        (
            "{cron: \"@daily\", every: 1h}",
            "3:22 E202 trigger 1 has `cron` and `every`; a trigger is one of them, write two"
        ),
        ("{dataset: a, clock: replay}", "3:18 E202 `clock` belongs to cron and every; trigger 1 has dataset"),
        ("{cron: \"@daily\", debounce: 5m}", "3:22 E202 `debounce` belongs to dataset; trigger 1 has cron"),
        (
            "{dataset: {all: [a], any: [b]}}",
            "3:15 E202 trigger 1.dataset has one of `name: a`, `all: [a, b]` and `any: [a, b]`"
        ),
        ("{dataset: {all: []}}", "3:21 E202 trigger 1.dataset.all is empty; name at least one dataset"),
        (
            "{dataset: team/a}",
            "3:15 E102 trigger 1.dataset \"team/a\" is not a usable name; begin with a letter or digit, go on with letters, digits, _ - or ., at most 128"
        ),
        ("{dataset: a, min_new_rows: -1}", "3:32 E331 min_new_rows is -1; 0 or more expected"),
        ("{after: p}", "3:13 E202 trigger 1.after: the pipeline would start itself without end"),
        ("{after: A B}", "3:13 E101 trigger 1.after \"A B\" is no pipeline id; use a-z 0-9 _ -"),
        (
            "{after: {states: [failed]}}",
            "3:13 E202 trigger 1.after names no pipeline; write {pipeline: id, states: [success]}"
        ),
        (
            "{after: {pipeline: a, states: [fialed]}}",
            "3:36 E204 unknown state of a run \"fialed\". Did you mean failed?"
        ),
        (
            "{cron: \"@daily\", params: {x: \"${event.rows}\"}}",
            "3:35 E122 ${event.rows}: a trigger that fires by the clock has no event; its parameter can name only variables"
        ),
        (
            "{webhook: h, params: {x: \"${run.id}\"}}",
            "3:31 E122 ${run.id}: a trigger's parameter can name only variables and the event"
        ),
        ("{webhook: h, params: {y: \"${event.rows}\"}}", "3:27 E205 unknown parameter y. Did you mean x?"),
        ("{wehbook: h}", "3:6 E301 unknown key \"wehbook\" in trigger 1. Did you mean webhook?"),
    ])
    func `what is wrong with a trigger`(trigger: String, problem: String) throws {
        #expect(try problems(source(trigger)) == [problem])
    }
}
