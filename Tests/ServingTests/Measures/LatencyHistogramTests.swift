import Testing

@testable import Serving

@Suite struct LatencyHistogramTests {
    @Test func `a quantile is right to an eighth`() {
        for scale in [2.0, 37, 512, 90_000, 3_000_000] {
            var histogram = LatencyHistogram()
            for step in 1...1000 { histogram.record(microseconds: scale * Double(step) / 1000 + scale) }
            for fraction in [0.01, 0.5, 0.99, 1] {
                let exact = scale + scale * fraction
                let told = histogram.quantileMicroseconds(fraction) ?? 0
                #expect(told >= exact * 0.999 && told <= exact * 1.126, "\(scale), \(fraction): \(told)")
            }
        }
    }

    @Test func `powers of two are counted exactly`() {
        var histogram = LatencyHistogram()
        for time in [0.1, 1, 15.9, 16, 16.1, 64, 65] { histogram.record(microseconds: time) }
        #expect(histogram.count(upToMicroseconds: 16) == 4)
        #expect(histogram.count(upToMicroseconds: 64) == 6)
        #expect(histogram.count == 7)
    }

    @Test func `the shortest and the longest are not lost`() {
        var histogram = LatencyHistogram()
        histogram.record(microseconds: -1)
        histogram.record(microseconds: 1e12)
        #expect(histogram.count == 2)
        #expect(histogram.quantileMicroseconds(1) == 67_108_864)
    }

    @Test func `nothing recorded has no quantile`() {
        #expect(LatencyHistogram().quantileMicroseconds(0.5) == nil)
    }

    @Test func `quantiles tell of the last two minutes, counts of the whole life`() {
        let measure = RouteMeasure()
        let start = ContinuousClock.now
        measure.record(status: 200, since: start, until: start + .milliseconds(8))
        let later = start + .seconds(200)
        measure.record(status: 503, since: later, until: later + .microseconds(16))
        let snapshot = measure.snapshot(at: later)
        #expect(snapshot.requests == 2)
        #expect(snapshot.statuses == [200: 1, 503: 1])
        #expect(snapshot.recent.quantileMicroseconds(1) == 16)
    }
}
