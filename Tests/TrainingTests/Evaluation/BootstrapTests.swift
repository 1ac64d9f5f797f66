import Testing

@testable import Training

struct BootstrapTests {
    @Test func `values that are all alike leave no doubt`() {
        #expect(
            Bootstrap.mean(of: [0.25, 0.25, 0.25])
                == BootstrapInterval(mean: 0.25, lower: 0.25, upper: 0.25, count: 3))
    }

    @Test func `fewer than two values have no interval`() {
        #expect(Bootstrap.mean(of: []) == nil)
        #expect(Bootstrap.mean(of: [1]) == nil)
    }

    /// The mean of two coins drawn again is 0, 1/2 or 1 with odds 1 : 2 : 1, so both tails reach the ends.
    @Test func `two values reach from one to the other`() {
        #expect(Bootstrap.mean(of: [0, 1]) == BootstrapInterval(mean: 0.5, lower: 0, upper: 1, count: 2))
    }

    /// For 400 coins the normal approximation holds: 0.5 ± 1.96 · 0.5 / 20.
    @Test func `many values have the interval of the normal distribution`() throws {
        let interval = try #require(Bootstrap.mean(of: (0..<400).map { Double($0 % 2) }))
        #expect(abs(interval.lower - 0.451) < 0.006)
        #expect(abs(interval.upper - 0.549) < 0.006)
    }

    @Test func `the same values and seed give the same bits, another seed gives others`() {
        let values = (0..<50).map { Double($0 * $0 % 17) / 17 }
        #expect(Bootstrap.mean(of: values) == Bootstrap.mean(of: values))
        #expect(Bootstrap.mean(of: values) != Bootstrap.mean(of: values, seed: 1))
    }

    @Test func `a difference in pairs is certain where the users differ more than the models`() throws {
        let easy = (0..<60).map { Double($0) / 60 }
        let better = easy.map { $0 + 0.01 }
        let difference = try #require(Bootstrap.difference(better, easy))
        #expect(abs(difference.mean - 0.01) < 1e-12)
        #expect(difference.isAboveZero)
        // Unpaired, the two intervals overlap almost wholly.
        let (one, other) = (try #require(Bootstrap.mean(of: better)), try #require(Bootstrap.mean(of: easy)))
        #expect(one.lower < other.upper)
    }

    @Test func `a difference turned round has the interval turned round`() throws {
        let first = (0..<30).map { Double($0 * 7 % 11) }
        let second = (0..<30).map { Double($0 * 5 % 13) }
        let (there, back) = (
            try #require(Bootstrap.difference(first, second)), try #require(Bootstrap.difference(second, first))
        )
        #expect(abs(there.lower + back.upper) < 1e-12)
        #expect(abs(there.upper + back.lower) < 1e-12)
        #expect(abs(there.mean + back.mean) < 1e-12)
    }

    @Test func `reports are compared over the cases that both counted`() throws {
        let metric = MetricName(.recall, at: 2)
        func report(_ counted: [Int], _ values: [Double]) -> EvaluationReport {
            EvaluationReport(
                counted: counted, casesWithoutKnownTarget: 0, unknownTargets: 0, coverage: [:],
                perCase: [metric: values])
        }
        // In common: cases 2 and 3, with differences 0.5 and 0.25.
        let difference = report([0, 2, 3], [1, 0.75, 0.5]).difference(
            from: report([1, 2, 3], [1, 0.25, 0.25]), in: metric)
        #expect(difference?.count == 2)
        #expect(difference?.mean == 0.375)
        #expect(report([0], [1]).difference(from: report([1], [1]), in: metric) == nil)
        #expect(report([0, 1], [1, 1]).difference(from: report([0, 1], [1, 1]), in: MetricName(.mrr, at: 1)) == nil)
    }
}
