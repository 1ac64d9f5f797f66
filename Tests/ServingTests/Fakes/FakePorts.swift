import Registry
import Scheduling
import Synchronization
import Training

@testable import Serving

/// What is known of people and films in the tests: ten films, three people.
final class FakePeople: PeopleSource {
    let catalogue: ItemCatalogue
    private let content: Mutex<[String: [Rating]]>

    init(catalogue: ItemCatalogue, histories: [String: [Rating]]) {
        self.catalogue = catalogue
        content = Mutex(histories)
    }

    private var histories: [String: [Rating]] { content.withLock { $0 } }

    func rate(_ rating: Rating) { content.withLock { $0[rating.user, default: []].append(rating) } }

    func history(of user: String) -> [Rating]? { content.withLock { $0[user] } }
    func historyVersion(of user: String) -> HistoryVersion {
        HistoryVersion(generation: 0, rows: history(of: user)?.count ?? 0, feedback: 0)
    }

    func people(limit: Int, query: String) -> [PersonSummary] {
        histories.filter { $0.key.hasPrefix(query) }
            .sorted { ($0.value.last?.timestampSeconds ?? 0, $0.key) > ($1.value.last?.timestampSeconds ?? 0, $1.key) }
            .prefix(limit).map { PersonSummary(user: $0.key, ratings: $0.value.count) }
    }

    func itemFacts(_ item: String) -> (ratings: Int, mean: Double?) {
        let stars = histories.values.joined().filter { $0.item == item }.compactMap(\.stars).map(Double.init)
        return (stars.count, stars.isEmpty ? nil : stars.reduce(0, +) / Double(stars.count))
    }
}

/// Keeps what it was given.
final class FakeFeedback: FeedbackSink {
    let stored = Mutex<[FeedbackEvent]>([])
    let isFull = Mutex(false)

    func append(_ events: [FeedbackEvent]) async throws -> FeedbackReceipt {
        if isFull.withLock({ $0 }) { throw ServingFailure.feedbackIsFull }
        return stored.withLock { stored in
            let known = Set(stored.compactMap(\.id))
            let new = events.filter { event in event.id.map { !known.contains($0) } ?? true }
            stored += new
            return FeedbackReceipt(accepted: new.count, duplicates: events.count - new.count)
        }
    }
}

/// Loads the model that the test has laid ready.
final class FakeDeployer: Deployer {
    let slot: ModelSlot
    let next = Mutex<LiveModel?>(nil)
    let orders = Mutex<[String]>([])

    init(slot: ModelSlot) { self.slot = slot }

    func reload(model: String, alias: String) async throws -> LiveModel {
        orders.withLock { $0.append("\(model)@\(alias)") }
        guard let live = next.withLock({ $0 }) else {
            throw ServingFailure(
                status: 404, code: "no_version", message: "\(model) has no \(alias).", remedy: "promote one.")
        }
        slot.swap(in: live)
        return live
    }

    func reloadShadow(model: String) async { orders.withLock { $0.append("\(model)@challenger") } }

    /// Knows version 2, whose films are 7 to 9, and version 1, which is damaged.
    func version(_ version: Int, of model: String) async throws -> LiveModel {
        switch version {
        case 1: throw ServingFailure(status: 500, code: "damaged", message: "model.json is cut off.", remedy: "-")
        case 2: return World.model(version: 2, items: ["7", "8", "9"], alias: nil)
        default: throw ServingFailure.notFound("\(model) has no version \(version).", remedy: "-")
        }
    }
}

/// Knows version 3 of `movies`, whose bytes come out equal, and version 2, which was trained elsewhere.
struct FakeReproducer: Reproducer {
    func reproduce(model: String, version: Int) async throws -> ReproductionReport {
        if version == 2 {
            throw ServingFailure.conflict(
                "trained_elsewhere", "version 2 of movies was not trained by mlstack.", remedy: "-")
        }
        return ReproductionReport(
            name: model, version: version, algorithm: "als", contentHash: "ab", reproducedHash: "ab",
            differingFiles: [],
            seconds: 0.5)
    }
}

final class FakeReplay: ReplayControl {
    let current: Mutex<ReplayStatus>
    let orders = Mutex<[ReplayAction]>([])

    init() {
        current = Mutex(
            ReplayStatus(
                dataset: "demo", now: Instant(seconds: 1_727_913_600), firstDay: Instant(seconds: 1_719_792_000),
                lastDay: Instant(seconds: 1_735_257_600), start: Instant(seconds: 1_727_568_000), until: nil,
                state: .playing,
                dayLengthSeconds: 10, day: 4, daysTotal: 89, ratingsArrived: 31234, ratingsTotal: 60000,
                nextDayAt: Instant(milliseconds: 1_800_000_000_500), dayProgress: 0.25, problem: nil))
    }

    func status() async -> ReplayStatus { current.withLock { $0 } }

    func perform(_ action: ReplayAction) async throws -> ReplayStatus {
        orders.withLock { $0.append(action) }
        if case .goto(let date) = action, date < "2024-10-03" {
            throw ReplayRefusal(message: "the clock does not go back to \(date).", remedy: "reset it first.")
        }
        return await status()
    }
}

struct FakeQuality: QualitySource {
    func quality(model: String) async throws -> [QualityPoint] {
        [
            QualityPoint(
                date: "2024-09-29",
                values: ["ndcg_at_10": 0.2, "popularity_ndcg_at_10": 0.1, "cases": 21, "recall_at_20": .nan],
                running: ["ndcg_at_10": .init(mean: 0.2, standardError: nil)]),
            QualityPoint(
                date: "2024-09-30",
                values: [
                    "ndcg_at_10": 0.4, "popularity_ndcg_at_10": 0.2, "cases": 20, "new_ndcg_at_10": 0.5,
                    "decayed_popularity_new_ndcg_at_10": 0.25,
                ],
                running: ["ndcg_at_10": .init(mean: 0.3, standardError: 0.12345678)]),
        ]
    }
}

struct FakeDrift: DriftSource {
    func drift() async throws -> [DriftPoint] {
        [
            DriftPoint(date: "2024-09-29", values: ["ratings": 40, "item_psi": 0.0625]),
            DriftPoint(
                date: "2024-09-30", values: ["ratings": 50, "item_psi": 0.5],
                alerts: [.init(measure: "item_psi", value: 0.5, limit: 0.25)]),
        ]
    }
}

struct FakeDatasets: DatasetSourceList {
    func datasets() async throws -> [DatasetFacts] {
        [
            DatasetFacts(
                name: "demo", isActive: true, ratings: 60000, users: 300, items: 10,
                firstDay: Instant(seconds: 1_719_792_000),
                lastDay: Instant(seconds: 1_735_257_600), contentHash: "abc", source: "datasets/demo")
        ]
    }
}
