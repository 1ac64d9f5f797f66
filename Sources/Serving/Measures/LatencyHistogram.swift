/// How long things took, in logarithmic buckets: eight to each doubling, so that a quantile is right to 9 percent.
///
/// - Units: microseconds; below 1 µs counts as 1 µs, above 67 s as 67 s.
struct LatencyHistogram: Sendable {
    private static let octaves = 26
    private static let stepsPerOctave = 8

    private(set) var count = 0
    private(set) var sumMicroseconds = 0.0
    /// Empty until something is recorded: most routes are never asked.
    private var buckets: [Int] = []

    mutating func record(microseconds: Double) {
        if buckets.isEmpty {
            buckets = [Int](repeating: 0, count: LatencyHistogram.octaves * LatencyHistogram.stepsPerOctave + 1)
        }
        count += 1
        sumMicroseconds += microseconds
        buckets[LatencyHistogram.bucket(of: microseconds)] += 1
    }

    mutating func add(_ other: LatencyHistogram) {
        guard !other.buckets.isEmpty else { return }
        if buckets.isEmpty {
            self = other
            return
        }
        count += other.count
        sumMicroseconds += other.sumMicroseconds
        for index in buckets.indices { buckets[index] += other.buckets[index] }
    }

    /// Leaves what came after a former state of the same histogram.
    mutating func subtract(_ former: LatencyHistogram) {
        guard !former.buckets.isEmpty else { return }
        count -= former.count
        sumMicroseconds -= former.sumMicroseconds
        for index in buckets.indices { buckets[index] -= former.buckets[index] }
    }

    /// The upper edge of the bucket that holds the quantile; nil when nothing was recorded.
    /// - Parameter fraction: 0 … 1.
    func quantileMicroseconds(_ fraction: Double) -> Double? {
        guard count > 0 else { return nil }
        let rank = max(1, Int((fraction * Double(count)).rounded(.up)))
        var seen = 0
        for (index, bucket) in buckets.enumerated() {
            seen += bucket
            if seen >= rank { return LatencyHistogram.upperEdge(of: index) }
        }
        return LatencyHistogram.upperEdge(of: buckets.count - 1)
    }

    /// How many took at most so long. Exact when the limit is a power of two of microseconds.
    func count(upToMicroseconds limit: Double) -> Int {
        var total = 0
        for (index, bucket) in buckets.enumerated() {
            if LatencyHistogram.upperEdge(of: index) > limit { break }
            total += bucket
        }
        return total
    }

    /// Bucket 0 holds up to 1 µs; bucket i > 0 holds (edge(i - 1), edge(i)], where the edges of an octave are evenly spaced.
    private static func bucket(of microseconds: Double) -> Int {
        guard microseconds > 1 else { return 0 }
        let octave = Int(microseconds.exponent)
        let position = (microseconds.significand - 1) * Double(stepsPerOctave)
        let bucket = octave * stepsPerOctave + Int(position.rounded(.up))
        return min(bucket, octaves * stepsPerOctave)
    }

    private static func upperEdge(of bucket: Int) -> Double {
        let (octave, step) = bucket.quotientAndRemainder(dividingBy: stepsPerOctave)
        return Double(UInt64(1) << UInt64(octave)) * (1 + Double(step) / Double(stepsPerOctave))
    }
}
