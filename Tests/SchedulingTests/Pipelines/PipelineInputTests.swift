import Testing

@testable import Scheduling

struct PipelineInputTests {
    private func inputs(_ lines: String, now: String? = nil) throws -> [String] {
        try problems("pipeline: p\n\(lines)\ntasks: {t: {run: \"echo ${params.x}\"}}", now: now)
            .filter { !$0.contains("E401 ${params.x}") }
    }

    @Test(arguments: [
        ("variables: {a: \"${variables.b}\", b: \"${variables.a}\"}", "2:16 E121 cycle of variables: a -> b -> a"),
        ("variables: {a: \"${variables.a}\"}", "2:16 E121 cycle of variables: a -> a"),
        ("variables: {a: \"${variables.bb}\", b: 1}", "2:17 E401 ${variables.bb}: no such variable. Did you mean b?"),
        (
            "variables: {a: \"${run.id}\"}",
            "2:17 E122 ${run.id}: variable a is fixed when the file is read, and can name only variables"
        ),
        ("variables: {a: [1]}", "2:16 E010 variable a is a list; a text, a number or a boolean expected"),
        ("variables: {a: }", "2:16 E010 variable a is nothing; a text, a number or a boolean expected"),
        (
            "params: {x: {default: 1}}",
            "2:10 E011 param x has no type; one of int, float, bool, string, enum, datetime, duration expected"
        ),
        (
            "params: {x: {type: integer}}",
            "2:20 E130 unknown type \"integer\". Expected: int, float, bool, string, enum, datetime, duration."
        ),
        ("params: {x: {type: flaot}}", "2:20 E130 unknown type \"flaot\". Did you mean float?"),
        ("params: {x: {type: int, default: many}}", "2:34 E131 the default of x is \"many\"; a whole number expected"),
        ("params: {x: {type: int, default: 3, min: 4}}", "2:34 E131 the default of x is 3; 4 or more expected"),
        ("params: {x: {type: int, min: 5, max: 4}}", "2:38 E132 param x.max is 4, below its min 5"),
        ("params: {x: {type: string, min: 5}}", "2:28 E132 min is for int and float; param x is string"),
        ("params: {x: {type: enum}}", "2:20 E011 param x is an enum and has no values; write values: [a, b]"),
        (
            "params: {x: {type: enum, values: [a, b], default: c}}",
            "2:51 E131 the default of x is \"c\"; one of a, b expected"
        ),
        ("params: {x: {type: int, defualt: 1}}", "2:25 E301 unknown key \"defualt\" in param x. Did you mean default?"),
    ])
    func `what is wrong with variables and params`(line: String, problem: String) throws {
        #expect(try inputs(line) == [problem])
    }

    @Test(arguments: [
        ("{cron: \"@daily\", clock: wal}", "3:29 E204 unknown clock \"wal\". Did you mean wall?"),
        (
            "{cron: \"@daily\", start: soon}",
            "3:29 E203 trigger 1.start: \"soon\" is not a time: a year of four digits is expected"
        ),
        ("{cron: \"@daily\", start: 2015-02-01, end: 2015-01-01}", "3:46 E203 trigger 1 ends before it starts"),
        (
            "{clock: wall}",
            "3:5 E202 trigger 1 says not when; write cron: \"@daily\", every: 10m, dataset: name, after: pipeline or webhook: name"
        ),
        ("{cron: \"@dayly\"}", "3:12 E201 cron \"@dayly\": unknown preset @dayly. Did you mean @daily?"),
        ("{cron: \"@daily\", params: {y: 1}}", "3:31 E205 unknown parameter y. Did you mean x?"),
        ("{cron: \"@daily\", params: {x: many}}", "3:34 E131 x is \"many\"; a whole number expected"),
        (
            "{cron: \"0 9 */2 * FRI\"}",
            "3:12 W201 cron \"0 9 */2 * FRI\": a day field that starts with * must match as well, so this fires "
                + "at 09:00 on days 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29 and 31 of the month when that is Friday"
        ),
    ])
    func `what is wrong with a trigger`(trigger: String, problem: String) throws {
        #expect(try inputs("triggers:\n  - \(trigger)\nparams: {x: {type: int, default: 1}}") == [problem])
    }

    @Test func `a trigger must give what has no default`() throws {
        let params = "params: {x: {type: int}}"
        #expect(
            try inputs("triggers:\n  - {cron: \"@daily\"}\n\(params)") == [
                "3:5 E205 trigger 1: x is required: it has no default, so the trigger must give it in params"
            ])
        #expect(try inputs("triggers:\n  - {cron: \"@daily\", params: {x: 5}}\n\(params)") == [])
    }

    @Test func `this year's gap is warned of, in the words of the rule that applies`() throws {
        let fixed =
            "timezone: America/New_York\ntriggers:\n  - {cron: \"30 2 * * *\"}\nparams: {x: {type: int, default: 1}}"
        #expect(
            try inputs(fixed, now: "2026-01-15T00:00:00Z") == [
                "4:12 W202 cron \"30 2 * * *\": the clock of America/New_York skips 02:30 on 2026-03-08; that day it fires at 03:00 instead"
            ])
        let following = fixed.replacing("30 2 * * *", with: "*/30 2 * * *")
        #expect(
            try inputs(following, now: "2026-12-31T23:00:00Z") == [
                "4:12 W202 cron \"*/30 2 * * *\": the clock of America/New_York skips 02:00 on 2026-03-08; that day it does not fire"
            ])
        #expect(try inputs(fixed.replacing("30 2", with: "30 4"), now: "2026-01-15T00:00:00Z") == [])
        #expect(try inputs(fixed) == [])
    }

    @Test func `a catch-up of many runs is warned of`() throws {
        let lines =
            "triggers:\n  - {cron: \"@daily\", start: 2026-01-01, catchup: all}\nparams: {x: {type: int, default: 1}}"
        #expect(try inputs(lines, now: "2026-02-19T12:00:00Z") == [])
        #expect(
            try inputs(lines, now: "2026-02-20T12:00:00Z") == [
                "3:50 W203 catchup: all would create more than 50 runs, one for each firing since 2026-01-01T00:00:00+00:00"
            ])
    }
}
