import Testing

@testable import Scheduling

struct ForEachTests {
    private func items(_ text: String) throws -> [String] {
        try ForEach.template(Template(parsing: "${params.list}")).items(in: RenderScope(params: ["list": text]))
    }

    @Test(
        arguments: [
            ("[]", []),
            (
                " [ 1, \"a b\", 1e3, {\"k\": [1, 2]}, null, true ] ",
                ["1", "a b", "1e3", "{\"k\": [1, 2]}", "null", "true"]
            ),
            ("a\nb\r\n\n  \nc d", ["a", "b", "c d"]), ("", []), ("[\"\\u00e9\\ud83d\\ude00\\n\"]", ["é😀\n"]),
        ] as [(String, [String])])
    func `a JSON list or one item a line`(text: String, expected: [String]) throws {
        #expect(try items(text) == expected)
    }

    @Test(arguments: [
        ("[1, 2", "the text begins like a JSON list, but ] is expected, and it ends too early"),
        ("[a]", "the text begins like a JSON list, but \"a\" is no JSON value"),
        ("[1] x", "the text begins like a JSON list, but something stands after its end"),
        ("[\"\\ud800\"]", "the text begins like a JSON list, but half a \\u pair stands alone"),
    ])
    func `what is no list is told why`(text: String, problem: String) {
        #expect(throws: RenderError.items(problem: problem)) { try items(text) }
    }

    @Test func `a million items are refused as soon as there are too many`() throws {
        let list = "[" + Array(repeating: "1", count: 1_000_000).joined(separator: ",") + "]"
        #expect(throws: RenderError.self) { try items(list) }
        #expect(throws: RenderError.self) { try items(String(repeating: "x\n", count: 1_000_000)) }
        #expect(throws: RenderError.self) { try items("[" + String(repeating: "[", count: 100_000)) }
        #expect(try items(String(repeating: "x\n", count: ForEach.limit)).count == ForEach.limit)
    }

    @Test func `items and their fields are filled in`() throws {
        let pipeline = try compiled(
            """
            pipeline: p
            variables: {city: Seoul}
            tasks:
              t:
                foreach: [{name: a, at: "${variables.city}", k: 5}, plain, 7]
                run: echo ${item} ${item.name} ${HOME}
                env: {K: "${item.k}"}
            """)
        let task = pipeline.tasks[0]
        let items = try #require(try task.forEach?.items(in: RenderScope(variables: pipeline.variables)))
        #expect(items == [#"{"at":"Seoul","k":5,"name":"a"}"#, "plain", "7"])
        var scope = RenderScope()
        scope.item = items[0]
        guard case .shell(let command) = task.action else { return }
        #expect(try command.render(scope, quoting: .shell) == "echo '\(items[0])' 'a' ${HOME}")
        #expect(try task.environment["K"]?.render(scope, quoting: .plain) == "5")
        scope.item = "plain"
        #expect(throws: RenderError.noValue(reference: "item.name", reason: "it has no element \"name\"")) {
            try command.render(scope, quoting: .shell)
        }
    }

    @Test(arguments: [
        (
            "run: x\nforeach: abc",
            "5:14 E344 foreach of task t is a plain text; write a list, or name one such as ${tasks.a.outputs.list}"
        ),
        ("run: x\nforeach: {a: b}", "5:14 E010 foreach of task t is a mapping; a list or ${…} expected"),
        ("run: x\nforeach: [\"${item}\"]", "5:16 E401 ${item}: only a task with foreach has items"),
        ("uses: replay/ingest\nwhen: item == 5", "5:11 E401 item: only a task with foreach has items"),
        ("run: x\nenv: {A: \"${item}\"}", "5:15 E401 ${item}: only a task with foreach has items"),
    ])
    func `what is wrong with a foreach`(lines: String, problem: String) throws {
        #expect(try taskProblems(lines) == [problem])
    }

    @Test func `what a task names of models and secrets is told once each, wherever it stands`() throws {
        let pipeline = try compiled(
            """
            pipeline: p
            tasks:
              t:
                run: echo ${models.movies.production.version} ${secrets.KEY}
                env: {A: "${models.movies.uri}", B: "${models.movies.uri}"}
                workdir: /tmp/${models.other.version}
                when: models.movies.production.gain > 0 and secrets.OTHER == 'x'
                foreach: "${models.movies.tags}"
            """)
        #expect(
            pipeline.tasks[0].modelReferences == [
                ["movies", "production", "version"], ["movies", "uri"], ["other", "version"], ["movies", "tags"],
                ["movies", "production", "gain"],
            ])
        #expect(pipeline.tasks[0].secretReferences == ["KEY", "OTHER"])
    }
}
