import Scheduling
import Serving
import Storage
import Synchronization
import Training

/// What has arrived so far: the log up to the high-water mark, and the feedback.
///
/// The log and the latest feedback are in memory; older feedback is looked up in the database.
final class Arrivals: PeopleSource, Sendable {
    let log: RatingsLog
    let catalogue: ItemCatalogue
    /// What the matrices of successive days have in common.
    let growing = GrowingMatrix()
    private let store: SQLiteStore
    private let state: Mutex<State>
    private let firstRows = Mutex<[Int]?>(nil)

    private struct State {
        var rowCount = 0
        /// How often the mark has gone back.
        var generation = 0
        /// By item of the log.
        var itemCounts: [Int32]
        var itemSums: [Float]
        var feedback: RecentFeedback
    }

    init(
        log: RatingsLog, catalogue: ItemCatalogue, store: SQLiteStore,
        feedbackBlockLength: Int = RecentFeedback.blockLength
    ) {
        self.log = log
        self.catalogue = catalogue
        self.store = store
        state = Mutex(
            State(
                itemCounts: Array(repeating: 0, count: log.items.count),
                itemSums: Array(repeating: 0, count: log.items.count),
                feedback: RecentFeedback(blockLength: feedbackBlockLength)))
    }

    /// By item of the log: the number of its first row. Worked out once, by a pass over the log: call it where that may take a
    /// moment.
    var firstRowOfItem: [Int] {
        firstRows.withLock { known in
            if let known { return known }
            var rows = Array(repeating: Int.max, count: log.items.count)
            for index in (0..<log.count).reversed() { rows[log.row(at: index).item] = index }
            known = rows
            return rows
        }
    }

    var rowCount: Int { state.withLock { $0.rowCount } }

    /// Moves the high-water mark forward to a moment; never back.
    func advance(to moment: Instant) {
        let target = log.rowCount(before: moment.seconds)
        state.withLock { state in
            guard target > state.rowCount else { return }
            for index in state.rowCount..<target {
                let row = log.row(at: index)
                state.itemCounts[row.item] += 1
                if !row.stars.isNaN { state.itemSums[row.item] += row.stars }
            }
            state.rowCount = target
        }
    }

    /// Moves the mark to a moment, back if need be, for a replay that starts again.
    func reset(to moment: Instant) {
        growing.clear()
        state.withLock { state in
            state.rowCount = 0
            state.generation += 1
            state.itemCounts = Array(repeating: 0, count: log.items.count)
            state.itemSums = Array(repeating: 0, count: log.items.count)
        }
        advance(to: moment)
    }

    /// Feedback events in memory.
    var recentFeedbackCount: Int { state.withLock { $0.feedback.count } }

    /// Takes up feedback that is on disk.
    func add(_ events: some Sequence<Storage.FeedbackEvent>) {
        state.withLock { state in
            for event in events {
                state.feedback.add(.init(sequence: event.sequence, rating: Rating(event)))
            }
        }
    }

    /// Says that the database finds everything up to this event by user and by item.
    func skipFeedback(through sequence: Int64) { state.withLock { $0.feedback.skip(through: sequence) } }

    /// Lets go of feedback that has become too much for memory, once the database can find it.
    /// - Throws: `StorageError`; then nothing is let go.
    func shedFeedback() async throws {
        guard let last = state.withLock({ $0.feedback.nextToIndex() }) else { return }
        do {
            try await store.indexFeedback(through: last)
        } catch {
            state.withLock { $0.feedback.endIndexing(succeeded: false) }
            throw error
        }
        state.withLock { $0.feedback.endIndexing(succeeded: true) }
    }

    /// The feedback of a user or an item in the order of arrival, and the rows of the log that had come by then.
    private func feedback(of subject: FeedbackSubject) async throws -> (rowCount: Int, ratings: [Rating]) {
        let (rowCount, recent, indexed) = state.withLock { state in
            let recent =
                switch subject {
                case .user(let user): state.feedback.events(of: user)
                case .item(let item): state.feedback.events(ofItem: item)
                }
            return (state.rowCount, recent, state.feedback.indexedThrough)
        }
        // Most homes have too little for a run: they touch no disk.
        if indexed == 0 { return (rowCount, recent) }
        let older = try await store.indexedFeedback(of: subject, through: indexed)
        return (rowCount, older.map(Rating.init) + recent)
    }

    /// Of those who have rated, the one with the least id; ids that are numbers in their numeric order.
    var firstPerson: String? {
        let rowCount = rowCount
        let arrived = (0..<log.users.count).lazy.filter { user in
            (self.log.rowsOfUser(user).first.map { Int($0) < rowCount }) ?? false
        }
        return arrived.map { self.log.users[$0] }.min { left, right in
            (left.utf8.count, left) < (right.utf8.count, right)
        }
    }

    // MARK: - PeopleSource

    func history(of user: String) async throws -> [Rating]? {
        let (rowCount, feedback) = try await feedback(of: .user(user))
        let history = ArrivedRatings(log: log, rowCount: rowCount, feedback: feedback).history(of: user)
        return history.isEmpty ? nil : history
    }

    func historyVersion(of user: String) -> HistoryVersion {
        let (rowCount, generation, feedback) = state.withLock {
            ($0.rowCount, $0.generation, $0.feedback.changeCount(of: user))
        }
        let rows = log.users.index(of: user).map { index in
            let rows = log.rowsOfUser(index)
            var (low, high) = (rows.startIndex, rows.endIndex)
            while low < high {
                let middle = low + (high - low) / 2
                if Int(rows[middle]) < rowCount { low = middle + 1 } else { high = middle }
            }
            return low - rows.startIndex
        }
        return HistoryVersion(generation: generation, rows: rows ?? 0, feedback: feedback)
    }

    /// How far back the log is looked through for people who were active; enough for any list a person reads.
    private static let furthestRow = 100_000

    func people(limit: Int, query: String) async throws -> [PersonSummary] {
        var people: [PersonSummary] = []
        for user in users(limit: limit, query: query) {
            people.append(PersonSummary(user: user, ratings: try await history(of: user)?.count ?? 0))
        }
        return people
    }

    /// Most recently active first.
    private func users(limit: Int, query: String) -> [String] {
        let (rowCount, recent) = state.withLock { ($0.rowCount, $0.feedback.activeUsers) }
        var seen: Set<String> = []
        var people: [String] = []
        func consider(_ user: String) {
            guard people.count < limit, user.hasPrefix(query), seen.insert(user).inserted else { return }
            people.append(user)
        }
        recent.reversed().forEach(consider)
        if query.isEmpty {
            var lastUser = -1
            for index in stride(from: rowCount - 1, through: max(0, rowCount - Arrivals.furthestRow), by: -1) {
                if people.count >= limit { break }
                let user = log.row(at: index).user
                if user != lastUser { consider(log.users[user]) }
                lastUser = user
            }
        } else {
            for user in 0..<log.users.count where people.count < limit {
                let id = log.users[user]
                if id.hasPrefix(query), (log.rowsOfUser(user).first.map { Int($0) < rowCount }) ?? false {
                    consider(id)
                }
            }
        }
        return people
    }

    func itemFacts(_ item: String) async throws -> (ratings: Int, mean: Double?) {
        let index = log.items.index(of: item)
        let feedback = try await feedback(of: .item(item)).ratings
        var (count, sum, rowCount) = state.withLock { state in
            (
                index.map { Int(state.itemCounts[$0]) } ?? 0, index.map { Double(state.itemSums[$0]) } ?? 0,
                state.rowCount
            )
        }
        for (user, rating) in Dictionary(feedback.map { ($0.user, $0) }, uniquingKeysWith: { $1 }) {
            // What the same person said of it before is no rating of its own any more.
            for stars in rows(of: user, item: index, before: rowCount) {
                count -= 1
                sum -= stars.isNaN ? 0 : Double(stars)
            }
            if rating.isRetracted { continue }
            count += 1
            sum += Double(rating.stars ?? 0)
        }
        return (count, count == 0 ? nil : sum / Double(count))
    }

    /// The stars that somebody gave to an item in the log so far.
    private func rows(of user: String, item: Int?, before rowCount: Int) -> [Float] {
        guard let item, let user = log.users.index(of: user) else { return [] }
        return log.rowsOfUser(user).prefix { Int($0) < rowCount }.map { log.row(at: Int($0)) }
            .filter { $0.item == item }.map(\.stars)
    }
}
