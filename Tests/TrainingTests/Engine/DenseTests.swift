import CKernels
import Foundation
import Testing

@testable import Training

/// Products, inverses, exponentials and steps of descent, against plain loops in double precision.
struct DenseTests {
    private func matrix(_ rows: Int, _ columns: Int, seed: UInt64) -> FactorMatrix {
        let matrix = FactorMatrix(rows: rows, factors: columns)
        matrix.randomize(seed: seed, standardDeviation: 1)
        return matrix
    }

    @Test(arguments: [(1, 1, 1), (8, 48, 300), (7, 49, 5), (130, 31, 257), (50, 1000, 3)])
    func `a product is right in all shapes, as it lies and transposed`(m: Int, n: Int, terms: Int) {
        let (a, b) = (matrix(m, terms, seed: 1), matrix(terms, n, seed: 2))
        let (turnedA, turnedB) = (FactorMatrix(rows: terms, factors: m), FactorMatrix(rows: n, factors: terms))
        for i in 0..<m { for p in 0..<terms { turnedA.row(p)[i] = a.row(i)[p] } }
        for p in 0..<terms { for j in 0..<n { turnedB.row(j)[p] = b.row(p)[j] } }
        let sum = FactorMatrix(rows: m, factors: n)
        sum.fill(0.5)
        Product(workers: InlineWorkers()).add(DenseView(a), times: DenseView(b), scale: 2, to: DenseView(sum))
        let other = FactorMatrix(rows: m, factors: n)
        other.fill(0.5)
        Product(workers: QueueWorkers(count: 2)).add(
            DenseView(turnedA).transposed, times: DenseView(turnedB).transposed, scale: 2, to: DenseView(other))
        #expect(sum.packed == other.packed)
        for i in 0..<m {
            for j in 0..<n {
                let exact = (0..<terms).reduce(0.5) { $0 + 2 * Double(a.row(i)[$1]) * Double(b.row($1)[j]) }
                #expect(abs(Double(sum.row(i)[j]) - exact) < 1e-3)
            }
        }
    }

    @Test(arguments: KernelTests.names) func `every copy multiplies, edges included`(name: String) throws {
        let kernels = try #require(mls_kernels_named(name)).pointee
        let (m, n, terms) = (13, 67, 300)
        let (a, b) = (matrix(m, terms, seed: 3), matrix(terms, n, seed: 4))
        let sum = FactorMatrix(rows: m, factors: n)
        var scratch = [Float](repeating: .nan, count: mls_product_scratch())
        kernels.product(
            m, n, terms, 1, a.start, a.stride, 1, b.start, b.stride, 1, sum.start, sum.stride, &scratch)
        for i in 0..<m {
            for j in 0..<n {
                let exact = (0..<terms).reduce(0.0) { $0 + Double(a.row(i)[$1]) * Double(b.row($1)[j]) }
                #expect(abs(Double(sum.row(i)[j]) - exact) < 1e-4)
            }
        }
    }

    @Test(arguments: [1, 5, 128, 129, 300]) func `a symmetric matrix times its inverse is one`(size: Int) throws {
        let rows = matrix(size, 2 * size, seed: 5)
        let original = FactorMatrix(rows: size, factors: size)
        Product(workers: InlineWorkers()).add(
            DenseView(rows), times: DenseView(rows).transposed, scale: 1 / Float(size), to: DenseView(original))
        for row in 0..<size { original.row(row)[row] += 1 }
        let inverse = original.copy
        try SymmetricInverse(workers: BackwardWorkers(count: 2), monitor: FitMonitor()).replace(inverse)
        let again = original.copy
        try SymmetricInverse(workers: InlineWorkers(), monitor: FitMonitor()).replace(again)
        #expect(inverse.packed == again.packed)
        let product = FactorMatrix(rows: size, factors: size)
        Product(workers: InlineWorkers()).add(
            DenseView(original), times: DenseView(inverse), scale: -1, to: DenseView(product))
        for i in 0..<size {
            for j in 0..<size { #expect(abs(product.row(i)[j] - (i == j ? 1 : 0)) < 1e-3) }
        }
    }

    @Test(arguments: KernelTests.names) func `exponentials are right wherever a float can hold them`(name: String)
        throws
    {
        let kernels = try #require(mls_kernels_named(name)).pointee
        let x = (-1000...1000).map { Float($0) * 0.0869 }
        var out = [Float](repeating: 0, count: x.count)
        kernels.exponentials(x, 0.25, &out, x.count)
        for (x, y) in zip(x, out) where abs(x + 0.25) < 87 {
            let exact = exp(Double(x + 0.25))
            #expect(abs(Double(y) - exact) <= exact * 1e-6)
        }
        var extremes: [Float] = [-200, -88.5, 0, 200]
        kernels.exponentials(extremes, 0, &extremes, 4)
        #expect(extremes[0...2] == [0, 0, 1])
        #expect(extremes[3].isFinite)
    }

    @Test(arguments: KernelTests.names, [16, 32, 48])
    func `passes of block descent reach the solution and its objective`(name: String, block: Int) throws {
        let kernels = try #require(mls_kernels_named(name)).pointee
        let (k, n) = (48, 30)
        let factors = matrix(40, k, seed: 6)
        let gram = factors.gramian(scale: 0.3, workers: InlineWorkers())
        let indices = (0..<n).map { Int32($0 * 7 % 40) }
        let weights = (0..<n).map { 0.5 + Float($0 % 3) }
        let b = matrix(1, k, seed: 7).packed
        var x = [Float](repeating: 0, count: k)
        var scratch = [Float](repeating: .nan, count: mls_block_descent_scratch(block))
        var predictions = [Float](repeating: .nan, count: n)
        var value = 0.0
        for _ in 0..<200 {
            value = kernels.block_descent(
                k, block, gram, 2, factors.start, indices, weights, n, b, &scratch, &predictions, &x)
        }
        var objective = 0.0
        for i in 0..<k {
            var left = 2 * Double(x[i])
            for j in 0..<k { left += Double(gram[i * k + j]) * Double(x[j]) }
            for (index, weight) in zip(indices, weights) {
                let row = factors.row(Int(index))
                let product = (0..<k).reduce(0.0) { $0 + Double(row[$1]) * Double(x[$1]) }
                left += Double(weight) * product * Double(row[i])
            }
            #expect(abs(left - Double(b[i])) < 1e-3)
            objective += Double(x[i]) * (left - 2 * Double(b[i]))
        }
        #expect(abs(objective - value) < 1e-2)
    }

    @Test func `a step of Adam moves every weight by the rate, against its gradient`() {
        var (gradient, mean, square) = ([Float(3), -0.001], [Float(0), 0], [Float(0), 0])
        var value: [Float] = [1, 1]
        mls_adam(2, 0.1, 1, &gradient, &mean, &square, &value)
        #expect(abs(value[0] - 0.9) < 1e-5)
        #expect(abs(value[1] - 1.1) < 1e-5)
        #expect(gradient == [0, 0])
    }
}
