import Scheduling
import Training

@testable import Serving

/// Two days, one bad line, three events.
struct FakeData: DataSource {
    func days() async throws -> RatingDays {
        RatingDays(
            firstDaySeconds: 1_719_792_000, ratings: [3, 0], users: [2, 0], newUsers: [2, 0], items: [3, 0],
            newItems: [3, 0], ratingMeans: [3.123456, .nan])
    }

    func holdings() async throws -> DataHoldings {
        DataHoldings(
            dataset: "demo", form: "csv", sourceFiles: [.init(path: "ratings.csv", bytes: nil)],
            logFolder: "ratings/x", logFiles: [.init(path: "days.u64", bytes: 24)], ratings: 3, users: 2, items: 3,
            days: 2, contentHash: "abc", licence: DatasetLicence(name: "CC0 1.0", terms: ["None."]), readme: nil)
    }

    func rejected(limit: Int) async throws -> RejectedData {
        let lines = [RejectedData.Line(line: 7, problem: "the rating is \"x\"", text: "<b>1,2,x</b>")]
        return RejectedData(count: 1, total: 4, path: "rejected.txt", lines: Array(lines.prefix(limit)))
    }

    func feedback() async throws -> FeedbackQueue {
        let day = Instant(seconds: 1_719_792_000)
        return FeedbackQueue(
            stored: 3, waiting: 1, arriving: 0, arrivingLimit: 200_000, accepted: 3, duplicates: 0,
            lastReceivedAt: nil, closedDayCount: 1, closedDays: [.init(day: day, closedAt: day, events: 2)])
    }

    func available() async throws -> [DatasetOffer] {
        [
            DatasetOffer(
                name: "ml-1m", path: nil, ratings: 1_000_209, megabytes: 6, licence: nil, canBeFetched: true)
        ]
    }
}
