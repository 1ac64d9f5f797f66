extension ArrivedRatings {
    /// The matrix of everything that has arrived, less the hold-out.
    ///
    /// The latest rating of an item by a user wins, unless it was taken back. Blocks.
    /// - Parameters:
    ///   - filters: what they leave out is neither learned nor held out; one after the other.
    ///   - growing: keeps what is common to the matrices of successive days; nil: everything is made anew.
    /// - Throws: `DataError.nothingLeft`.
    package func matrix(
        options: MatrixOptions, filters: [ItemFilter] = [], growing: GrowingMatrix? = nil, workers: any Workers
    ) throws(DataError) -> MatrixBuild {
        let whole = growing?.matrix(of: self, workers: workers) ?? InteractionTable(self, workers: workers).matrix()
        let selection = MatrixSelection(of: whole, workers: workers)
        let filtered = filters.map { selection.apply($0) }
        let holdout = selection.withhold(options)
        let dropped = selection.drop(
            itemsBelow: options.minItemInteractions, usersBelow: options.minUserInteractions)
        guard let matrix = selection.selected() else {
            throw .nothingLeft(
                reason: filters.map { "\($0.name), " }.joined()
                    + "the limits (items \(options.minItemInteractions), users \(options.minUserInteractions)) leave nothing"
            )
        }
        // What was dropped is not known of the user either.
        let cases = holdout.map { held in
            HoldoutCase(
                user: held.user, targets: held.targets,
                history: held.history.filter { matrix.items.index(of: $0.item) != nil })
        }
        return MatrixBuild(
            matrix: matrix, holdout: cases.filter { !$0.history.isEmpty }, filtered: filtered,
            droppedItems: dropped.items,
            droppedUsers: dropped.users, droppedInteractions: dropped.interactions)
    }
}
