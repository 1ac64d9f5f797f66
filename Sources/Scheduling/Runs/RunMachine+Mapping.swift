import Foundation

/// Tasks that `foreach` makes: `score` becomes `score[0]`, `score[1]`, … and ends when the last of them has.
extension RunMachine {
    /// The place in the plan of a task, or of the task that it was made from.
    func planPosition(of position: Int) -> Int {
        if position < plan.tasks.count { return position }
        return tasks[position].mappedFrom.flatMap(plan.position(of:)) ?? 0
    }

    /// Whether tasks were made from it that count.
    func isMapped(_ position: Int) -> Bool {
        position < plan.tasks.count && plan.tasks[position].isMapped && !made(from: position).isEmpty
    }

    private func made(from position: Int) -> [Int] {
        guard plan.tasks[position].isMapped else { return [] }
        let id = tasks[position].taskID
        return (plan.tasks.count..<tasks.count).filter { tasks[$0].mappedFrom == id && tasks[$0].state != .removed }
    }

    /// Makes a task for each item, in place of one that is ready.
    package mutating func expand(_ taskID: String, items: [String], at now: Instant) -> RunTransition {
        guard let position = plan.position(of: taskID), tasks[position].state == .scheduled, run.state == .running
        else {
            return .nothing
        }
        return transition(at: now) { machine, effects in
            guard !items.isEmpty else {
                machine.end(position, .skipped, message: "foreach has no items", at: now)
                return machine.follow(position, at: now, &effects)
            }
            machine.tasks[position].state = .running
            machine.tasks[position].startedAt = now
            machine.tasks[position].message = nil
            for (number, item) in items.enumerated() {
                var task = TaskInstance(runID: machine.run.id, taskID: "\(taskID)[\(number)]")
                (task.item, task.mappedFrom) = (item, taskID)
                let place: Int
                // Of a former expansion, before the task was cleared: its logs go on being numbered.
                if let known = machine.positions[task.taskID] {
                    task.attempt = machine.tasks[known].attempt
                    machine.tasks[known] = task
                    place = known
                } else {
                    place = machine.tasks.count
                    machine.tasks.append(task)
                    machine.positions[task.taskID] = place
                }
                machine.makeReady(place, at: now, &effects)
            }
        }
    }

    /// Ends a task whose made tasks have all ended.
    mutating func endIfComplete(_ position: Int, at now: Instant, _ effects: inout [RunEffect]) {
        guard tasks[position].state == .running, tasks.openCount(madeFrom: tasks[position].taskID) == 0 else {
            return
        }
        let made = made(from: position).map { tasks[$0] }
        guard !made.isEmpty else { return }
        let failed = made.filter { $0.state == .failed }
        if run.isBeingCancelled || made.contains(where: { $0.state == .cancelled }) {
            end(position, .cancelled, message: run.message, at: now)
        } else if let first = failed.first {
            let reason = "\(first.taskID): \(first.message ?? "no reason was given")"
            end(position, .failed, message: "\(failed.count) of \(made.count) failed; \(reason)", at: now)
        } else if made.contains(where: { $0.state == .success }) {
            tasks[position].outputs = Self.gathered(made)
            end(position, .success, message: nil, at: now)
        } else {
            end(position, .skipped, message: "all \(made.count) were skipped", at: now)
        }
        follow(position, at: now, &effects)
    }

    /// Each output as a JSON list over the items, null where there is none; without them when they are too large.
    private static func gathered(_ made: [TaskInstance]) -> TaskOutputs {
        var outputs: TaskOutputs = [:]
        for key in Set(made.flatMap(\.outputs.keys)) {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.withoutEscapingSlashes]
            // Texts and nulls can always be written.
            guard let data = try? encoder.encode(made.map { $0.outputs[key] }) else { continue }
            outputs[key] = String(decoding: data, as: UTF8.self)
        }
        let count = ["count": String(made.count)]
        let all = outputs.merging(count) { $1 }
        return (try? TaskOutputLimits.check(all)) == nil ? count : all
    }
}
