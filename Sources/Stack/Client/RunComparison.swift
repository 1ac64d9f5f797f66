import Foundation
import Registry

/// Runs side by side: what was set, what came of it.
package struct RunComparison: Sendable, Equatable {
    package enum Kind: String, Sendable { case param, metric, tag }

    package struct Row: Sendable, Equatable {
        package var kind: Kind
        package var key: String
        /// One for each run; nil where the run has none.
        package var values: [String?]
        /// Of a metric: whose value is the best, where they differ.
        package var best: Set<Int>
    }

    package let rows: [Row]

    /// - Parameters:
    ///   - isWhole: also what is the same everywhere.
    ///   - withTags: those that MLflow and mlstack set themselves too.
    package init(_ runs: [Answers.TrackedRun], isWhole: Bool, withTags: Bool) {
        var rows = Self.rows(.param, runs.map(\.params)) + Self.metrics(runs.map(\.metrics))
        if withTags { rows += Self.rows(.tag, runs.map(\.tags)) }
        self.rows = isWhole ? rows : rows.filter { Set($0.values).count > 1 }
    }

    private static func rows(_ kind: Kind, _ columns: [[String: String]]) -> [Row] {
        Set(columns.flatMap(\.keys)).sorted().map { key in
            Row(kind: kind, key: key, values: columns.map { $0[key] }, best: [])
        }
    }

    private static func metrics(_ columns: [[String: Double]]) -> [Row] {
        Set(columns.flatMap(\.keys)).sorted().map { key in
            let values = columns.map { $0[key] }
            let numbers = values.compactMap { $0 }.filter { !$0.isNaN }
            let winner: Double? =
                switch MetricDirection(of: key) {
                case .moreIsBetter: numbers.max()
                case .lessIsBetter: numbers.min()
                case .neutral: nil
                }
            let isContest = Set(numbers).count > 1
            return Row(
                kind: .metric, key: key, values: values.map { $0.map(Answers.text(ofMetric:)) },
                best: isContest ? Set(values.indices.filter { values[$0] == winner }) : [])
        }
    }

    package func json(runs: [Answers.TrackedRun]) throws -> String {
        try JSONText.object([
            "runs": runs.map { ["run_id": $0.info.runId, "run_name": $0.info.runName] },
            "rows": rows.map { row in
                [
                    "kind": row.kind.rawValue, "key": row.key, "values": row.values.map { $0 as Any? ?? NSNull() },
                    "best": row.best.sorted(),
                ] as [String: Any]
            },
        ])
    }
}

extension Answers {
    /// Six digits that count, as a table has room for.
    package static func text(ofMetric value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value == value.rounded(), value.magnitude < 1e15 { return "\(Int64(value))" }
        return String(format: "%.6g", value)
    }
}
