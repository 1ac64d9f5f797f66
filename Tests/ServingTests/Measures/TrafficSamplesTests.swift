import Testing

@testable import Serving

@Suite struct TrafficSamplesTests {
    private static func look(_ seconds: Int64, microseconds: [Double], accepted: Int = 0) -> TrafficSamples.Look {
        var histogram = LatencyHistogram()
        for time in microseconds { histogram.record(microseconds: time) }
        var gauges = SystemGauges()
        gauges.feedbackAccepted = accepted
        return .init(
            atMilliseconds: seconds * 1000, residentBytes: 9, cpuSeconds: Double(seconds) / 2, gauges: gauges,
            families: ["pages": histogram])
    }

    @Test func `a sample is what came between two looks, however much came before`() {
        let samples = TrafficSamples()
        let old = Array(repeating: 1000.0, count: 1000)
        samples.add(Self.look(0, microseconds: old))
        samples.add(Self.look(5, microseconds: old + [4000, 4000], accepted: 10))
        samples.add(Self.look(10, microseconds: old + [4000, 4000]))
        let found = samples.samples(afterMilliseconds: 0)
        #expect(found.map(\.atMilliseconds) == [5000, 10_000])
        #expect(found[0].families["pages"]?.perSecond == 0.4)
        #expect(found[0].families["pages"]?.p50Milliseconds.map { $0 >= 4 && $0 < 4.6 } == true)
        #expect(found[0].cpuShare == 0.5)
        #expect(found[0].feedbackPerSecond == 2)
        #expect(found[1].families.isEmpty)
        #expect(samples.samples(afterMilliseconds: 5000).count == 1)
    }

    @Test func `no more than an hour is kept`() {
        let samples = TrafficSamples()
        for step in 0...Int64(TrafficSamples.capacity + 5) { samples.add(Self.look(step * 5, microseconds: [])) }
        #expect(samples.samples(afterMilliseconds: 0).count == TrafficSamples.capacity)
    }
}
