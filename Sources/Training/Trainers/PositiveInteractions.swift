import Foundation

/// One orientation of the positive interactions: who (or what) goes with whom, and how strongly.
///
/// Row `r` is `columns[offsets[r] ..< offsets[r + 1]]`, ascending.
/// - Shapes: `offsets` rows + 1; `columns` and, when there are any, `strengths` nnz.
/// - Units: `strengths` are dimensionless and > 0; nil: all are 1.
struct WeightedRows: Sendable, Equatable {
    var offsets: [Int]
    var columns: [Int32]
    var strengths: [Float]?

    var rowCount: Int { offsets.count - 1 }
    func count(of row: Int) -> Int { offsets[row + 1] - offsets[row] }

    /// The same entries by column, by a counting sort, which keeps the rows ascending within a column.
    func transposed(columnCount: Int) -> WeightedRows {
        var next = [Int](repeating: 0, count: columnCount + 1)
        for column in columns { next[Int(column) + 1] += 1 }
        for column in 0..<columnCount { next[column + 1] += next[column] }
        let offsets = next
        var rows = [Int32](repeating: 0, count: columns.count)
        var moved = strengths
        for row in 0..<rowCount {
            for entry in self.offsets[row]..<self.offsets[row + 1] {
                let column = Int(columns[entry])
                rows[next[column]] = Int32(row)
                if let strengths { moved?[next[column]] = strengths[entry] }
                next[column] += 1
            }
        }
        return WeightedRows(offsets: offsets, columns: rows, strengths: moved)
    }

    /// The rows for which `isKept` says so; the others become empty.
    func keeping(_ isKept: (Int) -> Bool) -> WeightedRows {
        var kept = WeightedRows(offsets: [0], columns: [], strengths: strengths == nil ? nil : [])
        for row in 0..<rowCount {
            if isKept(row) {
                let entries = offsets[row]..<offsets[row + 1]
                kept.columns += columns[entries]
                if let strengths { kept.strengths?.append(contentsOf: strengths[entries]) }
            }
            kept.offsets.append(kept.columns.count)
        }
        return kept
    }

    /// The sum of each column's strengths, added up in the order of rows.
    func columnSums(columnCount: Int) -> [Float] {
        var sums = [Double](repeating: 0, count: columnCount)
        for (entry, column) in columns.enumerated() { sums[Int(column)] += Double(strengths?[entry] ?? 1) }
        return sums.map { Float($0) }
    }
}

/// What counts as positive in a matrix, and how much each is worth by its age.
///
/// Positive: a rating of at least `positiveFrom`, or an interaction without a rating. Age is counted from the newest
/// timestamp in the whole matrix; one that lies `halfLifeDays` back is worth half, and one of more than sixty
/// half-lives nothing (it is left out).
struct PositiveInteractions: Sendable {
    /// Rows are users, columns items; strengths are the weights by age, nil without a half-life.
    let rows: WeightedRows
    /// Stars of each entry of `rows`, NaN without a rating.
    let stars: [Float]

    private static let forgottenHalfLives = 60.0

    /// - Throws: `TrainingError.nothingToLearn`, or `timestampsMissing` when a half-life is asked for.
    init(
        of matrix: InteractionMatrix, positiveFrom: Double, halfLifeDays: Double?, algorithm: String
    ) throws(TrainingError) {
        var newest: Int64 = 0
        if halfLifeDays != nil {
            // Zero is "unknown": a rating of unknown age would be taken for half a century old.
            let unknown = matrix.timestampSeconds.count(where: { $0 == 0 })
            if unknown > 0 { throw .timestampsMissing(algorithm: algorithm, interactions: unknown) }
            newest = matrix.timestampSeconds.max() ?? 0
        }
        let threshold = Float(positiveFrom)
        var offsets = [0]
        offsets.reserveCapacity(matrix.rowOffsets.count)
        var columns: [Int32] = []
        var stars: [Float] = []
        var weights: [Float] = []
        for row in 0..<matrix.users.count {
            for entry in matrix.rowOffsets[row]..<matrix.rowOffsets[row + 1] {
                let value = matrix.values[entry]
                guard value.isNaN || value >= threshold else { continue }
                if let halfLifeDays {
                    let halfLives = Double(newest - matrix.timestampSeconds[entry]) / 86_400 / halfLifeDays
                    if halfLives > PositiveInteractions.forgottenHalfLives { continue }
                    weights.append(Float(exp2(-halfLives)))
                }
                columns.append(matrix.columns[entry])
                stars.append(value)
            }
            offsets.append(columns.count)
        }
        if columns.isEmpty { throw .nothingToLearn(interactions: matrix.interactionCount, positiveFrom: positiveFrom) }
        rows = WeightedRows(offsets: offsets, columns: columns, strengths: halfLifeDays == nil ? nil : weights)
        self.stars = stars
    }

    /// Which every trainer has.
    static let threshold = HyperparameterSpec(
        "positive_from", .float(0...5), default: .float(4),
        help: "a rating of at least this many stars counts; interactions without a rating always do")
    static let halfLife = HyperparameterSpec(
        "half_life_days", .float(0.01...1_000_000), default: nil,
        help: "a rating this many days older than the newest weighs half; off unless given")
}
