import Foundation
import Stack

/// A param, a metric or a tag as a column of a table of runs.
struct RunColumn: Hashable {
    enum Kind: String { case metrics, params, tags }
    let kind: Kind
    let key: String

    private static let mostColumns = 4

    /// - Parameter text: `metrics.KEY` and the like; nil for anything else.
    init?(_ text: String) {
        let parts = text.split(separator: ".", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { return nil }
        let kinds: [String: Kind] = [
            "metric": .metrics, "metrics": .metrics, "param": .params, "params": .params, "parameter": .params,
            "tag": .tags, "tags": .tags,
        ]
        guard let kind = kinds[parts[0].lowercased()] else { return nil }
        (self.kind, key) = (kind, parts[1].trimmingCharacters(in: CharacterSet(charactersIn: "`\"")))
    }

    /// What filters and orders speak of, in the order in which they do.
    static func mentioned(in texts: [String]) -> [RunColumn] {
        var columns: [RunColumn] = []
        for text in texts {
            // A key without quotes, or with either kind.
            for match in text.matches(of: #/(?i)\b(?:metric|param|parameter|tag)s?\.(?:`[^`]+`|"[^"]+"|[\w./-]+)/#) {
                if let column = RunColumn(String(match.0)), !columns.contains(column) { columns.append(column) }
            }
        }
        return columns
    }

    func value(of run: Answers.TrackedRun) -> String {
        switch kind {
        case .metrics: run.metrics[key].map(Answers.text(ofMetric:)) ?? "-"
        case .params: run.params[key] ?? "-"
        case .tags: run.tags[key] ?? "-"
        }
    }

    /// - Parameter chosen: when there are none, the metrics that most of the runs have.
    static func show(_ runs: [Answers.TrackedRun], _ chosen: [RunColumn]) {
        let columns = chosen.isEmpty ? frequent(in: runs) : chosen
        Terminal.table(
            ["run", "name", "status", "started", "seconds"] + columns.map(\.key),
            runs.map { run in
                [
                    run.info.runId, Terminal.short(run.info.runName, 32), run.info.status,
                    Answers.text(ofMilliseconds: run.info.startTime),
                    run.seconds.map { String(format: "%.1f", $0) } ?? "-",
                ] + columns.map { Terminal.short($0.value(of: run), 40) }
            })
    }

    private static func frequent(in runs: [Answers.TrackedRun]) -> [RunColumn] {
        var counts: [String: Int] = [:]
        for run in runs { for key in run.metrics.keys { counts[key, default: 0] += 1 } }
        return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(mostColumns).compactMap {
            RunColumn("metrics.\($0.key)")
        }
    }
}
