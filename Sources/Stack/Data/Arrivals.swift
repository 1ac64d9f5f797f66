import Synchronization
import Scheduling
import Serving
import Training

/// What has arrived so far: the log up to the high-water mark, and the feedback; kept ready for answers that must touch no disk.
final class Arrivals: PeopleSource, Sendable {
    let log: RatingsLog
    let catalogue: ItemCatalogue
    /// What the matrices of successive days have in common.
    let growing = GrowingMatrix()
    private let state: Mutex<State>
    private let firstRows = Mutex<[Int]?>(nil)

    private struct State {
        var rowCount = 0
        /// How often the mark has gone back.
        var generation = 0
        /// By item of the log.
        var itemCounts: [Int32]
        var itemSums: [Float]
        /// By user, in the order they came.
        var feedback: [String: [Rating]] = [:]
        /// The latest of each person, by item.
        var feedbackByItem: [String: [String: Rating]] = [:]
        /// Who gave feedback, most recently first to be found from the end.
        var feedbackOrder: [String] = []
    }

    init(log: RatingsLog, catalogue: ItemCatalogue) {
        self.log = log
        self.catalogue = catalogue
        state = Mutex(
            State(
                itemCounts: Array(repeating: 0, count: log.items.count),
                itemSums: Array(repeating: 0, count: log.items.count)))
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

    /// Takes up feedback that is on disk.
    func add(_ ratings: [Rating]) {
        state.withLock { state in
            for rating in ratings {
                state.feedback[rating.user, default: []].append(rating)
                state.feedbackByItem[rating.item, default: [:]][rating.user] = rating
                if state.feedbackOrder.last != rating.user { state.feedbackOrder.append(rating.user) }
            }
        }
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

    func history(of user: String) -> [Rating]? {
        let (rowCount, feedback) = state.withLock { ($0.rowCount, $0.feedback[user] ?? []) }
        let history = ArrivedRatings(log: log, rowCount: rowCount, feedback: feedback).history(of: user)
        return history.isEmpty ? nil : history
    }

    func historyVersion(of user: String) -> HistoryVersion {
        let (rowCount, generation, feedback) = state.withLock {
            ($0.rowCount, $0.generation, $0.feedback[user]?.count ?? 0)
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

    func people(limit: Int, query: String) -> [PersonSummary] {
        let (rowCount, recent) = state.withLock { ($0.rowCount, $0.feedbackOrder.suffix(1000)) }
        var seen: Set<String> = []
        var people: [PersonSummary] = []
        func consider(_ user: String) {
            guard people.count < limit, user.hasPrefix(query), seen.insert(user).inserted else { return }
            people.append(PersonSummary(user: user, ratings: history(of: user)?.count ?? 0))
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

    func itemFacts(_ item: String) -> (ratings: Int, mean: Double?) {
        let index = log.items.index(of: item)
        var (count, sum, feedback, rowCount) = state.withLock { state in
            (
                index.map { Int(state.itemCounts[$0]) } ?? 0, index.map { Double(state.itemSums[$0]) } ?? 0,
                state.feedbackByItem[item] ?? [:], state.rowCount
            )
        }
        for (user, rating) in feedback {
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
