import Foundation
import Training

/// The columnar logs of a home: each source is parsed once.
///
/// A log's folder is named by where its source is and how it looked (path, size, time of change), so that finding it again
/// reads nothing; the manifest inside holds the hash of the source's content, which is what a replay goes by.
struct LogShelf: Sendable {
    let folder: String

    init(folder: String) { self.folder = folder }

    /// Opens the log of a source, parsing the source first when it is new or has changed.
    /// - Parameter quarantine: where bad lines go; nil: a bad line is an error.
    /// - Throws: `DataError`.
    func open(
        _ source: DatasetSource, options: ReadOptions, workers: any Workers,
        progress: @escaping @Sendable (Double) -> Void
    ) throws -> (log: RatingsLog, report: BuildReport?) {
        let place = "\(folder)/\(try key(source, options))"
        if FileManager.default.fileExists(atPath: place) {
            if let log = try? RatingsLog(opening: place) { return (log, nil) }
            // A log that cannot be opened (a former version of the format, a damaged disk) is made again from the source.
            try FileManager.default.removeItem(atPath: place)
        }
        let report = try RatingsLog.build(
            from: source, into: place, options: options, workers: workers, progress: progress)
        return (try RatingsLog(opening: place), report)
    }

    private func key(_ source: DatasetSource, _ options: ReadOptions) throws -> String {
        var facts = options.skipBadLines ? "skip" : "strict"
        for path in source.files {
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            let size = (attributes[.size] as? NSNumber)?.int64Value ?? 0
            let changed = (attributes[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
            facts += "|\(path)|\(size)|\(changed)"
        }
        let name = URL(filePath: source.files.first ?? "ratings").deletingLastPathComponent().lastPathComponent
        return "\(name.filter { $0.isLetter || $0.isNumber || $0 == "-" })-\(StableHash.hex(facts, digits: 12))"
    }
}
