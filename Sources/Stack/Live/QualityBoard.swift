import Serving
import Storage
import Synchronization

/// The quality curve of each model. Running means follow from the points and are not stored; what was read once is kept, since
/// every day asks for it again.
final class QualityBoard: QualitySource, Sendable {
    private let store: SQLiteStore
    private let content = Mutex(Content())

    private struct Content {
        var latest: QualityPoint?
        var curves: [String: QualityCurve] = [:]
        /// How often the store was written: what was read before a writing is not kept.
        var writings = 0
    }

    /// What a point is made of.
    private static let keys =
        QualityKey.metrics.flatMap { QualityKey.all(of: $0) }.map(\.text) + ["cases", "known_cases", "new_cases"]

    init(store: SQLiteStore) { self.store = store }

    /// The last point recorded by this process.
    var latest: QualityPoint? { content.withLock { $0.latest } }

    /// - Returns: the point with its running means.
    @discardableResult
    func record(_ point: QualityPoint, model: String) async throws -> QualityPoint {
        try await figures(model).log(point.values, on: point.date, runName: "prequential test of \(model)")
        content.withLock { content in
            content.writings += 1
            content.curves[model]?.put(point)
        }
        let recorded = try await quality(model: model).last { $0.date == point.date } ?? point
        content.withLock { $0.latest = recorded }
        return recorded
    }

    func quality(model: String) async throws -> [QualityPoint] {
        while true {
            let (kept, writings) = content.withLock { ($0.curves[model], $0.writings) }
            if let kept { return kept.points }
            let curve = QualityCurve(
                try await figures(model).all(QualityBoard.keys).map { QualityPoint(date: $0.date, values: $0.values) })
            let isCurrent = content.withLock { content in
                if content.writings == writings { content.curves[model] = curve }
                return content.writings == writings
            }
            if isCurrent { return curve.points }
        }
    }

    func clear() {
        content.withLock { $0 = Content(writings: $0.writings + 1) }
    }

    private func figures(_ model: String) -> DailyFigures {
        DailyFigures(store: store, name: "prequential \(model)", purpose: "prequential")
    }
}

/// Points by date, oldest first, with the running means of the curve's metric.
struct QualityCurve: Sendable {
    private(set) var points: [QualityPoint] = []
    private var means: [String: RunningMean] = [:]

    private static let keys = QualityKey.all(of: QualityKey.curve).map(\.text)

    init(_ points: [QualityPoint]) { for point in points { append(point) } }

    /// A day that is there already is replaced.
    mutating func put(_ point: QualityPoint) {
        if let last = points.last, last.date >= point.date {
            self = QualityCurve((points.filter { $0.date != point.date } + [point]).sorted { $0.date < $1.date })
        } else {
            append(point)
        }
    }

    /// A day without a value for a key moves its mean not at all, and has none.
    private mutating func append(_ point: QualityPoint) {
        var point = point
        point.running = [:]
        for key in QualityCurve.keys {
            if let value = point.values[key] { point.running[key] = means[key, default: RunningMean()].add(value) }
        }
        points.append(point)
    }
}
