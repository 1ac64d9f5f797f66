/// The settings among which a sweep looks for the best: some fixed, others tried.
///
/// **Grid.** Every combination of the lists, the last setting changing fastest.
///
/// **Random.** Each trial draws every setting from a stream of its own, so that more trials of the same seed begin with the same
/// ones. No combination comes twice. Random search finds as good a point as a grid in fewer trials wherever only some of the
/// settings matter.
/// - Source: Bergstra, Bengio (2012), "Random Search for Hyper-Parameter Optimization".
package struct SearchSpace: Sendable, Equatable {
    /// A setting that is tried, and with what.
    package struct Axis: Sendable, Equatable {
        package let name: String
        package let range: SearchRange
        /// As it was written.
        package let text: String
    }

    package let algorithm: String
    package let fixed: [String: HyperparameterValue]
    package let axes: [Axis]

    /// Nobody waits for more, and a range with a digit too many should be noticed.
    package static let mostTrials = 10_000

    /// - Parameters:
    ///   - fixed: the same in every trial.
    ///   - tries: `name=32,64,128`, `name=16..128` or `name=0.001..0.1:log`.
    /// - Throws: `SearchError`; `TrainingError` for an unknown algorithm or setting and a value that is refused.
    package init(algorithm: String, fixed: [String: HyperparameterValue], tries: [String]) throws {
        let trainer = try TrainerCatalogue.type(named: algorithm)
        _ = try Hyperparameters(fixed, for: trainer)
        if tries.isEmpty { throw SearchError.nothingToTry(known: trainer.hyperparameters.map(\.name)) }
        var axes: [Axis] = []
        for entry in tries {
            let parts = entry.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2, !parts[0].isEmpty else { throw SearchError.notAssignment(entry) }
            let (name, text) = (parts[0], parts[1])
            guard let spec = trainer.hyperparameters.first(where: { $0.name == name }) else {
                let known = trainer.hyperparameters.map(\.name)
                throw TrainingError.unknownHyperparameter(
                    name, algorithm: algorithm, nearest: Spelling.nearest(to: name, among: known), known: known)
            }
            if fixed[name] != nil { throw SearchError.fixedAndTried(name) }
            if axes.contains(where: { $0.name == name }) { throw SearchError.triedTwice(name) }
            axes.append(
                Axis(name: name, range: try SearchRange(parsing: text, for: spec, of: algorithm), text: text))
        }
        (self.algorithm, self.fixed, self.axes) = (algorithm, fixed, axes)
    }

    /// How many combinations there are; nil when a range is among them, or when there are too many to count.
    package var combinations: Int? {
        var product = 1
        for axis in axes {
            guard let count = axis.range.count else { return nil }
            let (larger, isTooLarge) = product.multipliedReportingOverflow(by: count)
            if isTooLarge { return nil }
            product = larger
        }
        return product
    }

    /// The tried settings of each trial, without the fixed ones.
    /// - Parameter count: nil: the whole grid. Of a grid that has no more than these, all.
    /// - Throws: `SearchError.needsTrials`, `.badTrialCount`.
    package func points(_ count: Int?, seed: UInt64) throws(SearchError) -> [[String: HyperparameterValue]] {
        if let count, !(1...SearchSpace.mostTrials).contains(count) {
            throw .badTrialCount(count, most: SearchSpace.mostTrials)
        }
        if let combinations, combinations <= count ?? .max {
            if combinations > SearchSpace.mostTrials {
                throw .badTrialCount(combinations, most: SearchSpace.mostTrials)
            }
            return grid(combinations)
        }
        guard let count else {
            if let axis = axes.first(where: { $0.range.count == nil }) {
                throw .needsTrials(axis.name, text: axis.text)
            }
            throw .badTrialCount(.max, most: SearchSpace.mostTrials)
        }
        return draws(count, seed: seed)
    }

    private func grid(_ combinations: Int) -> [[String: HyperparameterValue]] {
        (0..<combinations).map { number in
            var (rest, point) = (number, [String: HyperparameterValue]())
            for axis in axes.reversed() {
                guard case .values(let values) = axis.range else { continue }
                point[axis.name] = values[rest % values.count]
                rest /= values.count
            }
            return point
        }
    }

    private func draws(_ count: Int, seed: UInt64) -> [[String: HyperparameterValue]] {
        var points: [[String: HyperparameterValue]] = []
        var drawn: Set<String> = []
        // A narrow range may hold fewer values than trials were asked for: then what there is must do.
        for stream in 0..<UInt64(count * 100) where points.count < count {
            var random = SplitMix64(seed: seed, stream: stream)
            var point: [String: HyperparameterValue] = [:]
            for axis in axes { point[axis.name] = axis.range.draw(&random) }
            if drawn.insert(axes.map { point[$0.name]?.description ?? "" }.joined(separator: "\n")).inserted {
                points.append(point)
            }
        }
        return points
    }
}
