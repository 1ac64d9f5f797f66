import CKernels
import Testing

@testable import Training

/// The short way to the best products must lead to the same place as computing every one.
struct CoarseVectorsTests {
    private func vectors(_ rows: Int, _ factors: Int, seed: UInt64) -> FactorMatrix {
        let vectors = FactorMatrix(rows: rows, factors: factors)
        vectors.randomize(seed: seed, standardDeviation: 0.1)
        return vectors
    }

    private func all(_ factors: FactorMatrix, _ vector: UnsafePointer<Float>, excluding: [Int], count: Int)
        -> [ScoredItem]
    {
        var scores = [Float](repeating: 0, count: factors.rows)
        mls_scores(factors.stride, factors.start, factors.rows, vector, &scores)
        for row in excluding { scores[row] = -.infinity }
        let order = scores.indices.filter { scores[$0] > -.infinity }
            .sorted { (scores[$1], $0) < (scores[$0], $1) }
        return order.prefix(count).map { ScoredItem(item: $0, score: scores[$0]) }
    }

    @Test(arguments: [1, 15, 16, 17, 1000, 3001], [3, 16, 40, 128])
    func `the best are exactly those of computing everything`(rows: Int, factors: Int) {
        let items = vectors(rows, factors, seed: 1)
        let people = vectors(20, factors, seed: 2)
        let coarse = CoarseVectors(items)
        for person in 0..<people.rows {
            let excluded = Array(stride(from: person, to: rows, by: 7))
            for count in [1, 10, rows + 5] {
                #expect(
                    coarse.best(of: items, by: people.row(person), excluding: excluded, count: count)
                        == all(items, people.row(person), excluding: excluded, count: count))
            }
        }
    }

    @Test func `equal products keep the order of items, and vectors of nothing are no trouble`() {
        let items = FactorMatrix(rows: 200, factors: 5)
        for row in 0..<200 where row % 3 != 0 { for factor in 0..<5 { items.row(row)[factor] = Float(row % 2) } }
        let person = vectors(1, 5, seed: 3)
        let coarse = CoarseVectors(items)
        #expect(
            coarse.best(of: items, by: person.row(0), excluding: [], count: 50)
                == all(items, person.row(0), excluding: [], count: 50))
        let nobody = FactorMatrix(rows: 1, factors: 5)
        #expect(
            coarse.best(of: items, by: nobody.row(0), excluding: [0], count: 3).map(\.item) == [1, 2, 3])
    }

    @Test func `every copy of the sums agrees with the plain one`() {
        let (rows, stride) = (100, 48)
        let items = vectors(rows, stride, seed: 4)
        var packed = [UInt8](repeating: 0, count: mls_coarse_size(stride, rows))
        let room = FactorMatrix(rows: 3, factors: rows)
        mls_coarse_pack(stride, items.start, rows, &packed, room.row(0), room.row(1), room.row(2))
        let query = (0..<stride).map { Int8(63 - $0 * 5 % 127) }
        var expected = [Int32](repeating: 0, count: 112)
        #expect(mls_coarse_sums("plain", stride, packed, rows, query, &expected) == 1)
        for name in ["avx2", "avx512vnni"] {
            var sums = [Int32](repeating: -1, count: 112)
            if mls_coarse_sums(name, stride, packed, rows, query, &sums) == 1 { #expect(sums == expected) }
        }
    }
}
