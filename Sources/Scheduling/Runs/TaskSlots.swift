/// Which of the ready tasks may run: each takes a slot of its pool, and one of its pipeline's `max_active_tasks`.
///
/// Those that wait begin by priority, then by logical date, then in the order of the file.
struct TaskSlots {
    struct Key: Hashable, Sendable {
        var runID: String
        var taskID: String
    }

    struct Candidate: Sendable {
        var key: Key
        var pipelineID: String
        /// nil: no limit.
        var pipelineLimit: Int?
        var pool: String
        var priority: Int
        var logicalDate: Instant
        /// Place in the file.
        var order: Int

        fileprivate func isBefore(_ other: Candidate) -> Bool {
            if priority != other.priority { return priority > other.priority }
            return (logicalDate, key.runID, order, key.taskID)
                < (other.logicalDate, other.key.runID, other.order, other.key.taskID)
        }
    }

    private struct Group: Hashable {
        var pool: String
        var pipelineID: String
        var pipelineLimit: Int?
    }

    /// Of a pool that is not configured: whoever names one wants its tasks one at a time.
    static let slotsOfUnknownPool = 1
    /// Of the pool of tasks that name none; as Airflow's.
    static let slotsOfDefaultPool = 128

    private let limits: [String: Int]
    private var holders: [Key: Candidate] = [:]
    private var usedOfPool: [String: Int] = [:]
    private var usedOfPipeline: [String: Int] = [:]
    /// Those that can have a slot or not together, the first to begin last.
    private var waiting: [Group: [Candidate]] = [:]
    private var groups: [Key: Group] = [:]

    init(pools: [String: Int]) { limits = pools }

    func limit(of pool: String) -> Int {
        limits[pool] ?? (pool == TaskSpec.defaultPool ? Self.slotsOfDefaultPool : Self.slotsOfUnknownPool)
    }

    /// Used and waited for, of every pool that is configured or in use.
    var usage: [(pool: String, slots: Int, used: Int, waiting: Int)] {
        let names = Set(limits.keys).union(usedOfPool.keys).union(waiting.keys.map(\.pool)).union([TaskSpec.defaultPool]
        )
        return names.sorted().map { name in
            (
                name, limit(of: name), usedOfPool[name] ?? 0,
                waiting.reduce(0) { $0 + ($1.key.pool == name ? $1.value.count : 0) }
            )
        }
    }

    /// One that waits already, or has a slot, is not added again: a second slot of it would never be given back.
    mutating func add(_ candidate: Candidate) {
        guard holders[candidate.key] == nil, groups[candidate.key] == nil else { return }
        let group = Group(
            pool: candidate.pool, pipelineID: candidate.pipelineID, pipelineLimit: candidate.pipelineLimit)
        groups[candidate.key] = group
        waiting[group, default: []].insert(candidate, at: place(of: candidate, in: group))
    }

    private func place(of candidate: Candidate, in group: Group) -> Int {
        guard let others = waiting[group] else { return 0 }
        var (low, high) = (0, others.count)
        while low < high {
            let middle = (low + high) / 2
            if candidate.isBefore(others[middle]) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Gives a slot to the first that can have one.
    mutating func next() -> Candidate? {
        let firsts = waiting.filter { hasSlot($0.key) }.compactMap { group, waiting in waiting.last.map { (group, $0) }
        }
        guard let (group, candidate) = firsts.min(by: { $0.1.isBefore($1.1) }) else { return nil }
        waiting[group]?.removeLast()
        if waiting[group]?.isEmpty == true { waiting[group] = nil }
        groups[candidate.key] = nil
        holders[candidate.key] = candidate
        usedOfPool[candidate.pool, default: 0] += 1
        usedOfPipeline[candidate.pipelineID, default: 0] += 1
        return candidate
    }

    private func hasSlot(_ group: Group) -> Bool {
        if usedOfPool[group.pool, default: 0] >= limit(of: group.pool) { return false }
        guard let limit = group.pipelineLimit else { return true }
        return usedOfPipeline[group.pipelineID, default: 0] < limit
    }

    /// What a waiting task waits for, for people; nil for one that does not wait.
    func reason(toWait key: Key) -> String? {
        guard let group = groups[key] else { return nil }
        let slots = limit(of: group.pool)
        if usedOfPool[group.pool, default: 0] >= slots {
            return "waiting for a slot of the pool \(group.pool), which has \(slots)"
        }
        return "waiting for another task of \(group.pipelineID) to end"
            + (group.pipelineLimit.map { ": max_active_tasks is \($0)" } ?? "")
    }

    func isWaiting(_ key: Key) -> Bool { groups[key] != nil }

    /// The task has ended, or does not begin after all.
    mutating func release(_ key: Key) {
        guard let holder = holders.removeValue(forKey: key) else { return }
        Self.decrease(&usedOfPool, holder.pool)
        Self.decrease(&usedOfPipeline, holder.pipelineID)
    }

    private static func decrease(_ counts: inout [String: Int], _ key: String) {
        let left = (counts[key] ?? 1) - 1
        counts[key] = left > 0 ? left : nil
    }

    /// Nothing of the run waits any more, and nothing of it holds a slot.
    mutating func forget(runID: String) {
        forgetWaiting(runID: runID)
        for key in holders.keys where key.runID == runID { release(key) }
    }

    /// Those wait no more.
    mutating func forgetWaiting(_ keys: Set<Key>) {
        if keys.allSatisfy({ groups[$0] == nil }) { return }
        waiting = waiting.mapValues { $0.filter { !keys.contains($0.key) } }.filter { !$0.value.isEmpty }
        for key in keys { groups[key] = nil }
    }

    mutating func forgetWaiting(runID: String) {
        forgetWaiting(Set(groups.keys.filter { $0.runID == runID }))
    }
}
