import Foundation
import Scheduling
import Storage
import Training

/// `replay/ingest`: takes in the ratings of the run's data interval, as if they had just been crawled.
struct IngestOperator: Operator {
    let place: Later<Workshop>
    private var workshop: Workshop { place.value }

    let name = "replay/ingest"
    let summary = "Takes in the day's ratings: moves the high-water mark of the log and collects the feedback."
    let settings: [SettingSpec] = []

    func run(_ settings: Settings, _ context: TaskContext) async throws -> TaskOutputs {
        let interval = context.run.dataInterval
        let log = workshop.arrivals.log
        let feedback = try await workshop.store.assignPendingFeedback(to: interval.end)
        let before = log.rowCount(before: interval.start.seconds)
        let after = log.rowCount(before: interval.end.seconds)
        workshop.arrivals.advance(to: interval.end)

        let fresh = after - before + feedback
        context.log.info(
            "\(context.day): \(after - before) ratings and \(feedback) feedback events; \(after) ratings so far")
        if after == 0, try await workshop.store.feedbackCount(assignedUpTo: interval.end) == 0 {
            throw TaskSkip(reason: "no rating has come yet")
        }
        if fresh == 0, try await workshop.hasProduction() {
            throw TaskSkip(reason: "no ratings came on \(context.day)")
        }
        return [
            "ratings": "\(log.contentHash)/\(after)", "new_ratings": "\(after - before)", "new_feedback": "\(feedback)",
            "total_ratings": "\(after)", "day": context.day.description,
            // What a dataset event counts.
            "new_rows": "\(fresh)",
        ]
    }
}
