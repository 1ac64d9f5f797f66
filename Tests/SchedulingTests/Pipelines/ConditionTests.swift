import Testing

@testable import Scheduling

struct ConditionTests {
    private static let scope: RenderScope = {
        var scope = RenderScope(
            variables: ["model": "movies"],
            params: ["min_gain": "0.02", "factors": "64", "flag": "true", "name": "als"],
            run: ["data_interval.start": "2015-01-08T00:00:00Z", "id": "daily-1"],
            outputs: [
                "evaluate": [
                    "gain": "0.01", "best": "als", "report": #"{"ndcg": {"at": [0.1, "0.25"]}, "note": "a\u00e9b"}"#,
                    "names": #"["als", "ease"]"#, "big": "1e3",
                ]
            ], environment: ["HOME": "/h"], event: ["rows": "12", "payload": #"{"kind": "x"}"#])
        scope.secrets = ["KEY": "hush"]
        scope.models = ["movies.production.version": "7"]
        scope.item = #"{"name": "a", "k": 5}"#
        return scope
    }()

    private func verdict(_ text: String) throws -> Condition.Verdict {
        try Condition(parsing: text).verdict(in: Self.scope)
    }

    @Test(arguments: [
        ("${tasks.evaluate.outputs.gain >= params.min_gain}", false),
        ("tasks.evaluate.outputs.gain < params.min_gain", true),
        ("${params.factors} == 64", true), ("params.factors == 64.0", true), ("params.factors == '64'", true),
        ("params.factors == '64.0'", false), ("tasks.evaluate.outputs.big == 1000", true), ("params.factors > 9", true),
        ("params.name == 'als'", true), ("params.name != \"als\"", false),
        ("params.name == tasks.evaluate.outputs.best", true),
        ("params.flag", true), ("not params.flag", false), ("!params.flag || true", true),
        ("true && params.flag", true),
        ("params.flag == true", true), ("1 < 2 and 2 < 3 or false", true), ("false and nothing_else or true", true),
        ("not 1 == 2", true), ("-1 < +1", true), ("null == tasks.evaluate.outputs.none", true),
        ("tasks.evaluate.outputs.none ?? 5 == 5", true), ("tasks.absent.outputs.x ?? null == null", true),
        ("(params.flag ? 1 : 2) == 1", true), ("params.flag ? false : true", false), ("null != 0", true),
        ("params.name in ['als', 'ease']", true), ("params.name not in tasks.evaluate.outputs.names", false),
        ("'ls' in params.name", true), ("'ndcg' in tasks.evaluate.outputs.report", true),
        ("64 in [params.factors]", true),
        ("tasks.evaluate.outputs.report.ndcg.at[1] > 0.2", true),
        ("tasks.evaluate.outputs.report['ndcg'].at[0] == 0.1", true),
        ("tasks.evaluate.outputs.report.ndcg.at.1 == 0.25", true),
        ("tasks.evaluate.outputs.report.no.where == null", true),
        ("tasks.evaluate.outputs.report.note == 'aéb'", true), ("tasks.evaluate.outputs.names[9] ?? 'x' == 'x'", true),
        ("run.data_interval.start < '2015-02-01'", true), ("event.rows > 10 and event.payload.kind == 'x'", true),
        ("models.movies.production.version == 7", true), ("item.k == 5 && item.name == 'a'", true),
        ("'' == \"\"", true),
        ("'it\\'s' == \"it's\"", true), ("env.HOME == '/h'", true), ("variables.model == 'movies'", true),
        ("[1, 2] == [1, 2.0]", false), ("secrets.KEY == 'hush'", true),
    ])
    func `a condition holds or not`(text: String, holds: Bool) throws {
        #expect(try verdict(text.replacing("nothing_else", with: "false")).holds == holds)
    }

    @Test(arguments: [
        ("${tasks.evaluate.outputs.gain >= params.min_gain}", "gain 0.01 >= min_gain 0.02"),
        ("params.name == 'ease' or not params.flag", "name \"als\" == \"ease\" or (not flag \"true\")"),
        ("tasks.evaluate.outputs.none ?? 1 > 2", "(none null ?? 1) > 2"),
        ("tasks.evaluate.outputs.report.ndcg.at[0] > 1", "report.ndcg.at[0] 0.1 > 1"),
        (
            "tasks.evaluate.outputs.gain > tasks.other.outputs.gain ?? 9",
            "tasks.evaluate.outputs.gain 0.01 > (tasks.other.outputs.gain null ?? 9)"
        ),
        ("secrets.KEY == 'x'", "KEY *** == \"x\""), ("item.k in [1]", "item.k 5 in [1]"),
    ])
    func `what is shown has the values in it`(text: String, shown: String) throws {
        #expect(try verdict(text).shown == shown)
    }

    @Test(arguments: [
        (
            "tasks.evaluate.outputs.none > 1",
            "tasks.evaluate.outputs.none has no value: task evaluate put out only best, big, gain, names, report; > needs a value on both sides. Write tasks.evaluate.outputs.none ?? with what to take instead"
        ),
        ("params.name > 5", "\"als\" and 5 can't be ordered by >"),
        ("params.factors", "params.factors is 64; true or false is expected"),
        ("params.name and true", "params.name is \"als\"; true or false is expected"),
        ("1 in params.flag", "1 is 1; a text is expected before in"),
        ("secrets.KEY > 5", "*** and 5 can't be ordered by >"),
    ])
    func `what has no answer is an error with what to do`(text: String, problem: String) throws {
        let error = #expect(throws: RenderError.self) { try verdict(text) }
        #expect(error == .condition(text: text, problem: problem))
        #expect(error?.recoverySuggestion != nil)
    }

    @Test(arguments: [
        ("", 0, "it is empty; write for instance params.x > 1"),
        ("params.a >", 10, "a value is expected here, not the end"),
        ("params.a = 1", 9, "\"=\" means nothing here; write == to compare"),
        ("params.a + 1 > 2", 9, "\"+\" means nothing here; there is no arithmetic here"),
        ("parms.a > 1", 0, "parms names nothing. Did you mean params?"),
        ("als == 1", 0, "als names nothing; put a text in quotes ('als')"),
        ("1 < 2 < 3", 6, "comparisons don't chain; join two of them by and"),
        ("(1 < 2", 6, ") is expected here, not the end"),
        ("params.a 'x'", 9, "an operator such as and, or, == or < is expected here, not a text"),
        ("'abc", 0, "no ' ends this text"),
        ("params", 0, "params is followed by a dot and a name"), ("params.a == 1x", 12, "\"1x\" is not a number"),
        ("true ? 1", 8, ": is expected here, not the end"),
        ("a-b.c", 0, "a-b names nothing; put a text in quotes ('a-b')"),
    ])
    func `what can't be read is told with its place`(text: String, offset: Int, sentence: String) {
        #expect(throws: ConditionProblem(sentence: sentence, offset: offset)) { try Condition(parsing: text) }
    }

    @Test func `depth and length are bounded, and what passes is answered`() throws {
        let deep = ["(", "!", "[", "${", "true ? 1 : ", "null ?? ", "item["].map {
            String(repeating: $0, count: 1000) + "true"
        }
        for text in deep + [String(repeating: "x", count: 5000), "item" + String(repeating: ".a", count: 100)] {
            #expect(throws: ConditionProblem.self) { try Condition(parsing: text) }
        }
        let wide = Array(repeating: "true", count: 400).joined(separator: " and ")
        #expect(try verdict(wide).holds)
        let inner = String(repeating: "(", count: 30) + "true" + String(repeating: ")", count: 30)
        #expect(try verdict(inner).holds)
    }

    @Test func `problems stand where the expression does, with codes and the nearest name`() throws {
        let source = """
            pipeline: p
            params: {min_gain: {type: float, default: 0}}
            tasks:
              evaluate: {run: x}
              a: {needs: [evaluate], run: x, when: "${tasks.evaluate.outputs.gain >= params.min_gian}"}
              b: {run: x, when: tasks.evaluate.outputs.gain > params.min_gain}
              c:
                run: x
                when: |
                  true and
                  params.min_gain >> 1
              d: {run: x, when: 5}
              e: {run: x, when: [a]}
              f: {run: x, when: true}
            """
        #expect(
            try problems(source) == [
                "5:74 E401 params.min_gian: no such param. Did you mean min_gain?",
                "6:21 E402 tasks.evaluate.outputs.gain: task evaluate is not upstream of b; add it to its needs",
                "11:24 E410 when of task c: a value is expected here, not \">\"",
                "12:21 E410 when of task d is neither true nor false; compare it with something",
                "13:21 E010 when of task e is a list; a text, a number or a boolean expected",
            ])
    }
}
