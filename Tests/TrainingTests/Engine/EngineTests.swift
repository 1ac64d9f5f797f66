import Testing

@testable import Training

struct RowChunksTests {
    @Test func `chunks cover every row once, in order`() {
        for offsets in [[0], [0, 0, 0], [0, 5, 5, 1000, 1001], Array(stride(from: 0, through: 5000, by: 1))] {
            let chunks = RowChunks(offsets: offsets, costPerRow: 3)
            let rows = (0..<chunks.count).flatMap { Array(chunks[$0]) }
            #expect(rows == Array(0..<offsets.count - 1))
        }
        let equal = RowChunks(rows: 10, rowsPerChunk: 4)
        #expect((0..<equal.count).map { equal[$0] } == [0..<4, 4..<8, 8..<10])
        #expect(RowChunks(rows: 1_000_000, rowsPerChunk: 4, atMost: 32).count == 32)
        #expect(RowChunks(rows: 0, rowsPerChunk: 4).count == 0)
    }

    @Test func `a row with many entries does not drag others along`() {
        let chunks = RowChunks(offsets: [0, 10, 100_000, 100_010, 100_020], costPerRow: 1)
        #expect(chunks.bounds == [0, 2, 4])
    }
}

struct SpellingTests {
    @Test(arguments: [
        ("factor", "factors"), ("regularisation", "regularization"), ("half-life-days", "half_life_days"),
        ("sede", "seed"),
        ("iter", "iterations"), ("unobserved_weihgt", "unobserved_weight"),
    ])
    func `a slip of the pen finds the name that was meant`(slip: String, meant: String) {
        #expect(Spelling.nearest(to: slip, among: ALSTrainer.hyperparameters.map(\.name)) == meant)
    }

    @Test func `a word that is near nothing finds nothing`() {
        #expect(Spelling.nearest(to: "colour", among: ["factors", "seed"]) == nil)
    }
}

struct SplitMix64Tests {
    @Test func `streams of one seed and seeds of one stream differ, and each repeats itself`() {
        func first(_ seed: UInt64, _ stream: UInt64) -> [UInt64] {
            var random = SplitMix64(seed: seed, stream: stream)
            return (0..<4).map { _ in random.next() }
        }
        #expect(first(1, 2) == first(1, 2))
        #expect(Set((0..<50).flatMap { first(7, $0) } + (0..<50).flatMap { first($0 + 8, 0) }).count == 400)
    }

    @Test func `values have mean zero and the variance of a uniform`() {
        var random = SplitMix64(seed: 3, stream: 3)
        let values = (0..<20_000).map { _ in Double(random.nextSymmetricUnit()) }
        #expect(values.allSatisfy { -1 <= $0 && $0 < 1 })
        #expect(abs(values.reduce(0, +) / 20_000) < 0.02)
        #expect(abs(values.reduce(0) { $0 + $1 * $1 } / 20_000 - 1.0 / 3) < 0.01)
    }
}
