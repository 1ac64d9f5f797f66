/// A compressed-sparse-row matrix of who interacted with what, and how much they liked it.
///
/// Row `r` is user `users[r]`; its non-zero columns are `columns[rowOffsets[r]..<rowOffsets[r + 1]]`, ascending. Every user has at
/// least one entry, and so has every item.
/// - Shapes: `users` m, `items` n, `rowOffsets` m + 1, `columns`, `values` and `timestampSeconds` nnz.
/// - Units: `values` are stars, 0.5 ... 5; an interaction without a rating is NaN (it counts as positive). `timestampSeconds` are
///   seconds since 1970 UTC, 0 when unknown.
package struct InteractionMatrix: Sendable, Equatable {
    package let users: IDTable
    package let items: IDTable
    package let rowOffsets: [Int]
    package let columns: [Int32]
    package let values: [Float]
    package let timestampSeconds: [Int64]

    package init(
        users: IDTable, items: IDTable, rowOffsets: [Int], columns: [Int32], values: [Float], timestampSeconds: [Int64]
    ) {
        (self.users, self.items, self.rowOffsets) = (users, items, rowOffsets)
        (self.columns, self.values, self.timestampSeconds) = (columns, values, timestampSeconds)
    }

    package var interactionCount: Int { columns.count }
}
