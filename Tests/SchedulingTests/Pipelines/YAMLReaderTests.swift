import Testing

@testable import Scheduling

struct YAMLReaderTests {
    @Test(arguments: [
        ("a: [1", YAMLProblem.Kind.syntax), ("a: b: c", .syntax), ("a:\n\t- b", .syntax), ("a: *b", .syntax),
        ("a: \"\\q\"", .syntax),
        ("a: b\n---\nc: d", .unsupported), ("[a]: b", .unsupported), ("&x a: b", .unsupported),
        ("a: &x 1\n*x : 2", .unsupported),
        ("a: !ruby/object b", .unsupported), ("a: !!int \"5\"", .unsupported), ("{a: b}: c", .unsupported),
        ("a: &x [*x]", .syntax),
    ])
    func `what a pipeline can't be written in is refused with its place`(source: String, kind: YAMLProblem.Kind) {
        let problem = #expect(throws: YAMLProblem.self) { _ = try YAMLReader.read(source) }
        #expect(problem?.kind == kind)
        #expect(problem?.position.line ?? 0 >= 1)
    }

    @Test func `a file of too many values is not blamed on aliases that it has not`() {
        let text = "a: [" + String(repeating: "x,", count: YAMLReader.nodeLimit) + "]"
        let error = #expect(throws: YAMLProblem.self) { try YAMLReader.read(text) }
        #expect(error?.sentence == "the file has more than \(YAMLReader.nodeLimit) values")
    }

    @Test func `a file of bytes that are no text is told at the file's place`() throws {
        let compilation = try compile("pipeline: p\u{0}\ntasks: {}")
        #expect(compilation.diagnostics.map(\.code) == [.syntax])
    }

    @Test func `a thousand million laughs end at the limit`() {
        var source = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...12 {
            source +=
                "a\(level): &a\(level) [" + Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
                + "]\n"
        }
        let problem = #expect(throws: YAMLProblem.self) { _ = try YAMLReader.read(source) }
        #expect(problem?.kind == .tooExpanded)
    }

    @Test func `a deep nest ends at the limit`() {
        let problem = #expect(throws: YAMLProblem.self) { _ = try YAMLReader.read(String(repeating: "[", count: 5000)) }
        #expect(problem?.kind == .tooDeep || problem?.kind == .syntax)
        let closed = String(repeating: "[", count: 100) + String(repeating: "]", count: 100)
        #expect(#expect(throws: YAMLProblem.self) { _ = try YAMLReader.read(closed) }?.kind == .tooDeep)
    }

    @Test func `a large file is not read`() {
        let problem = #expect(throws: YAMLProblem.self) {
            _ = try YAMLReader.read(String(repeating: "#\n", count: 600_000))
        }
        #expect(problem?.kind == .tooLarge)
    }

    @Test(arguments: [
        ("~", YAMLScalar.null), ("null", .null), ("true", .bool(true)), ("False", .bool(false)),
        ("yes", .string("yes")), ("on", .string("on")),
        ("22:30", .string("22:30")), ("012", .int(12)), ("0o17", .int(15)), ("0x1F", .int(31)), ("-5", .int(-5)),
        ("1_000", .string("1_000")),
        ("1.5", .float(1.5)), (".5", .float(0.5)), ("1e3", .float(1000)), ("2015-01-01", .string("2015-01-01")),
        ("\"5\"", .string("5")),
        ("'true'", .string("true")), ("!!str 5", .string("5")), ("99999999999999999999", .float(1e20)),
        (".inf", .string(".inf")), ("-", .string("-")),
        ("=", .string("=")), ("e5", .string("e5")),
    ])
    func `scalars are those of the core schema`(text: String, expected: YAMLScalar) throws {
        // "-" alone begins a list, so every text stands as a value.
        let source = text == "-" ? "a: \"-\"" : "a: \(text)"
        let node = try #require(try YAMLReader.read(source))
        guard case .map(let pairs) = node.content, case .scalar(_, let scalar) = pairs[0].value.content else {
            Issue.record("\(node)")
            return
        }
        #expect(scalar == expected)
    }
}
