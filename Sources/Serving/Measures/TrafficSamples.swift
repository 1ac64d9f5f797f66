import Synchronization

/// How the program did over the last hour: a bounded ring of samples, each the difference between two looks at figures that are
/// counted anyway. Answering a request costs nothing more for it.
package final class TrafficSamples: Sendable {
    /// How far apart the looks are.
    package static let interval = Duration.seconds(5)
    /// An hour of them.
    static let capacity = 720

    /// What one family of routes answered between two looks.
    struct Family: Sendable {
        var perSecond: Double
        var p50Milliseconds: Double?
        var p99Milliseconds: Double?
    }

    struct Sample: Sendable {
        var atMilliseconds: Int64
        var residentBytes: Int?
        /// Of one core; nil where the system does not say, and for the first.
        var cpuShare: Double?
        var gauges: SystemGauges
        var feedbackPerSecond: Double
        /// By family; those that answered nothing are absent.
        var families: [String: Family]
    }

    private struct Content {
        var samples: [Sample] = []
        var former: Look?
    }

    /// What was read of the counters at one moment.
    struct Look: Sendable {
        var atMilliseconds: Int64
        var residentBytes: Int?
        var cpuSeconds: Double?
        var gauges: SystemGauges
        var families: [String: LatencyHistogram]
    }

    private let content = Mutex(Content())

    /// The first look only begins.
    func add(_ look: Look) {
        content.withLock { content in
            defer { content.former = look }
            guard let former = content.former, look.atMilliseconds > former.atMilliseconds else { return }
            content.samples.append(TrafficSamples.sample(of: look, since: former))
            if content.samples.count > TrafficSamples.capacity { content.samples.removeFirst() }
        }
    }

    /// Those after a moment, oldest first.
    func samples(afterMilliseconds moment: Int64) -> [Sample] {
        content.withLock { content in
            let first = content.samples.firstIndex { $0.atMilliseconds > moment } ?? content.samples.endIndex
            return Array(content.samples[first...])
        }
    }

    private static func sample(of look: Look, since former: Look) -> Sample {
        let seconds = Double(look.atMilliseconds - former.atMilliseconds) / 1000
        var families: [String: Family] = [:]
        for (name, total) in look.families {
            var between = total
            if let before = former.families[name] { between.subtract(before) }
            guard between.count > 0 else { continue }
            families[name] = Family(
                perSecond: Double(between.count) / seconds,
                p50Milliseconds: between.quantileMicroseconds(0.5).map { $0 / 1000 },
                p99Milliseconds: between.quantileMicroseconds(0.99).map { $0 / 1000 })
        }
        var share: Double?
        if let now = look.cpuSeconds, let before = former.cpuSeconds { share = max(0, now - before) / seconds }
        let events = look.gauges.feedbackAccepted - former.gauges.feedbackAccepted
        return Sample(
            atMilliseconds: look.atMilliseconds, residentBytes: look.residentBytes, cpuShare: share,
            gauges: look.gauges, feedbackPerSecond: Double(max(0, events)) / seconds, families: families)
    }
}
