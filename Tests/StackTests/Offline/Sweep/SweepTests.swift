import Foundation
import Registry
import Storage
import Synchronization
import TestKit
import Testing
import Training

@testable import Stack

struct SweepTests {
    /// A folder with `train.csv`, `test.csv` and room for a home.
    private func withSplit(_ body: (String, Sweep.Order) async throws -> Void) async throws {
        try await RunningStack.withDataset(ratings: 4000, days: 40) { folder in
            let lines = try String(contentsOfFile: folder + "/data/ratings.csv", encoding: .utf8)
                .split(separator: "\n").dropFirst()
            for (name, part) in [("train", lines.prefix(3000)), ("test", lines.dropFirst(3000))] {
                try part.joined(separator: "\n").write(
                    toFile: "\(folder)/\(name).csv", atomically: true, encoding: .utf8)
            }
            var order = Sweep.Order(algorithm: "item-knn", output: folder + "/best.yaml")
            (order.train, order.test) = (["\(folder)/train.csv"], ["\(folder)/test.csv"])
            (order.tries, order.settings) = (["k=5,20", "shrinkage=0,10"], ["damped=true"])
            try await body(folder, order)
        }
    }

    private func home(_ folder: String) -> Sweep.Place {
        Sweep.Place(url: nil, home: Home(folder + "/home"), token: nil)
    }

    /// What is tracked in a home, the sweep's own run first.
    private func runs(_ folder: String, _ algorithm: String = "item-knn") async throws -> [Run] {
        let store = try StorageFixture.open(folder + "/home")
        let tracking: any TrackingStore = store
        let experiment = try await tracking.experiment(named: "sweep-\(algorithm)").id
        let runs = try await tracking.searchRuns(RunQuery(experimentIDs: [experiment])).items
        try store.close()
        return runs.sorted {
            ($0.tags["mlflow.parentRunId"] ?? "", $0.name) < ($1.tags["mlflow.parentRunId"] ?? "", $1.name)
        }
    }

    @Test func `a grid is run, ranked, tracked as runs inside a run, and its best fits into a pipeline`() async throws {
        try await withSplit { folder, order in
            let outcome = try await Sweep(order).run(in: home(folder))
            let rows = outcome.rows
            #expect(rows.count == 4 && !outcome.isInterrupted)
            let scores = rows.compactMap(\.score)
            #expect(scores == scores.sorted(by: >) && scores.count == 4)
            #expect(rows[0].behind == nil)
            let behind = try #require(rows[3].behind)
            #expect(abs(behind.mean - (scores[0] - scores[3])) < 1e-12 && behind.lower <= behind.upper)

            // The winner's score is what evaluating it gives.
            let best = try #require(outcome.best)
            let yaml = try #require(try outcome.yaml())
            let text = try await OfflineEvaluation(
                model: nil, algorithm: "item-knn",
                settings: ["damped=true"] + best.trial.tried.map { "\($0.key)=\($0.value)" }, train: order.train,
                test: order.test
            ).run()
            struct Evaluated: Decodable { let ndcgAt10: Double }
            #expect((try StackClient.decode(text) as Evaluated).ndcgAt10 == best.score)
            #expect(try String(contentsOfFile: order.output, encoding: .utf8) == yaml)

            let tracked = try await runs(folder)
            #expect(tracked.count == 5 && tracked.allSatisfy { $0.status == .finished })
            #expect(tracked.dropFirst().allSatisfy { $0.tags["mlflow.parentRunId"] == tracked[0].id })
            #expect(tracked[0].tags["mlstack.sweep.best_run"] == best.result.run)
            let winner = try #require(tracked.first { $0.id == best.result.run })
            #expect(winner.metrics.first { $0.key == "ndcg_at_10" }?.value == best.score)
            #expect(winner.metrics.contains { $0.key == "ndcg_at_10_standard_error" })
            #expect(winner.params.contains(Param(key: "damped", value: "true")))
        }
    }

    @Test func `the best settings are accepted under with`() async throws {
        try await withSplit { folder, order in
            var order = order
            (order.algorithm, order.settings) = ("als", ["factors=8", "iterations=2", "objective=ials"])
            (order.tries, order.trials) = (["regularization=1e-9..2e-9:log", "solver=cg,cholesky"], 2)
            let yaml = try #require(try await Sweep(order).run(in: home(folder)).yaml())
            #expect(yaml.contains("e-09"))
            let settings = yaml.split(separator: "\n").map { "      \($0)" }.joined(separator: "\n")
            let pipeline = """
                pipeline: tuned
                tasks:
                  matrix: {uses: matrix/build}
                  train:
                    needs: [matrix]
                    uses: model/train
                    with:
                \(settings)
                """
            try pipeline.write(toFile: folder + "/tuned.yaml", atomically: true, encoding: .utf8)
            #expect(try PipelineCheck(paths: [folder + "/tuned.yaml"]).lines == [])
        }
    }

    @Test func `an interrupted sweep goes on where it was, and comes to the same`() async throws {
        try await withSplit { folder, order in
            let ended = Mutex<[Int]>([])
            let isStopping: @Sendable () -> Bool = { ended.withLock { $0.count } == 2 }
            let first = try await Sweep(order).run(
                in: home(folder), isStopping: isStopping, onTrial: { number in ended.withLock { $0.append(number) } })
            #expect(first.isInterrupted && first.ended == 2 && first.takenOver == 0)
            let killed = try await runs(folder)
            #expect(killed.count == 3 && killed[0].status == .killed)

            let second = try await Sweep(order).run(
                in: home(folder), onTrial: { number in ended.withLock { $0.append(number) } })
            #expect(!second.isInterrupted && second.takenOver == 2)
            #expect(ended.withLock { $0 } == [1, 2, 3, 4])
            let tracked = try await runs(folder)
            #expect(tracked.count == 5 && tracked[0].id == killed[0].id && tracked[0].status == .finished)

            var apart = order
            apart.output = folder + "/apart.yaml"
            let whole = try await Sweep(apart).run(in: home(folder))
            #expect(whole.rows.map(\.score) == second.rows.map(\.score))
            #expect(try whole.yaml() == second.yaml())

            // More of the same: only what is new is run.
            var wider = order
            wider.tries[0] = "k=5,20,40"
            let third = try await Sweep(wider).run(in: home(folder))
            #expect(third.takenOver == 4 && third.ended == 6)
        }
    }

    @Test func `a running server tracks the trials`() async throws {
        try await withSplit { folder, order in
            try await RunningStack.run(RunningStack.configuration(folder)) { stack in
                let place = Sweep.Place(url: nil, home: stack.home, token: nil)
                let outcome = try await Sweep(order).run(in: place)
                #expect(outcome.place == stack.url)
                let again = try await Sweep(order).run(in: place)
                #expect(again.takenOver == 4 && again.runID == outcome.runID)

                struct Found: Decodable {
                    struct Experiment: Decodable { let experimentId: String }
                    struct Run: Decodable { let info: Info, data: Content }
                    struct Info: Decodable { let runId, status: String }
                    struct Content: Decodable { let tags: [Tag], params: [Tag]?, metrics: [Value]? }
                    struct Tag: Decodable { let key, value: String }
                    struct Value: Decodable { let key: String, value: Double }
                    let experiment: Experiment?
                    let runs: [Run]?
                }
                let path = "/api/2.0/mlflow/"
                let experiment = try await stack.client.get(
                    path + "experiments/get-by-name?experiment_name=sweep-item-knn", as: Found.self)
                let id = try #require(experiment.experiment?.experimentId)
                let text = try await stack.client.post(path + "runs/search", ["experiment_ids": [id]])
                let runs = try #require((try StackClient.decode(text) as Found).runs)
                #expect(runs.count == 5 && runs.allSatisfy { $0.info.status == "FINISHED" })
                let inside = runs.filter {
                    $0.data.tags.contains { $0.key == "mlflow.parentRunId" && $0.value == outcome.runID }
                }
                #expect(inside.count == 4)
                let best = try #require(inside.first { $0.info.runId == outcome.best?.result.run })
                #expect(best.data.metrics?.first { $0.key == "ndcg_at_10" }?.value == outcome.best?.score)
            }
        }
    }

    @Test func `of errors in stars less is better`() async throws {
        try await withSplit { folder, order in
            var order = order
            (order.algorithm, order.metric, order.settings) = ("als-explicit", "rmse", ["iterations=3", "factors=4"])
            order.tries = ["regularization=0.001,0.1"]
            let outcome = try await Sweep(order).run(in: home(folder))
            let scores = outcome.rows.compactMap(\.score)
            #expect(scores.count == 2 && scores[0] < scores[1])
        }
    }

    @Test(arguments: [
        ("ndcg_at_10", "als", false), ("novelty_at_10", "als", false), ("intra_list_similarity_at_10", "als", true),
        ("rmse", "als-explicit", true), ("mae", "als-explicit", true),
    ])
    func `which way a metric points is the metric's own affair`(key: String, algorithm: String, less: Bool) throws {
        let metric = try SweepMetric(parsing: key, algorithm: algorithm)
        #expect(metric.isBetter(1, than: 2) == less)
        #expect(metric.isBetter(2, than: 1) == !less)
    }

    @Test func `a sweep without a single trial that works says why`() async throws {
        try await withSplit { folder, order in
            var order = order
            order.train = [folder + "/bare.csv"]
            try "userId,movieId\n1,2\n1,3\n2,3\n".write(toFile: order.train[0], atomically: true, encoding: .utf8)
            (order.algorithm, order.settings, order.tries) = ("popularity", [], ["half_life_days=10,20"])
            await #expect { _ = try await Sweep(order).run(in: home(folder)) } throws: {
                ErrorText($0).what.contains("needs the time of every interaction")
            }
            #expect(try await runs(folder, "popularity").map(\.status) == [.failed, .failed, .failed])
            #expect(!FileManager.default.fileExists(atPath: order.output))
        }
    }

    @Test(arguments: [
        ("item-knn", ["kk=5"], "ndcg_at_10", "did you mean `k`?"),
        ("item-knn", ["k=20..5"], "ndcg_at_10", "--try k=5..20"),
        ("item-knn", ["k="], "ndcg_at_10", "--try k=1,2,3"),
        ("item-knn", ["k=5"], "ndcgg_at_10", "did you mean `ndcg_at_10`?"),
        ("item-knn", ["k=5"], "rmse", "als-explicit"),
        ("item-kn", ["k=5"], "ndcg_at_10", "did you mean `item-knn`?"),
        ("als", ["factors=8"], "ndcg_at_10", "leave warm_start out"),
    ])
    func `what is wrong is told before a file is read`(
        algorithm: String, tries: [String], metric: String, remedy: String
    ) throws {
        var order = Sweep.Order(algorithm: algorithm, output: "/nowhere/best.yaml")
        (order.tries, order.metric, order.train, order.test) = (tries, metric, ["none"], ["none"])
        if algorithm == "als" { order.settings = ["warm_start=model"] }
        #expect { _ = try Sweep(order) } throws: { ErrorText($0).remedy?.contains(remedy) == true }
    }
}

struct SweepJournalTests {
    private let heading = SweepJournal.Heading(
        algorithm: "als", metric: "mrr", data: "d", positiveFrom: 4, program: "1")

    private func result(_ key: String) -> SweepResult {
        SweepResult(
            key: key, startedMilliseconds: 1, trainSeconds: 0.5, evaluateSeconds: 0.25, cases: 3,
            metrics: ["ndcg_at_10": 0.1], standardErrors: ["ndcg_at_10": 0.01], interval: [0.05, 0.15],
            perCase: [0.1, 0.3, 0.2], run: "r")
    }

    @Test func `what was added is found again, and a line that a kill cut off is not`() async throws {
        try await StorageFixture.withFolder { folder in
            let output = folder + "/best.yaml"
            let journal = try SweepJournal(besides: output, heading: heading)
            #expect(journal.path == folder + "/best.trials.jsonl" && journal.results.isEmpty)
            try journal.add(parent: TrackedSweep(run: "p", place: "h"))
            try journal.add(result("a=1"))
            let whole = try String(contentsOfFile: journal.path, encoding: .utf8)
            try (whole + "{\"trial\":{\"key\":").write(toFile: journal.path, atomically: true, encoding: .utf8)
            let again = try SweepJournal(besides: output, heading: heading)
            #expect(again.results == ["a=1": result("a=1")])
            #expect(again.parent == TrackedSweep(run: "p", place: "h"))
            try again.add(result("a=2"))
            #expect(try SweepJournal(besides: output, heading: heading).results.count == 2)
        }
    }

    @Test func `a journal of another sweep, or none at all, is left as it is`() async throws {
        try await StorageFixture.withFolder { folder in
            let output = folder + "/best.yaml"
            try SweepJournal(besides: output, heading: heading).add(result("a=1"))
            var other = heading
            other.data = "e"
            #expect { _ = try SweepJournal(besides: output, heading: other) } throws: {
                ErrorText($0).what.contains("on other data")
            }
            try "notes\n".write(toFile: folder + "/best.trials.jsonl", atomically: true, encoding: .utf8)
            #expect { _ = try SweepJournal(besides: output, heading: heading) } throws: {
                ErrorText($0).what.contains("not the journal of a sweep")
            }
            #expect(try String(contentsOfFile: folder + "/best.trials.jsonl", encoding: .utf8) == "notes\n")
        }
    }
}
