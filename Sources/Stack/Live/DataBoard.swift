import Foundation
import Scheduling
import Serving
import Storage
import Synchronization
import Training

/// What is known of the ratings themselves: the log on the disk, its source, and the queue of what clients send.
final class DataBoard: DataSource, Sendable {
    private let name: String
    /// As the dataset was opened: a folder or a file.
    private let path: String
    private let home: Home
    private let arrivals: Arrivals
    private let store: SQLiteStore
    private let intake: FeedbackIntake
    /// Begun by the first who asks; a log never changes.
    private let counting = Mutex<Task<RatingDays, any Error>?>(nil)

    private static let latestDays = 30

    init(name: String, path: String, home: Home, arrivals: Arrivals, store: SQLiteStore, intake: FeedbackIntake) {
        (self.name, self.path, self.home) = (name, path, home)
        (self.arrivals, self.store, self.intake) = (arrivals, store, intake)
    }

    func days() async throws -> RatingDays {
        let log = arrivals.log
        let task = counting.withLock { counting in
            let task = counting ?? Task { try await Queues.census.perform { RatingDays(of: log) } }
            counting = task
            return task
        }
        return try await task.value
    }

    func holdings() async throws -> DataHoldings {
        let (log, path, name) = (arrivals.log, path, name)
        return try await Queues.census.perform {
            let source = try DatasetSource(recognising: path)
            return DataHoldings(
                dataset: name, form: source.form.rawValue,
                sourceFiles: source.files.map { .init(path: $0, bytes: DataBoard.size(of: $0)) },
                logFolder: log.folder, logFiles: try log.files().map { .init(path: $0.name, bytes: $0.bytes) },
                ratings: log.count, users: log.users.count, items: log.items.count, days: log.ratingsPerDay().count,
                contentHash: log.contentHash, licence: DatasetLicence(of: name),
                readme: DataBoard.readme(beside: source.ratingsPath))
        }
    }

    func rejected(limit: Int) async throws -> RejectedData {
        let (log, file, path) = (arrivals.log, QuarantineFile(home: home), path)
        return try await Queues.census.perform {
            let ratings = try? DatasetSource(recognising: path).ratingsPath
            // The file is of the log that was built last, which may be another one's.
            let isOurs = log.badLines > 0 && FileManager.default.fileExists(atPath: file.path)
            let lines = isOurs && limit > 0 ? file.lines(of: ratings ?? path, limit: limit) : []
            return RejectedData(
                count: log.badLines, total: log.count + log.badLines, path: isOurs ? file.path : nil, lines: lines)
        }
    }

    func feedback() async throws -> FeedbackQueue {
        let summary = try await store.feedbackSummary(latest: DataBoard.latestDays)
        let intake = intake.state
        return FeedbackQueue(
            stored: summary.stored, waiting: summary.waiting, arriving: intake.waiting, arrivingLimit: intake.limit,
            accepted: intake.accepted, duplicates: intake.duplicates, lastReceivedAt: summary.lastReceivedAt,
            closedDayCount: summary.closedDays,
            closedDays: summary.latest.map { entry in
                // A day is closed by the moment of its end.
                let last = Instant(milliseconds: entry.day.milliseconds - 1)
                return .init(day: Day(containing: last).start, closedAt: entry.closedAt, events: entry.events)
            })
    }

    func available() async throws -> [DatasetOffer] {
        let home = home
        return try await Queues.census.perform {
            let found = DatasetLocator(home: home).found()
            let published = PublicDataset.all
            let others = found.filter { one in !published.contains { $0.name == one.name } }
            let known = others.map { one in
                DatasetOffer(
                    name: one.name, path: one.path, ratings: one.name == "demo" ? DatasetLocator.demo.ratings : nil,
                    megabytes: nil, licence: DatasetLicence(of: one.name), canBeFetched: false)
            }
            let fetched = published.map { set in
                DatasetOffer(
                    name: set.name, path: found.first { $0.name == set.name }?.path, ratings: set.ratings,
                    megabytes: set.megabytes, licence: DatasetLicence(of: set.name), canBeFetched: true)
            }
            return known + fetched
        }
    }

    private static func size(of path: String) -> Int? {
        (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? NSNumber)?.intValue
    }

    /// A README or a licence in the folder of the ratings.
    private static func readme(beside ratings: String) -> String? {
        let folder = URL(filePath: ratings).deletingLastPathComponent().path(percentEncoded: false)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let found = names.sorted().first { name in ["readme", "licen"].contains { name.lowercased().hasPrefix($0) } }
        return found.map { (folder.hasSuffix("/") ? folder : folder + "/") + $0 }
    }
}

extension DatasetLicence {
    /// Of a dataset that comes with the program or is published by GroupLens; nil for any other.
    init?(of name: String) {
        if name == "demo" {
            self.init(name: "CC0 1.0", terms: ["People, films and ratings are invented. No rights are reserved."])
        } else if let set = PublicDataset.all.first(where: { $0.name == name }) {
            self.init(name: "GroupLens Research, University of Minnesota", terms: set.conditions)
        } else {
            return nil
        }
    }
}
