import Foundation
import Scheduling
import TestKit
import Testing

@testable import Stack

/// What `mlstack pipeline validate`, and the server when it reads a file, say about the settings of built-in tasks.
struct SettingProblemTests {
    /// What the file says at the place of each problem, its code and its message.
    private func problems(_ uses: String, _ with: String) -> [String] {
        let source = """
            pipeline: p
            variables: {metric: ndcg, algorithm: ease}
            params: {n: {type: int, default: 3}, word: {type: string, default: x}}
            tasks:
              other: {run: "echo ${params.n} ${params.word}"}
              t: {uses: \(uses), with: {\(with)}}
            """
        let compiler = PipelineCompiler(operators: OperatorList.descriptions, machineZone: .utc)
        return compiler.compile(source: source, file: "p.yaml").diagnostics.map { problem in
            let line = source.split(separator: "\n")[problem.line - 1].dropFirst(problem.column - 1)
            return "\(line.prefix { !",:]}".contains($0) }) \(problem.code.rawValue) \(problem.message)"
        }
    }

    @Test(arguments: [
        (
            "algorithm: ease, factors: 10",
            "factors E340 `ease` has no setting `factors`; there are: lambda, positive_from"
        ),
        ("algorithm: ease, factors: \"${params.n}\"", "factors E340 `ease` has no setting `factors`; "),
        ("algorithm: \"${variables.algorithm}\", factors: 10", "factors E340 `ease` has no setting `factors`; "),
        ("algorithm: als, lambda: 10", "lambda E340 `als` has no setting `lambda`; "),
        ("algorithm: item-knn, k: 0", "0 E342 with.k: it is 0; 1 to"),
        ("algorithm: popularity, half_life_days: 0", "0 E342 with.half_life_days: it is "),
        ("algorithm: als, block_size: 50", "50 E342 with.block_size: it is 50; a multiple of 16 expected"),
        (
            "algorithm: als, warm_start: prodction",
            "prodction E342 with.warm_start: `prodction` looks like a slip of the pen. Did you mean production?"
        ),
        ("algorithm: als, warm_start: latest", "latest E342 with.warm_start: 'latest' alias name"),
        ("algorithm: als, warm_start: v3", "v3 E342 with.warm_start: `v3` is no alias. Did you mean 3?"),
        ("algorithm: als, warm_start: \"0\"", "\"0\" E342 with.warm_start: there is no version 0; they count from 1"),
        (
            "algorithm: als, warm_start: 5",
            "5 E341 with.warm_start: it is the number 5; a text expected, so put it in quotes"
        ),
        ("algorithm: als, model: a/b", "a/b E342 with.model: Invalid model name: 'a/b'."),
    ])
    func `an algorithm is asked about its settings`(with: String, problem: String) {
        let found = problems("model/train", with)
        #expect(found.count == 1 && found[0].hasPrefix(problem), "\(found)")
    }

    @Test(arguments: [
        (
            "model/evaluate", "metrics: [mrr, ndcg_at_1O]",
            "ndcg_at_1O E342 with.metrics: there is no metric `ndcg_at_1O`. Did you mean ndcg_at_10?"
        ),
        (
            "model/evaluate", "metrics: [\"${params.word}\", recal_at_20]",
            "recal_at_20 E342 with.metrics: there is no metric"
        ),
        (
            "model/evaluate", "metrics: [\"${variables.metric}\"]",
            "\"${variables.metric E342 with.metrics: there is no metric `ndcg`."
        ),
        ("model/evaluate", "metrics: []", "[ E342 with.metrics: nothing is measured; name at least one metric"),
        (
            "model/promote", "policy: challenger, metric: ndcg",
            "ndcg E342 with.metric: there is no metric `ndcg`. Did you mean ndcg_at_10?"
        ),
        ("model/promote", "policy: best, metric: ndcg", "ndcg E342 with.metric: there is no metric `ndcg`. Did you"),
        ("model/promote", "policy: challenger, metric: accuracy", "accuracy E342 with.metric: there is no metric"),
        (
            "model/promote", "policy: challenger, metric: coverage_at_10",
            "coverage_at_10 E342 with.metric: coverage_at_10 belongs"
        ),
        (
            "model/promote", "alias: Production",
            "Production E342 with.alias: `Production` looks like a slip of the pen. Did you"
        ),
        ("model/test-production", "alias: challanger", "challanger E342 with.alias: `challanger` looks like a slip"),
        ("serving/deploy", "alias: a b", "a b E342 with.alias: Invalid alias name: 'a b'. Use 1 to 255 letters"),
        ("model/register", "name: \"a:b\"", "\"a E342 with.name: Invalid model name: 'a:b'."),
        (
            "matrix/build", "only_genres: [Drama, Comedy], without_genres: [War, drama]",
            "drama E342 with.without_genres: drama stands in `only_genres` too; take it out of one of the two"
        ),
        (
            "matrix/build", "allow_items: [a, b], deny_items: [b]",
            "b E342 with.deny_items: b stands in `allow_items` too; take"
        ),
        (
            "pipeline/run", "pipeline: Deploy",
            "Deploy E342 with.pipeline: \"Deploy\" cannot be the id of a pipeline. Did you mean"
        ),
    ])
    func `names in settings are looked up`(uses: String, with: String, problem: String) {
        let found = problems(uses, with)
        #expect(found.count == 1 && found[0].hasPrefix(problem), "\(found)")
    }

    @Test(arguments: [
        (
            "model/train",
            "algorithm: als, factors: \"${params.n}\", warm_start: production, warm_iterations: 4, seed: 7"
        ),
        ("model/train", "algorithm: ease, lambda: 100, positive_from: 3.5"),
        ("model/train", "algorithm: als, warm_start: production-eu"),
        ("model/train", "algorithm: als, warm_start: \"12\""),
        ("model/train", "algorithm: \"${params.word}\", factors: 12, lambda: 3"),
        ("model/evaluate", "metrics: [\"${params.word}\", mrr]"), ("model/evaluate", ""),
        // A script's own score.
        ("model/promote", "policy: best, metric: accuracy"), ("model/promote", "alias: staging"),
        ("matrix/build", "only_genres: [Drama], without_genres: [War], allow_items: [\"1\"], deny_items: [\"2\"]"),
        ("pipeline/run", "pipeline: \"${params.word}\""),
    ])
    func `what is right, or known only later, is left alone`(uses: String, with: String) {
        #expect(problems(uses, with) == [])
    }

    @Test func `everything that is wrong is said at once`() {
        let found = problems("model/train", "algorithm: ease, factors: 10, lamda: 5, lambda: -1, warm_start: prodction")
        #expect(found.map { $0.split(separator: " ")[1] } == ["E340", "E340", "E342", "E342"], "\(found)")
    }

    /// The checks are asked of partial settings, whatever is missing.
    @Test(arguments: OperatorList.descriptions.map(\.name))
    func `an operator judges settings of which it knows nothing, and its own defaults`(name: String) throws {
        let described = try #require(OperatorList.descriptions.first { $0.name == name })
        #expect(described.problems(in: Settings(values: [:])) == [])
        let defaults = described.settings.reduce(into: [:]) { $0[$1.name] = $1.defaultValue }
        #expect(described.problems(in: Settings(values: defaults)) == [])
        let pending = described.settings.reduce(into: [String: [String?]]()) { $0[$1.name] = [] }
        let unknown = described.problems(in: Settings(values: [:], pending: pending))
        #expect(unknown == [])
    }

    @Test func `a setting that shows to be wrong when the task starts ends it without a retry`() async throws {
        try await SchedulingWorld.withFolder { folder in
            let world = SchedulingWorld(folder: folder, operators: OperatorList.descriptions)
            try await world.load(
                """
                pipeline: p
                params: {metric: {type: string, default: ndcg}}
                tasks:
                  t: {uses: model/evaluate, with: {metrics: ["${params.metric}"]}, retry: {max: 9, delay: 10s}}
                """)
            let ended = try await world.run("p")
            #expect(ended["t"]?.attempt == 1)
            #expect(
                ended["t"]?.message == "with.metrics: there is no metric `ndcg`. Did you mean ndcg_at_10?")
        }
    }
}
