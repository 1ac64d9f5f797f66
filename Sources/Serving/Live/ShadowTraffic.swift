package import Dispatch
import Synchronization
package import Training

/// A challenger that answers beside production and is not heard: what it would have said is only compared.
///
/// A sampled share of the answers that production computes (those that its cache repeats are not computed) is handed to a
/// serial queue after the fact, so no answer waits for it. When the queue is full, what comes is dropped and counted.
package final class ShadowTraffic: Sendable {
    /// The version with this alias, when there is one, is the challenger.
    package static let alias = "challenger"
    package static let defaultShare = 0.1
    /// Answers that may wait for the challenger: more than a burst of requests, and a few milliseconds of work.
    private static let capacity = 64

    /// What was compared between one production version and one challenger.
    package struct Tally: Sendable, Equatable {
        package var answers = 0
        package var dropped = 0
        /// Of the overlaps, each 0 ... 1.
        package var overlapSum = 0.0

        /// nil before the first comparison.
        package var meanOverlap: Double? { answers == 0 ? nil : overlapSum / Double(answers) }
    }

    /// How things stand at one moment.
    package struct Snapshot: Sendable {
        package var model: LiveModel?
        /// The production version that the challenger is compared with; nil before the first comparison.
        package var against: Int?
        package var pair: Tally
        /// Of all pairs since the start: it never goes back.
        package var total: Tally
        /// Why the version with the alias could not be loaded.
        package var problem: String?
    }

    private struct State {
        var now = Snapshot(pair: Tally(), total: Tally())
        var waiting = 0
        /// Grows by the share with each answer; a whole one pays for a comparison.
        var credit = 0.0
    }

    /// Of production's computed answers, 0 ... 1.
    package let share: Double
    private let queue: DispatchQueue
    private let state = Mutex(State())

    /// - Parameter queue: serial; computes.
    package init(share: Double = defaultShare, queue: DispatchQueue) { (self.share, self.queue) = (share, queue) }

    package var snapshot: Snapshot { state.withLock { $0.now } }

    /// - Parameter model: nil: there is no challenger.
    package func swap(in model: LiveModel?, problem: String? = nil) {
        state.withLock { state in
            (state.now.model, state.now.problem) = (model, problem)
            (state.now.against, state.now.pair) = (nil, Tally())
        }
    }

    /// Takes note of an answer that production has computed. Returns at once.
    /// - Parameters:
    ///   - user: nil: somebody described by `history` alone.
    ///   - best: production's list.
    func offer(
        user: String?, history: [Rating], query: RecommendationQuery, catalogue: ItemCatalogue, best: [ScoredItem],
        of production: LiveModel
    ) {
        if share <= 0 || best.isEmpty { return }
        let challenger: LiveModel? = state.withLock { state in
            guard let challenger = state.now.model else { return nil }
            state.credit += share
            if state.credit < 1 { return nil }
            state.credit -= 1
            if state.waiting >= ShadowTraffic.capacity {
                state.now.pair.dropped += 1
                state.now.total.dropped += 1
                return nil
            }
            state.waiting += 1
            return challenger
        }
        guard let challenger else { return }
        var question = query
        // Only the lists are compared.
        question.explains = false
        queue.async { [self, question] in
            let theirs = challenger.best(
                user: user.flatMap { challenger.recommender.users.index(of: $0) }, history: history, query: question,
                catalogue: catalogue
            ).items
            let named = Set(theirs.map { challenger.recommender.items[$0.item] })
            let common = best.count { named.contains(production.recommender.items[$0.item]) }
            record(Double(common) / Double(best.count), by: challenger, against: production)
        }
    }

    /// What a challenger that has gone since would have said counts for nothing.
    private func record(_ overlap: Double, by challenger: LiveModel, against production: LiveModel) {
        state.withLock { state in
            state.waiting -= 1
            guard state.now.model === challenger else { return }
            if state.now.against != production.version {
                (state.now.against, state.now.pair) = (production.version, Tally())
            }
            state.now.pair.answers += 1
            state.now.pair.overlapSum += overlap
            state.now.total.answers += 1
            state.now.total.overlapSum += overlap
        }
    }
}
