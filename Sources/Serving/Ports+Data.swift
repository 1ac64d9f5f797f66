package import Scheduling
package import Training

/// What is known of the ratings themselves, beyond those that have arrived.
package protocol DataSource: Sendable {
    /// Of the whole dataset; worked out once, off the caller's thread.
    func days() async throws -> RatingDays
    func holdings() async throws -> DataHoldings
    /// - Parameter limit: how many of the lines themselves are told.
    func rejected(limit: Int) async throws -> RejectedData
    func feedback() async throws -> FeedbackQueue
    /// Every dataset that a name finds here, and the public ones that can be fetched.
    func available() async throws -> [DatasetOffer]
}

/// What the store really has of the dataset that is replayed.
package struct DataHoldings: Sendable, Equatable {
    /// A file and how long it is; nil: it is gone.
    package struct File: Sendable, Equatable {
        package var path: String
        package var bytes: Int?
        package init(path: String, bytes: Int?) { (self.path, self.bytes) = (path, bytes) }
    }

    package var dataset: String
    /// `csv`, `doubleColon` or `tabs`.
    package var form: String
    package var sourceFiles: [File]
    /// Where the columnar log is, and its files by their names.
    package var logFolder: String
    package var logFiles: [File]
    package var ratings: Int
    package var users: Int
    package var items: Int
    package var days: Int
    package var contentHash: String
    /// nil: the program knows no licence of it; it may stand in `readme`.
    package var licence: DatasetLicence?
    /// What lies beside the data for people to read.
    package var readme: String?
    package init(
        dataset: String, form: String, sourceFiles: [File], logFolder: String, logFiles: [File], ratings: Int,
        users: Int, items: Int, days: Int, contentHash: String, licence: DatasetLicence?, readme: String?
    ) {
        (self.dataset, self.form, self.sourceFiles) = (dataset, form, sourceFiles)
        (self.logFolder, self.logFiles, self.ratings) = (logFolder, logFiles, ratings)
        (self.users, self.items, self.days, self.contentHash) = (users, items, days, contentHash)
        (self.licence, self.readme) = (licence, readme)
    }
}

/// Under which terms a dataset may be used, in short.
package struct DatasetLicence: Sendable, Equatable {
    package var name: String
    package var terms: [String]
    package init(name: String, terms: [String]) { (self.name, self.terms) = (name, terms) }
}

/// Lines of the source that were no ratings.
package struct RejectedData: Sendable, Equatable {
    /// One of them.
    package struct Line: Sendable, Equatable {
        package var line: Int
        package var problem: String
        package var text: String
        package init(line: Int, problem: String, text: String) {
            (self.line, self.problem, self.text) = (line, problem, text)
        }
    }
    package var count: Int
    /// All lines of the source that are not blank, those among them.
    package var total: Int
    /// Where they were put aside; nil: nothing was.
    package var path: String?
    package var lines: [Line]
    package init(count: Int, total: Int, path: String?, lines: [Line]) {
        (self.count, self.total, self.path, self.lines) = (count, total, path, lines)
    }
}

/// The queue of events that clients send.
package struct FeedbackQueue: Sendable, Equatable {
    /// A simulated day that has taken up what waited.
    package struct ClosedDay: Sendable, Equatable {
        package var day: Instant
        package var closedAt: Instant
        package var events: Int
        package init(day: Instant, closedAt: Instant, events: Int) {
            (self.day, self.closedAt, self.events) = (day, closedAt, events)
        }
    }
    /// On disk, in all.
    package var stored: Int
    /// On disk, of no day yet.
    package var waiting: Int
    /// Being put on disk now, and how many may be at once.
    package var arriving: Int
    package var arrivingLimit: Int
    /// By this process since its start.
    package var accepted: Int
    package var duplicates: Int
    package var lastReceivedAt: Instant?
    /// How many days are closed, and the latest of those that took up something, newest first.
    package var closedDayCount: Int
    package var closedDays: [ClosedDay]
    package init(
        stored: Int, waiting: Int, arriving: Int, arrivingLimit: Int, accepted: Int, duplicates: Int,
        lastReceivedAt: Instant?, closedDayCount: Int, closedDays: [ClosedDay]
    ) {
        (self.stored, self.waiting, self.arriving, self.arrivingLimit) = (stored, waiting, arriving, arrivingLimit)
        (self.accepted, self.duplicates, self.lastReceivedAt) = (accepted, duplicates, lastReceivedAt)
        (self.closedDayCount, self.closedDays) = (closedDayCount, closedDays)
    }
}

/// A dataset that could be replayed.
package struct DatasetOffer: Sendable, Equatable {
    package var name: String
    /// nil: it has to be fetched, or is generated when first used.
    package var path: String?
    /// As it is published; nil: not known before it is read.
    package var ratings: Int?
    package var megabytes: Int?
    package var licence: DatasetLicence?
    package var canBeFetched: Bool
    package init(
        name: String, path: String?, ratings: Int?, megabytes: Int?, licence: DatasetLicence?, canBeFetched: Bool
    ) {
        (self.name, self.path, self.ratings, self.megabytes) = (name, path, ratings, megabytes)
        (self.licence, self.canBeFetched) = (licence, canBeFetched)
    }
}
