/// The tasks of a run, which know what a transition has altered and how many of them have not ended: with thousands of tasks neither
/// can be found by looking at all of them after each.
package struct TaskTable: Sendable {
    /// In the order of the plan; after them those that `foreach` made.
    package private(set) var all: [TaskInstance]
    /// As they were when the transition began, by position.
    private var former: [Int: TaskInstance] = [:]
    private var formerCount: Int
    /// Tasks that have not ended.
    private(set) var openCount = 0
    /// Of those that `foreach` made, by the task that they were made from.
    private var openMade: [String: Int] = [:]

    init(_ tasks: [TaskInstance]) {
        (all, formerCount) = (tasks, tasks.count)
        for task in tasks { count(task, by: 1) }
    }

    /// How many of those that were made from a task have not ended.
    func openCount(madeFrom taskID: String) -> Int { openMade[taskID] ?? 0 }

    mutating func append(_ task: TaskInstance) {
        all.append(task)
        count(task, by: 1)
    }

    private mutating func count(_ task: TaskInstance, by step: Int) {
        if task.state.isTerminal { return }
        openCount += step
        if let parent = task.mappedFrom { openMade[parent, default: 0] += step }
    }

    /// From here on changes are gathered.
    mutating func beginTransition() {
        former.removeAll(keepingCapacity: true)
        formerCount = all.count
    }

    /// What was altered since: those that were there in their order, then those that were added.
    var changes: [RunChange] {
        var changes: [RunChange] = former.sorted { $0.key < $1.key }.compactMap { position, task in
            all[position] == task ? nil : .updateTask(all[position])
        }
        if all.count > formerCount { changes.append(.addTasks(Array(all[formerCount...]))) }
        return changes
    }
}

extension TaskTable: RandomAccessCollection, MutableCollection {
    package var startIndex: Int { 0 }
    package var endIndex: Int { all.count }

    package subscript(position: Int) -> TaskInstance {
        get { all[position] }
        _modify {
            if position < formerCount, former[position] == nil { former[position] = all[position] }
            let wasOpen = !all[position].state.isTerminal
            yield &all[position]
            let isOpen = !all[position].state.isTerminal
            if wasOpen != isOpen {
                let step = isOpen ? 1 : -1
                openCount += step
                if let parent = all[position].mappedFrom { openMade[parent, default: 0] += step }
            }
        }
    }
}

extension TaskTable: Equatable {
    /// What a transition has altered is no part of what they are.
    package static func == (one: TaskTable, other: TaskTable) -> Bool { one.all == other.all }
}
