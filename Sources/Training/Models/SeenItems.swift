/// Which items each user had interacted with (or liked) when the model was trained, as a compressed-sparse-row pattern.
///
/// - Shapes: `offsets` users + 1, `columns` as many as there are interactions; a row's columns ascend.
struct SeenItems: Sendable, Equatable {
    let offsets: [Int64]
    let columns: [Int32]

    init(of matrix: InteractionMatrix) {
        offsets = matrix.rowOffsets.map { Int64($0) }
        columns = matrix.columns
    }

    init(of positives: WeightedRows) {
        offsets = positives.offsets.map { Int64($0) }
        columns = positives.columns
    }

    /// - Returns: nil when the numbers are no such pattern.
    init?(offsets: [Int64], columns: [Int32], itemCount: Int) {
        guard offsets.first == 0, offsets.last == Int64(columns.count) else { return nil }
        for row in 0..<offsets.count - 1 {
            // Later offsets are bounded by the last one only if they never step back.
            guard offsets[row] <= offsets[row + 1], offsets[row + 1] <= Int64(columns.count) else { return nil }
            var previous: Int32 = -1
            for column in columns[Int(offsets[row])..<Int(offsets[row + 1])] {
                guard column > previous, column < Int32(itemCount) else { return nil }
                previous = column
            }
        }
        (self.offsets, self.columns) = (offsets, columns)
    }

    var userCount: Int { offsets.count - 1 }

    func items(of user: Int) -> ArraySlice<Int32> { columns[Int(offsets[user])..<Int(offsets[user + 1])] }

    /// `NAME_offsets` and `NAME_items`.
    func tensors(_ name: String) -> [String: Tensor] {
        [
            "\(name)_offsets": Tensor(shape: [offsets.count], values: .int64(offsets)),
            "\(name)_items": Tensor(shape: [columns.count], values: .int32(columns)),
        ]
    }
}
