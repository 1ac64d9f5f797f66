import Testing

@testable import Scheduling

struct PipelineTaskTests {
    @Test(arguments: [
        ("run: echo\nuses: replay/ingest", "5:5 E303 task t has both `run` and `uses`; a task does one thing"),
        ("needs: []", "3:3 E303 task t does nothing; write `run: command` or `uses: operator`"),
        ("run: echo\nwith: {a: b}", "5:5 E303 `with` belongs to `uses`; task t has `run`, whose values go into `env`"),
        ("uses: replay/ingest\nenv: {A: b}", "5:5 E303 `env` has no effect on a built-in task; task t has `uses`"),
        ("uses: model/trian", "4:11 E304 unknown operator \"model/trian\". Did you mean model/train?"),
        ("uses: data.replay", "4:11 E304 unknown operator \"data.replay\". There are replay/ingest, model/train."),
        (
            "uses: model/train",
            "4:11 E343 task t: model/train needs with.algorithm (one of als, popularity): what is fitted"
        ),
        (
            "uses: model/train\nwith: {algoritm: als}",
            "5:5 E343 task t: model/train needs with.algorithm (one of als, popularity): what is fitted"
        ),
        ("run: echo\nneeds: [t]", "5:13 E311 cycle: t -> t"),
        ("run: echo\nneeds: t", "5:12 E010 needs of task t is the text \"t\"; a list expected"),
        ("run: echo\ntimeout: 0s", "5:14 E331 timeout of task t is 0s; more than nothing expected"),
        ("run: echo\ntimeout: 5", "5:14 E330 \"5\" is not a duration; write 10m, 90s, 1h30m"),
        ("run: echo\nretry: {backoff: 0.5}", "5:22 E331 retry.backoff is 0.5; 1 or more expected"),
        (
            "run: echo\nretry: {jitter: 20}",
            "5:21 E332 retry.jitter is the number 20; a percentage from 0% to 100% expected"
        ),
        (
            "run: echo\nretry: {times: 2}",
            "5:13 E301 unknown key \"times\" in retry of task t. Expected: max, delay, backoff, max_delay, jitter."
        ),
        ("run: echo\nenv: {A-B: c}", "5:11 E102 \"A-B\" can't name an environment variable; use A-Z a-z 0-9 _"),
        ("run: 5", "4:10 E010 run of task t is the number 5; a text (put it in quotes) expected"),
    ])
    func `what is wrong with a task`(lines: String, problem: String) throws {
        let found = try taskProblems(lines)
        #expect(found.contains(problem), "\(found)")
    }

    @Test(arguments: [
        ("factors: many", "E341 with.factors: it is the text \"many\"; a whole number expected"),
        ("factors: \"64\"", "E341 with.factors: it is the text \"64\"; a whole number expected"),
        ("factors: 64.5", "E341 with.factors: it is the number 64.5; a whole number expected"),
        ("factors: 1000", "E342 with.factors: it is 1000; 1 to 512 expected"),
        ("regularization: -1", "E342 with.regularization: it is -1.0; 0.0 to 100.0 expected"),
        ("warm: yes", "E341 with.warm: it is the text \"yes\"; true or false expected"),
        (
            "algorithm: alz",
            "E342 with.algorithm: unknown value \"alz\"; one of als, popularity expected. Did you mean als?"
        ),
        ("name: 5", "E341 with.name: it is the number 5; a text expected, so put it in quotes"),
        ("metrics: ndcg", "E341 with.metrics: it is the text \"ndcg\"; a list of texts expected"),
        ("metrics: [5]", "E341 with.metrics: an element is the number 5; a text expected"),
        ("factors: [1]", "E341 with.factors: it is a list; a whole number expected"),
        ("factrs: 5", "E340 model/train has no setting \"factrs\". Did you mean factors?"),
        ("factors: \"${variables.word}\"", "E341 with.factors: it is the text \"much\"; a whole number expected"),
    ])
    func `what is wrong with a setting`(setting: String, problem: String) throws {
        let algorithm = setting.hasPrefix("algorithm") ? "" : "algorithm: als, "
        let source =
            "pipeline: p\nvariables: {word: much}\ntasks:\n  t: {uses: model/train, with: {\(algorithm)\(setting)}}"
        let found = try problems(source).map { String($0.drop { $0 != " " }.dropFirst()) }
        #expect(found == [problem])
    }

    @Test(arguments: [
        ("factors: 1", SettingValue.int(1)), ("regularization: 1", .float(1)), ("regularization: 1e-3", .float(0.001)),
        ("warm: true", .bool(true)), ("name: \"5\"", .string("5")), ("metrics: []", .list([])),
        ("factors: 0x10", .int(16)),
        ("factors: \"${variables.number}\"", .int(7)), ("name: \"$${x}\"", .string("${x}")),
    ])
    func `a setting has the kind that its operator asks for`(setting: String, value: SettingValue) throws {
        let pipeline = try compiled(
            "pipeline: p\nvariables: {number: 7}\ntasks:\n  t: {uses: model/train, with: {algorithm: als, \(setting)}}")
        guard case .uses(_, let with) = pipeline.tasks[0].action else {
            Issue.record("not a built-in task")
            return
        }
        #expect(with[String(setting.prefix { $0 != ":" })] == .literal(value))
    }

    @Test func `a longer circle names every part of it`() throws {
        let source = """
            pipeline: p
            tasks:
              a: {run: x, needs: [c]}
              b: {run: x, needs: [a]}
              c: {run: x, needs: [b]}
              d: {run: x, needs: [d, a]}
            """
        #expect(
            try problems(source) == [
                "3:23 E311 cycle: a -> c -> b -> a   (the other parts are at 5:23, 4:23)", "6:23 E311 cycle: d -> d",
            ])
    }

    @Test func `the last task that hides failures elsewhere is warned of`() throws {
        let found = try problems(
            "pipeline: p\ntasks:\n  a: {run: x}\n  z: {run: x, needs: [a], trigger_rule: all_done}")
        #expect(found.count == 1 && found[0].hasPrefix("4:41 W320 last task z runs even after a failure"))
    }
}
