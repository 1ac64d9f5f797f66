import Testing

@testable import Scheduling

@Suite struct DatasetDecisionTests {
    private func events(_ list: [(String, Int64, Int?)]) -> [StoredDatasetEvent] {
        list.enumerated().map { number, event in
            StoredDatasetEvent(
                sequence: Int64(number + 1),
                event: DatasetEvent(
                    id: "\(number)", name: event.0, clock: .wall, at: Instant(seconds: event.1), newRows: event.2))
        }
    }

    private let now = Instant(seconds: 100)

    @Test func `all waits for each of the datasets, any for one`() {
        let one = events([("a", 10, 1), ("a", 20, 1)])
        #expect(DatasetCondition(names: ["a", "b"], mode: .all).decision(one, now: now) == .nothing)
        #expect(DatasetCondition(names: ["a", "b"], mode: .any).decision(one, now: now) == .fire)
        let both = events([("a", 10, 1), ("b", 20, 1)])
        #expect(DatasetCondition(names: ["a", "b"], mode: .all).decision(both, now: now) == .fire)
        #expect(DatasetCondition(names: ["a"]).decision([], now: now) == .nothing)
    }

    @Test func `rows are counted over all new versions, and an unknown count is enough`() {
        let condition = DatasetCondition(names: ["a", "b"], mode: .any, minNewRows: 100)
        #expect(condition.decision(events([("a", 10, 60), ("b", 20, 39)]), now: now) == .nothing)
        #expect(condition.decision(events([("a", 10, 60), ("b", 20, 40)]), now: now) == .fire)
        #expect(condition.decision(events([("a", 10, nil)]), now: now) == .fire)
    }

    @Test func `a pause is counted from the newest version`() {
        let condition = DatasetCondition(names: ["a"], debounce: .seconds(60))
        let two = events([("a", 10, 1), ("a", 50, 1)])
        #expect(condition.decision(two, now: now) == .wait(until: Instant(seconds: 110)))
        #expect(condition.decision(two, now: Instant(seconds: 110)) == .fire)
    }
}
