import CKernels
import Testing

@testable import Training

/// Every copy of the loops that this processor can run, against plain loops in double precision.
struct KernelTests {
    static let names = ["avx512f", "avx2", "sse2", "portable"].filter { name in
        name.withCString { mls_kernels_named($0) != nil }
    }
    static let sizes = [16, 32, 48, 64, 80, 112, 128]

    private func numbers(_ count: Int, seed: UInt64) -> [Float] {
        var random = SplitMix64(seed: seed, stream: 0)
        return (0..<count).map { _ in random.nextSymmetricUnit() }
    }

    private func kernels(_ name: String) throws -> mls_kernels { try #require(mls_kernels_named(name)).pointee }

    @Test func `a baseline copy exists and the chosen copy is one of those there are`() {
        #expect(!KernelTests.names.isEmpty)
        #expect(KernelTests.names.first == String(cString: mls_kernels_chosen().pointee.name))
    }

    @Test(arguments: names) func `dot and axpy are right at every length`(name: String) throws {
        let kernels = try kernels(name)
        for count in 0...70 {
            let x = numbers(count, seed: 1)
            var y = numbers(count, seed: 2)
            let expected = zip(x, y).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
            #expect(abs(Double(kernels.dot(x, y, count)) - expected) < 1e-5)
            let sum = zip(x, y).map { 0.5 * $0 + $1 }
            kernels.axpy(0.5, x, &y, count)
            #expect(zip(y, sum).allSatisfy { abs($0 - $1) < 1e-6 })
        }
    }

    @Test(arguments: names, sizes) func `a rank update adds up the upper triangle`(name: String, k: Int) throws {
        let kernels = try kernels(name)
        let n = 150
        let rows = numbers(n * k, seed: 3)
        var upper = [Float](repeating: 0.25, count: k * k)
        kernels.rank_update(k, rows, n, &upper)
        var gathered = [Float](repeating: 0.25, count: k * k)
        var panel = [Float](repeating: .nan, count: mls_panel_size(k))
        let weights = (0..<n).map { Float($0 % 3) }
        let indices = (0..<n).map { Int32($0 * 7 % n) }
        kernels.gather_rank_update(k, rows, indices, weights, n, &panel, &gathered)
        for row in 0..<k {
            for column in row..<k {
                var plain = 0.25
                var weighted = 0.25
                for p in 0..<n {
                    plain += Double(rows[p * k + row]) * Double(rows[p * k + column])
                    let q = Int(indices[p]) * k
                    weighted += Double(weights[p]) * Double(rows[q + row]) * Double(rows[q + column])
                }
                #expect(abs(Double(upper[row * k + column]) - plain) < 1e-4)
                #expect(abs(Double(gathered[row * k + column]) - weighted) < 1e-4)
            }
        }
    }

    /// A well-conditioned symmetric positive definite matrix: rows' rows + 2 I.
    private func positiveDefinite(_ k: Int) -> [Float] {
        let rows = numbers(2 * k * k, seed: 4)
        var a = [Float](repeating: 0, count: k * k)
        for i in 0..<k {
            for j in 0..<k {
                var sum = i == j ? 2.0 : 0.0
                for p in 0..<2 * k { sum += Double(rows[p * k + i]) * Double(rows[p * k + j]) }
                a[i * k + j] = Float(sum)
            }
        }
        return a
    }

    @Test(arguments: names, sizes) func `Cholesky solves what it factors`(name: String, k: Int) throws {
        let kernels = try kernels(name)
        let a = positiveDefinite(k)
        let b = numbers(k, seed: 5)
        var factor = a
        // What stands below the diagonal must not matter, though whole vectors run over it.
        for i in 0..<k { for j in 0..<i { factor[i * k + j] = .nan } }
        #expect(kernels.cholesky(k, &factor) == 0)
        var spent = b
        var x = [Float](repeating: .nan, count: k)
        kernels.cholesky_solve(k, factor, &spent, &x)
        for i in 0..<k {
            let left = (0..<k).reduce(0.0) { $0 + Double(a[i * k + $1]) * Double(x[$1]) }
            #expect(abs(left - Double(b[i])) < 1e-4)
        }
    }

    @Test(arguments: names) func `Cholesky names the row at which a matrix is not positive definite`(name: String)
        throws
    {
        let kernels = try kernels(name)
        let k = 32
        for row in [0, 5, 16, 31] {
            for bad in [Float(0), -1, .nan, .infinity] {
                var a = [Float](repeating: 0, count: k * k)
                for i in 0..<k { a[i * k + i] = 1 }
                a[row * k + row] = bad
                #expect(kernels.cholesky(k, &a) == row + 1)
            }
        }
    }

    @Test(arguments: names, sizes)
    func `enough steps of conjugate gradient reach the solution and its objective`(name: String, k: Int) throws {
        let kernels = try kernels(name)
        let gram = positiveDefinite(k)
        let n = 37
        let factors = numbers(60 * k, seed: 6)
        let indices = (0..<n).map { Int32($0 * 11 % 60) }
        let weights = (0..<n).map { 0.5 + Float($0 % 4) }
        let b = numbers(k, seed: 7)
        var x = [Float](repeating: 0, count: k)
        var scratch = [Float](repeating: .nan, count: mls_conjugate_gradient_scratch(k))
        let objective = kernels.conjugate_gradient(
            k, gram, 0.5, factors, indices, weights, n, b, 2 * k, &scratch, &x)
        var direct = 0.0
        for i in 0..<k {
            var left = 0.5 * Double(x[i])
            for j in 0..<k { left += Double(gram[i * k + j]) * Double(x[j]) }
            for p in 0..<n {
                let row = Int(indices[p]) * k
                let dot = (0..<k).reduce(0.0) { $0 + Double(factors[row + $1]) * Double(x[$1]) }
                left += Double(weights[p]) * dot * Double(factors[row + i])
            }
            #expect(abs(left - Double(b[i])) < 1e-3)
            direct += Double(x[i]) * (left - 2 * Double(b[i]))
        }
        #expect(abs(objective - direct) < 1e-3 * max(1, abs(direct)))
    }

    @Test(arguments: names, sizes) func `scores are products of rows, whatever their place`(name: String, k: Int) throws
    {
        let kernels = try kernels(name)
        let rows = numbers(11 * k, seed: 8)
        let x = numbers(k, seed: 9)
        for n in 1...11 {
            var out = [Float](repeating: .nan, count: n)
            kernels.scores(k, rows, n, x, &out)
            var whole = [Float](repeating: .nan, count: 11)
            kernels.scores(k, rows, 11, x, &whole)
            #expect(out == Array(whole[..<n]))
            for i in 0..<n {
                let dot = (0..<k).reduce(0.0) { $0 + Double(rows[i * k + $1]) * Double(x[$1]) }
                #expect(abs(Double(out[i]) - dot) < 1e-4)
            }
        }
    }

    @Test(arguments: names) func `the top k is a stable sort's beginning, ties and masks included`(name: String) throws
    {
        let kernels = try kernels(name)
        var random = SplitMix64(seed: 10, stream: 0)
        for n in [0, 1, 2, 15, 63, 64, 65, 200, 1000] {
            // Few distinct values, so that ties are the rule.
            let scores = (0..<n).map { _ -> Float in
                let value = Int.random(in: 0..<9, using: &random)
                return value == 0 ? -.infinity : Float(value)
            }
            let expected = (0..<n).filter { scores[$0] > -.infinity }
                .sorted { (scores[$0], -$0) > (scores[$1], -$1) }
            for count in [0, 1, 2, 10, 100, 2000] {
                var indices = [Int32](repeating: -1, count: count)
                var best = [Float](repeating: .nan, count: count)
                let found = kernels.top_k(scores, n, count, &indices, &best)
                #expect(indices[..<found].map { Int($0) } == Array(expected.prefix(count)))
                #expect(best[..<found].map { $0 } == expected.prefix(count).map { scores[$0] })
            }
        }
    }
}
