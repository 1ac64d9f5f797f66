import Foundation
import Synchronization
import Testing

@testable import Training

/// What every trainer of the catalogue owes, on a world where the right answer is known.
struct TrainerConformanceTests {
    /// Those that know no persons, and so no right answer for one.
    static let impersonal: Set<String> = ["popularity"]
    /// Those that learn from dislikes too.
    static let explicit: Set<String> = ["als-explicit"]
    static let names = TrainerCatalogue.all.map { $0.name }
    static let implicit = names.filter { !explicit.contains($0) }
    static let ageing = TrainerCatalogue.all.filter { $0.hyperparameters.contains { $0.name == "half_life_days" } }
        .map { $0.name }
    static let personal = names.filter { !impersonal.contains($0) }

    private func board(for name: String, withoutLastUsers count: Int = 0) -> InteractionMatrix {
        Checkerboard.withoutLastUsers(count, dislikingAll: Self.explicit.contains(name))
    }

    private func fit(
        _ name: String, _ more: [String: HyperparameterValue] = [:], workers: any Workers = InlineWorkers(),
        monitor: FitMonitor = FitMonitor()
    ) throws -> any Recommender {
        let settings = smallSettings(try TrainerCatalogue.type(named: name)).merging(more) { _, new in new }
        return try TrainerCatalogue.trainer(named: name, settings)
            .fit(board(for: name), workers: workers, monitor: monitor)
    }

    @Test(arguments: personal) func `a known person gets what is of their colour and new to them`(name: String) throws {
        let model = try fit(name)
        for user in 0..<model.users.count {
            let seen = try #require(model.trainingItems(of: user))
            let person = try #require(Int(model.users[user]))
            let fresh = (0..<Checkerboard.itemCount).filter {
                Checkerboard.sameColour(person, $0) && !Checkerboard.hasMet(person, $0)
            }
            let list = model.recommend(for: .user(user), excluding: seen, count: fresh.count)
            #expect(Set(list.compactMap { Int(model.items[$0.item]) }) == Set(fresh))
        }
    }

    @Test(arguments: personal) func `somebody new is served by a short history`(name: String) throws {
        let model = try fit(name)
        for colour in 0...1 {
            let liked = ["\(4 + colour)", "\(10 + colour)", "\(16 + colour)"]
            let history = model.entries(of: liked.map { (item: $0, stars: 5) })
            let list = model.recommend(for: .history(history), excluding: history.map(\.item), count: 8)
            #expect(list.allSatisfy { Int(model.items[$0.item])! % 2 == colour })
        }
    }

    @Test(arguments: names) func `what is similar has the same colour, itself left out`(name: String) throws {
        let model = try fit(name)
        for item in 0..<model.items.count {
            let near = model.similar(to: item, count: 5)
            #expect(near.count == 5)
            #expect(!near.contains { $0.item == item })
            #expect(near.allSatisfy { Int(model.items[$0.item])! % 2 == Int(model.items[item])! % 2 })
            #expect(near.map(\.score) == near.map(\.score).sorted(by: >))
        }
    }

    @Test(arguments: names) func `an empty history gets the popular list`(name: String) throws {
        let model = try fit(name)
        var likes: [String: Int] = [:]
        let board = board(for: name)
        for entry in 0..<board.interactionCount where board.values[entry].isNaN || board.values[entry] >= 4 {
            likes[board.items[Int(board.columns[entry])], default: 0] += 1
        }
        let order = (0..<model.items.count).sorted { left, right in
            let (a, b) = (likes[model.items[left]] ?? 0, likes[model.items[right]] ?? 0)
            return a == b ? left < right : a > b
        }
        let list = model.recommend(for: .history([]), excluding: [], count: model.items.count)
        #expect(list.map(\.item) == order)
        // Somebody who disliked everything says as little, except to those that learn from it.
        if Self.explicit.contains(name) { return }
        let disliked = [HistoryEntry(item: 3, stars: 1), HistoryEntry(item: 4, stars: 0.5)]
        #expect(model.recommend(for: .history(disliked), excluding: [], count: 30).map(\.item) == order)
    }

    @Test(arguments: names) func `the same bytes come from any number of workers`(name: String) throws {
        let one = try fit(name).artifactContent()
        for workers in [BackwardWorkers(count: 1), BackwardWorkers(count: 3), QueueWorkers(count: 2)] as [any Workers] {
            #expect(try fit(name, workers: workers).artifactContent() == one)
        }
    }

    @Test(arguments: names) func `a fit stops between sweeps when it is asked to`(name: String) throws {
        #expect(throws: CancellationError.self) { try fit(name, monitor: FitMonitor(isCancelled: { true })) }
        let sweeps = Mutex(0)
        let monitor = FitMonitor(
            isCancelled: { sweeps.withLock { $0 } == 2 }, report: { report in sweeps.withLock { $0 = report.sweep } })
        let hasSweeps = try TrainerCatalogue.type(named: name).hyperparameters.contains { $0.name == "iterations" }
        if hasSweeps {
            #expect(throws: CancellationError.self) { try fit(name, monitor: monitor) }
            #expect(sweeps.withLock { $0 } == 2)
        }
    }

    @Test(arguments: names) func `progress counts up to the last sweep`(name: String) throws {
        let reports = Mutex<[SweepReport]>([])
        _ = try fit(name, monitor: FitMonitor(report: { report in reports.withLock { $0.append(report) } }))
        let seen = reports.withLock { $0 }
        let last = try #require(seen.last)
        #expect(seen.map(\.sweep) == Array(1...last.sweeps))
        #expect(seen.allSatisfy { $0.seconds >= 0 && ($0.loss ?? 0).isFinite })
    }

    @Test(arguments: names) func `a model that was written and read again is the same model`(name: String) throws {
        let folder = TemporaryFolder()
        let model = try fit(name)
        let hash = try ModelArtifact.write(model, to: folder.path("model"))
        let read = try ModelArtifact(reading: folder.path("model"))
        #expect(read.model.artifactContent() == model.artifactContent())
        #expect(read.contentHash == hash)
        let history = [HistoryEntry(item: 2, stars: 5), HistoryEntry(item: 8, stars: nil)]
        for audience in [Audience.user(3), .history(history), .history([])] {
            #expect(
                read.model.recommend(for: audience, excluding: [], count: 30)
                    == model.recommend(for: audience, excluding: [], count: 30))
        }
        #expect(read.model.similar(to: 4, count: 9) == model.similar(to: 4, count: 9))
    }

    @Test(arguments: implicit) func `a matrix without a positive is refused, and so is one without anything`(
        name: String
    )
        throws
    {
        let trainer = try TrainerCatalogue.trainer(named: name)
        let disliked = matrix([("1", "1", 2, 5), ("2", "1", 3.5, 6)])
        #expect(throws: TrainingError.nothingToLearn(interactions: 2, positiveFrom: 4)) {
            try trainer.fit(disliked, workers: InlineWorkers(), monitor: FitMonitor())
        }
        #expect(throws: TrainingError.nothingToLearn(interactions: 0, positiveFrom: 4)) {
            try trainer.fit(matrix([]), workers: InlineWorkers(), monitor: FitMonitor())
        }
    }

    @Test(arguments: Array(explicit)) func `interactions without a star are refused by who learns from stars`(
        name: String
    ) throws {
        let trainer = try TrainerCatalogue.trainer(named: name)
        #expect(throws: TrainingError.starsMissing(algorithm: name, interactions: 2)) {
            try trainer.fit(
                matrix([("1", "1", nil, 5), ("2", "1", nil, 6)]), workers: InlineWorkers(), monitor: FitMonitor())
        }
    }

    @Test(arguments: ageing) func `a half-life without timestamps is refused`(name: String) throws {
        let trainer = try TrainerCatalogue.trainer(named: name, ["half_life_days": .int(30)])
        #expect(throws: TrainingError.timestampsMissing(algorithm: name, interactions: 1)) {
            try trainer.fit(
                matrix([("1", "1", 5, 100), ("2", "1", 5, 0)]), workers: InlineWorkers(), monitor: FitMonitor())
        }
    }

    @Test(arguments: names) func `a fit that continues a former one knows who is new and keeps who was known`(
        name: String
    ) throws {
        let settings = smallSettings(try TrainerCatalogue.type(named: name))
        let trainer = try TrainerCatalogue.trainer(named: name, settings)
        let board = board(for: name)
        let former = try trainer.fit(
            self.board(for: name, withoutLastUsers: 8), workers: InlineWorkers(), monitor: FitMonitor())
        let model = try trainer.fit(
            board, continuing: former, workers: QueueWorkers(count: 2), monitor: FitMonitor())
        let again = try trainer.fit(
            board, continuing: former, workers: BackwardWorkers(count: 3), monitor: FitMonitor())
        #expect(model.users == board.users)
        #expect(model.artifactContent() == again.artifactContent())
        if Self.impersonal.contains(name) { return }
        for user in 0..<model.users.count {
            let seen = try #require(model.trainingItems(of: user))
            let person = try #require(Int(model.users[user]))
            let list = model.recommend(for: .user(user), excluding: seen, count: 2)
            #expect(list.allSatisfy { Checkerboard.sameColour(person, Int(model.items[$0.item]) ?? -1) })
        }
    }

    @Test(arguments: names) func `a model of another algorithm is nothing to continue`(name: String) throws {
        let other = try fit(name == "als" ? "bpr" : "als")
        let trainer = try TrainerCatalogue.trainer(named: name)
        let reason = try #require(trainer.obstacle(toContinuing: other))
        if ["popularity", "ease", "item-knn"].contains(name) { return }
        #expect(throws: TrainingError.cannotContinue(algorithm: name, reason: reason)) {
            try trainer.fit(
                Checkerboard.matrix, continuing: other, workers: InlineWorkers(), monitor: FitMonitor())
        }
    }

    @Test(arguments: names) func `reasons add up to the score of somebody who is folded in`(name: String) throws {
        let model = try fit(name)
        let history = model.entries(of: ["4", "10", "16", "21"].map { (item: $0, stars: Float(4.5)) })
        let best = try #require(model.recommend(for: .history(history), excluding: history.map(\.item), count: 1).first)
        guard let reasons = model.reasons(for: [best.item], given: history)?.first else { return }
        #expect(abs(reasons.reduce(0) { $0 + $1.score } - best.score) < 1e-4)
        #expect(reasons.allSatisfy { reason in history.contains { $0.item == reason.item } })
    }
}
