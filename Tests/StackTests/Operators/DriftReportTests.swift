import Serving
import Testing
import Training

@testable import Stack

struct DriftReportTests {
    /// So many people, half of them new, whose stars have fallen from 5 to 1.
    private func drift(people: Int) -> DataDrift {
        func events(_ users: Range<Int>, stars: Float, day: Int64) -> [DataDrift.Event] {
            users.map { DataDrift.Event(user: $0, item: $0 % 5, stars: stars, day: day) }
        }
        return DataDrift(
            today: events(0..<people, stars: 1, day: 9),
            former: events(0..<people, stars: 5, day: 8) + events(0..<people, stars: 4, day: 7),
            isKnownUser: { $0 % 2 == 0 }, isKnownItem: { _ in true })
    }

    private func alerts(_ people: Int, _ change: (inout DriftLimits) -> Void = { _ in }) -> [String] {
        var limits = DriftLimits()
        change(&limits)
        return DriftReport(drift(people: people), windowDays: 30, limits: limits).point(date: "2024-01-01").alerts
            .map(\.measure)
    }

    @Test func `what moved beyond its limit is an alert`() {
        #expect(alerts(20) == ["rating_shift"])
        #expect(alerts(20) { $0.newUserShare = 0.4 } == ["new_user_share", "rating_shift"])
        #expect(alerts(20) { $0.ratingShift = 5 } == [])
    }

    @Test func `few people are no alarm`() {
        #expect(alerts(9) == [])
        #expect(alerts(9) { $0.minUsers = 5 } == ["rating_shift"])
    }

    @Test func `the limit that is told is the threshold, or chance when that is more`() throws {
        var limits = DriftLimits()
        limits.ratingShift = 0.01
        let alert = try #require(
            DriftReport(drift(people: 20), windowDays: 30, limits: limits).point(date: "2024-01-01").alerts.first)
        // Variance 0.25, 20 people today and in the days before: 3.29 · √(0.25 · 2 / 20).
        #expect(abs(alert.limit - 3.2905 * (0.25 * 2 / 20).squareRoot()) < 1e-12)
        #expect(alert.value == 3.5)
    }
}
