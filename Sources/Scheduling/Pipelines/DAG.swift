import Foundation

/// Which task needs which, without the tasks: what may be asked of the shape of a pipeline.
package struct DAG: Sendable, Equatable {
    /// In the order of the file.
    package let tasks: [String]
    /// Task to the tasks it names in `needs`.
    package let needs: [String: [String]]
    /// Every task after all that it needs; among those that could come next, the one that is first in the file.
    package let order: [String]
    /// Task to its longest distance from a task that needs nothing: the column to draw it in.
    package let levels: [String: Int]

    private let dependents: [String: [String]]

    /// - Throws: `DAGError` when the needs go round in a circle or name a task that there is not.
    package init(tasks: [(id: String, needs: [String])]) throws(DAGError) {
        self.tasks = tasks.map(\.id)
        needs = Dictionary(tasks.map { ($0.id, $0.needs) }) { first, _ in first }
        var dependents: [String: [String]] = [:]
        for task in tasks {
            for need in task.needs {
                guard needs[need] != nil else { throw .unknownTask(need, neededBy: task.id) }
                dependents[need, default: []].append(task.id)
            }
        }
        if let cycle = Self.cycle(tasks: self.tasks, needs: needs) { throw .cycle(cycle) }
        self.dependents = dependents
        order = Self.order(tasks: self.tasks, needs: needs, dependents: dependents)
        var levels: [String: Int] = [:]
        for task in order {
            levels[task] = needs[task, default: []].map { levels[$0, default: 0] + 1 }.max() ?? 0
        }
        self.levels = levels
    }

    /// Kahn's algorithm over positions in the file, the smallest that is ready first.
    private static func order(tasks: [String], needs: [String: [String]], dependents: [String: [String]]) -> [String] {
        let positions = Dictionary(zip(tasks, tasks.indices)) { first, _ in first }
        var missing = tasks.map { Set(needs[$0] ?? []).count }
        // Ascending from the back, so that the smallest is the last and cheap to take.
        var ready = Array(tasks.indices.filter { missing[$0] == 0 }.reversed())
        var order: [String] = []
        while let next = ready.popLast() {
            order.append(tasks[next])
            for dependent in Set(dependents[tasks[next]] ?? []).compactMap({ positions[$0] }) {
                missing[dependent] -= 1
                guard missing[dependent] == 0 else { continue }
                ready.insert(dependent, at: ready.firstIndex { $0 < dependent } ?? ready.endIndex)
            }
        }
        return order
    }

    /// The tasks that must end before this one starts, directly or not: nearest first, those of one distance in the
    /// order of the file.
    package func upstream(of task: String) -> [String] { reach(from: task, by: needs) }

    /// The tasks that come after this one, nearest first.
    package func downstream(of task: String) -> [String] { reach(from: task, by: dependents) }

    /// The tasks that no other needs, in the order of the file.
    package var leaves: [String] { tasks.filter { dependents[$0] == nil } }

    /// The tasks that need this one directly.
    package func dependents(of task: String) -> [String] { dependents[task] ?? [] }

    private func reach(from task: String, by edges: [String: [String]]) -> [String] {
        Self.reach(from: task, by: edges, order: tasks)
    }

    /// Breadth first, each distance in the order of the file; works on a graph with cycles too.
    static func reach(from task: String, by edges: [String: [String]], order: [String]) -> [String] {
        var seen: Set<String> = [task]
        var found: [String] = []
        var ring: Set<String> = [task]
        while !ring.isEmpty {
            ring = Set(ring.flatMap { edges[$0] ?? [] }).subtracting(seen)
            seen.formUnion(ring)
            found += order.filter(ring.contains)
        }
        return found
    }

    /// One circle of needs, closed: `[train, evaluate, train]` when train needs evaluate and evaluate train. It
    /// begins with the task that is first in the file.
    static func cycle(tasks: [String], needs: [String: [String]]) -> [String]? {
        var finished: Set<String> = []
        for start in tasks where !finished.contains(start) {
            // Depth first with a stack of our own: a chain of thousands of tasks must not end the process.
            var path: [(task: String, next: Int)] = [(start, 0)]
            var onPath: Set<String> = [start]
            while let (task, next) = path.last {
                let targets = needs[task] ?? []
                guard next < targets.count else {
                    finished.insert(task)
                    path.removeLast()
                    onPath.remove(task)
                    continue
                }
                path[path.count - 1].next += 1
                let target = targets[next]
                if onPath.contains(target), let first = path.firstIndex(where: { $0.task == target }) {
                    return rotated(path[first...].map(\.task), order: tasks)
                }
                if !finished.contains(target), needs[target] != nil {
                    path.append((target, 0))
                    onPath.insert(target)
                }
            }
        }
        return nil
    }

    private static func rotated(_ circle: [String], order: [String]) -> [String] {
        let members = Set(circle)
        guard let first = order.first(where: members.contains), let start = circle.firstIndex(of: first) else {
            return circle
        }
        return Array(circle[start...] + circle[..<start] + [first])
    }
}

package enum DAGError: Error, Sendable, Equatable {
    /// Closed: its first and last task are one.
    case cycle([String])
    case unknownTask(String, neededBy: String)
}

extension DAGError: LocalizedError {
    package var errorDescription: String? {
        switch self {
        case .cycle(let tasks): "cycle: \(tasks.joined(separator: " -> "))"
        case .unknownTask(let task, let needer): "task \(needer) needs \"\(task)\", which does not exist."
        }
    }
    package var recoverySuggestion: String? {
        switch self {
        case .cycle: "take one of these names out of its `needs`."
        case .unknownTask: "write the name of a task of this file."
        }
    }
}

extension Pipeline {
    /// The shape of the pipeline.
    package var dag: DAG {
        do {
            return try DAG(tasks: tasks.map { ($0.id, $0.needs) })
        } catch {
            preconditionFailure("the compiler lets no pipeline pass whose needs are not a DAG: \(error)")
        }
    }
}
