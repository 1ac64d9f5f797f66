import Testing

@testable import Scheduling

struct PipelineKeysTests {
    @Test func `a key that nobody knows is told what there is`() throws {
        #expect(
            try problems("pipeline: p\ncolour: red\ntasks: {t: {run: echo}}") == [
                "2:1 E301 unknown key \"colour\" in the pipeline. Expected: pipeline, description, tags, timezone, variables, params, "
                    + "triggers, max_active_runs, max_active_tasks, overlap, deadline, order, environment, defaults, include, tasks, notify."
            ])
    }

    @Test func `a key that stands twice is refused wherever it is`() throws {
        #expect(
            try problems("pipeline: p\ntasks: {t: {run: echo, run: ls}}\ndescription: a\ndescription: b") == [
                "2:24 E012 key \"run\" stands twice in task t; first at 2:13",
                "4:1 E012 key \"description\" stands twice in the pipeline; first at 3:1",
            ])
    }

    @Test(arguments: [
        ("pipeline: [a]\ntasks: {t: {run: echo}}", "1:11 E010 pipeline is a list; a text expected"),
        (
            "pipeline: 5\ntasks: {t: {run: echo}}",
            "1:11 E010 pipeline is the number 5; a text (put it in quotes) expected"
        ),
        ("pipeline: p\ntags: recsys\ntasks: {t: {run: echo}}", "2:7 E010 tags is the text \"recsys\"; a list expected"),
        (
            "pipeline: p\nmax_active_runs: 0\ntasks: {t: {run: echo}}",
            "2:18 E331 max_active_runs is 0; 1 or more expected"
        ),
        ("pipeline: p\ntasks: [t]", "2:8 E010 tasks is a list; a mapping (key: value) expected"),
        ("pipeline: p\ntasks: {}", "2:8 E011 the pipeline has no task"),
        ("pipeline: p", "1:1 E011 the pipeline has no `tasks`"),
        ("tasks: {t: {run: echo}}", "1:1 E011 the pipeline has no id; write `pipeline: name` as its first line"),
        ("", "1:1 E011 the file is empty; a pipeline has at least `pipeline` and `tasks`"),
        ("# only a comment\n", "1:1 E011 the file is empty; a pipeline has at least `pipeline` and `tasks`"),
        ("- a", "1:1 E010 the file is a list; a mapping (key: value) expected"),
        (
            "pipeline: p\ntasks: {1t: {run: echo}}",
            "2:9 E102 task name \"1t\" is not usable; begin with a letter, go on with letters, digits, _ or -, at most 64"
        ),
    ])
    func `what is of the wrong kind or missing`(source: String, problem: String) throws {
        #expect(try problems(source) == [problem])
    }

    @Test(arguments: [
        ("Movie", "has a capital letter", "movie"), ("9lives", "does not begin with a letter", "lives"),
        ("é", "has the character \"é\"", ""), ("a.b", "has the character \".\"", "a_b"),
    ])
    func `an id that can't be one is told why`(id: String, reason: String, suggestion: String) throws {
        let diagnostic = try #require(try compile("pipeline: \(id)\ntasks: {t: {run: echo}}").diagnostics.first)
        #expect(diagnostic.code == .pipelineID)
        #expect(diagnostic.message.contains(reason))
        #expect(diagnostic.suggestion == (suggestion.isEmpty ? nil : suggestion))
    }
}
