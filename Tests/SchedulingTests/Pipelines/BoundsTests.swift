import Testing

@testable import Scheduling

/// Files that were made to be dear: each is refused, or read, without growing beyond its bounds.
struct BoundsTests {
    private static func lines(_ count: Int, _ line: (Int) -> String) -> String {
        (0..<count).map(line).joined(separator: "\n")
    }

    static let hostile: [(name: String, source: String, code: DiagnosticCode?)] = [
        ("ten megabytes", "pipeline: p\n# " + String(repeating: "x", count: 10 << 20), .tooLarge),
        (
            "a bomb of aliases",
            "a: &a [x,x,x,x,x,x,x,x,x]\n"
                + lines(9) {
                    "b\($0): &b\($0) ["
                        + Array(repeating: $0 == 0 ? "*a" : "*b\($0 - 1)", count: 9).joined(separator: ",") + "]"
                }, .tooDeep
        ),
        (
            "a bomb of variables",
            "pipeline: p\nvariables:\n  v0: xxxxxxxxxx\n"
                + lines(60) { "  v\($0 + 1): \"${variables.v\($0)}${variables.v\($0)}\"" } + "\ntasks: {t: {run: x}}",
            .tooMany
        ),
        (
            "a chain of variables, the last first",
            "pipeline: p\nvariables:\n" + lines(900) { "  v\($0): \"${variables.v\($0 + 1)}\"" }
                + "\n  v900: 1\ntasks: {t: {run: x}}", nil
        ),
        ("brackets without end", "pipeline: " + String(repeating: "[", count: 500_000), .tooDeep),
        ("tasks without end", "pipeline: p\ntasks:\n" + lines(20_000) { "  t\($0): {run: x}" }, .tooMany),
        (
            "a long chain that looks back",
            "pipeline: p\ntasks:\n  t0: {run: x}\n"
                + lines(1900) { "  t\($0 + 1): {run: \"${tasks.t0.outputs.x}\", needs: [t\($0)]}" }, nil
        ),
        (
            "everybody needs everybody",
            "pipeline: p\ntasks:\n"
                + lines(200) {
                    "  t\($0): {run: x, needs: [" + (0..<200).map { "t\($0)" }.joined(separator: ",") + "]}"
                }, .cycle
        ),
        (
            "slips without end",
            "pipeline: p\ntasks:\n" + lines(2000) { "  t\($0): {rum: x, needs: [tt\($0), u\($0)]}" }, .unknownKey
        ),
        (
            "places without end",
            "pipeline: p\nparams: {a: {type: int, default: 1}}\ntasks:\n  t:\n    run: |\n"
                + lines(30_000) { _ in "      ${params.a} ${params.b}" }, .unknownReference
        ),
        (
            "a literal million of items",
            "pipeline: p\ntasks:\n  t: {run: x, foreach: ["
                + Array(repeating: "1", count: 1_000_000).joined(separator: ",") + "]}", .tooLarge
        ),
        (
            "more items than may be",
            "pipeline: p\ntasks:\n  t: {run: x, foreach: [" + Array(repeating: "1", count: 1001).joined(separator: ",")
                + "]}", .items
        ),
        (
            "a condition without end",
            "pipeline: p\ntasks:\n  t: {run: x, when: \"" + String(repeating: "not ", count: 200_000) + "true\"}",
            .condition
        ),
        ("keys that stand many times", "pipeline: p\n" + lines(30_000) { _ in "tags: []" }, .duplicateKey),
        ("an included giant", "pipeline: p\ninclude: [{file: big.yaml}]\ntasks: {t: {run: x}}", .tooLarge),
    ]

    @Test(arguments: hostile.indices)
    func `what is too much is told, and in good time`(index: Int) throws {
        let (name, source, code) = Self.hostile[index]
        let compiler = PipelineCompiler(operators: [], machineZone: .utc)
        let giant = "# " + String(repeating: "x", count: 2 << 20)
        let clock = ContinuousClock()
        var compilation: Compilation?
        let time = clock.measure {
            compilation = compiler.compile(source: source, file: "f.yaml", includes: .texts(["big.yaml": giant]))
        }
        let codes = Set(compilation?.errors.map(\.code) ?? [])
        #expect(code.map(codes.contains) ?? codes.isEmpty, "\(name): \(codes)")
        #expect((compilation?.diagnostics.count ?? 0) <= PipelineReading.diagnosticLimit)
        // Far above what it takes, also without optimisation and beside other tests; only what grows without bound fails.
        #expect(time < .seconds(30), "\(name): \(time)")
    }
}
