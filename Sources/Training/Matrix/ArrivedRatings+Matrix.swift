extension ArrivedRatings {
    /// The matrix of everything that has arrived, less the hold-out.
    ///
    /// The latest rating of an item by a user wins, unless it was taken back. Blocks.
    /// - Throws: `DataError.nothingLeft`.
    package func matrix(options: MatrixOptions, workers: any Workers) throws(DataError) -> MatrixBuild {
        let table = InteractionTable(self, workers: workers)
        let holdout = table.withhold(options)
        let dropped = table.drop(
            itemsBelow: options.minItemInteractions, usersBelow: options.minUserInteractions)
        guard let matrix = table.matrix() else {
            throw .nothingLeft(
                reason:
                    "the limits (items \(options.minItemInteractions), users \(options.minUserInteractions)) leave nothing"
            )
        }
        // What was dropped is not known of the user either.
        let cases = holdout.map { held in
            HoldoutCase(
                user: held.user, targets: held.targets,
                history: held.history.filter { matrix.items.index(of: $0.item) != nil })
        }
        return MatrixBuild(
            matrix: matrix, holdout: cases.filter { !$0.history.isEmpty }, droppedItems: dropped.items,
            droppedUsers: dropped.users, droppedInteractions: dropped.interactions)
    }
}
