import Synchronization

/// What one route has answered and how long it took. The lock is the route's own and held for a few nanoseconds.
final class RouteMeasure: Sendable {
    private struct Content {
        var statuses: [Int: Int] = [:]
        var total = LatencyHistogram()
        /// The running minute and the one before, so that quantiles tell of now and not of the whole life.
        var current = LatencyHistogram()
        var former = LatencyHistogram()
        var currentMinute = 0
    }

    struct Snapshot: Sendable {
        var statuses: [Int: Int]
        var total: LatencyHistogram
        /// Of the last one to two minutes.
        var recent: LatencyHistogram
        var requests: Int { total.count }
    }

    private let origin = ContinuousClock.now
    private let content = Mutex(Content())

    func record(status: Int, since start: ContinuousClock.Instant, until end: ContinuousClock.Instant = .now) {
        let microseconds = RouteMeasure.microseconds(end - start)
        let minute = minute(of: end)
        content.withLock { content in
            content.statuses[status, default: 0] += 1
            content.total.record(microseconds: microseconds)
            RouteMeasure.turn(&content, to: minute)
            content.current.record(microseconds: microseconds)
        }
    }

    func snapshot(at now: ContinuousClock.Instant = .now) -> Snapshot {
        let minute = minute(of: now)
        return content.withLock { content in
            RouteMeasure.turn(&content, to: minute)
            var recent = content.former
            recent.add(content.current)
            return Snapshot(statuses: content.statuses, total: content.total, recent: recent)
        }
    }

    private func minute(of instant: ContinuousClock.Instant) -> Int {
        Int((instant - origin).components.seconds / 60)
    }

    private static func turn(_ content: inout Content, to minute: Int) {
        guard minute != content.currentMinute else { return }
        content.former = minute == content.currentMinute + 1 ? content.current : LatencyHistogram()
        content.current = LatencyHistogram()
        content.currentMinute = minute
    }

    private static func microseconds(_ duration: Duration) -> Double {
        let (seconds, attoseconds) = duration.components
        return Double(seconds) * 1e6 + Double(attoseconds) * 1e-12
    }
}
