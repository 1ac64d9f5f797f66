import Training

/// The interactions of one split, read once however often they are ranked.
struct EvaluationFold: Sendable {
    struct Files: Sendable, Equatable {
        var train: String
        var test: String
        /// Interactions of test users that training never saw; nil: their rows in `train`.
        var history: String?

        /// Pairs what was named in turn on a command line.
        /// - Throws: `StackError.usage` when the numbers differ.
        static func pairing(train: [String], test: [String], history: [String]) throws -> [Files] {
            guard !train.isEmpty, train.count == test.count, history.isEmpty || history.count == train.count else {
                throw StackError.usage(
                    "the folds do not fit together: \(train.count) --train, \(test.count) --test,"
                        + " \(history.count) --history.",
                    remedy: "give one --train and one --test for each fold, and --history for each or for none.")
            }
            return train.indices.map {
                Files(train: train[$0], test: test[$0], history: history.isEmpty ? nil : history[$0])
            }
        }
    }

    let train: InteractionMatrix
    let targets: InteractionMatrix
    let history: InteractionMatrix?

    /// - Throws: `DataError`.
    init(reading files: Files, workers: any Workers) throws {
        func read(_ path: String) throws -> InteractionMatrix {
            try InteractionMatrix(readingRatings: path, options: ReadOptions(), workers: workers)
        }
        (train, targets) = (try read(files.train), try read(files.test))
        history = try files.history.map(read)
    }

    func cases(positiveFrom: Double) -> [EvaluationCase] {
        EvaluationCase.cases(
            test: targets, history: history ?? train, positiveFrom: positiveFrom, foldIn: history != nil)
    }

    /// Of everything in it.
    var contentHash: String {
        let parts = [train.contentHash, targets.contentHash, history?.contentHash ?? "-"]
        return StableHash.hex(parts.joined(separator: " "), digits: 32)
    }
}
