import Foundation
import Training

/// What `mlstack data describe` and `validate` say of a dataset.
package struct DatasetFindings: Sendable {
    private let path: String
    private let report: DatasetReport

    init(path: String, report: DatasetReport) { (self.path, self.report) = (path, report) }

    /// The first bad lines, `file:line: what is wrong`.
    package var problems: [String] { report.problems.map { "\($0)" } }
    package var badLines: Int { report.badLines }
    package var lines: Int { report.ratings + report.badLines }

    package var text: String {
        let first = report.firstTimestampSeconds.map { Day(containingSeconds: $0).description } ?? "-"
        let last = report.lastTimestampSeconds.map { Day(containingSeconds: $0).description } ?? "-"
        let largest = max(1, report.starCounts.map(\.count).max() ?? 1)
        let stars = report.starCounts.map { entry in
            "  \(Decimals.text(Double(entry.stars), 1))  \(String(repeating: "#", count: entry.count * 40 / largest)) \(entry.count)"
        }
        return """
            \(path)
            \(report.ratings) ratings by \(report.users) users of \(report.items) items, \(first) to \(last)
            density \(Decimals.text(report.density * 100, 3)) %, repeated ratings: \(report.duplicates), bad lines: \(report.badLines)
            \(stars.joined(separator: "\n"))
            """
    }

    package func json() throws -> String {
        let object: [String: Any] = [
            "path": path, "ratings": report.ratings, "users": report.users, "items": report.items,
            "duplicates": report.duplicates, "bad_lines": report.badLines, "density": report.density,
            "stars": Dictionary(
                uniqueKeysWithValues: report.starCounts.map { (Decimals.text(Double($0.stars), 1), $0.count) }),
        ]
        return try JSONText.object(object)
    }
}
