import Testing

@testable import Scheduling

/// An operator that is only ever described.
struct DescribedOperator: Operator {
    var name: String
    var summary = "For tests."
    var settings: [SettingSpec] = []

    func run(_ settings: Settings, _ context: TaskContext) async throws -> TaskOutputs { [:] }

    static let train = DescribedOperator(
        name: "model/train",
        settings: [
            SettingSpec("algorithm", .choice(["als", "popularity"]), help: "what is fitted"),
            SettingSpec("factors", .int(1...512), default: .int(64), help: "latent factors"),
            SettingSpec("regularization", .float(0...100), default: .float(0.01), help: "ridge"),
            SettingSpec("warm", .bool, default: .bool(false), help: "start from the last model"),
            SettingSpec("metrics", .list, default: .list(["ndcg_at_10"]), help: "what is measured"),
            SettingSpec("name", .string, isOptional: true, help: "a name"),
        ])
    static let ingest = DescribedOperator(name: "replay/ingest")
}

func compile(_ source: String, now: String? = nil) throws -> Compilation {
    let compiler = PipelineCompiler(operators: [DescribedOperator.ingest, .train], machineZone: .utc)
    return compiler.compile(source: source, file: "test.yaml", now: try now.map { try Instant(rfc3339: $0) })
}

/// `line:column CODE message` of every diagnostic.
func problems(_ source: String, now: String? = nil) throws -> [String] {
    try compile(source, now: now).diagnostics.map { "\($0.line):\($0.column) \($0.code.rawValue) \($0.message)" }
}

/// A pipeline of one task `t`, whose lines begin at 3:5.
func taskProblems(_ lines: String) throws -> [String] {
    try problems("pipeline: p\ntasks:\n  t:\n" + lines.split(separator: "\n").map { "    \($0)\n" }.joined())
}

func compiled(_ source: String) throws -> Pipeline {
    let compilation = try compile(source)
    #expect(compilation.diagnostics == [])
    return try #require(compilation.pipeline)
}
