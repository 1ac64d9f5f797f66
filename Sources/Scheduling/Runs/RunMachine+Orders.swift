/// What a person orders about results that are there already.
extension RunMachine {
    /// Forgets the results of tasks. A run that has ended waits for a place again.
    /// - Parameter ids: of tasks of the plan, or of tasks made by `foreach`.
    /// - Throws: `SchedulingError.taskIsRunning`, `.runIsBeingCancelled`; then nothing has changed.
    package mutating func clear(_ ids: Set<String>, at now: Instant) throws(SchedulingError) -> RunTransition {
        // It starts nothing more, so it would wait for the cleared tasks for ever.
        if run.isBeingCancelled, !run.state.isTerminal { throw .runIsBeingCancelled(id: run.id) }
        for id in ids {
            guard let position = positions[id] else { continue }
            let made = tasks.filter { $0.mappedFrom == id }
            if let busy = ([tasks[position]] + made).first(where: { $0.state == .running }) {
                throw .taskIsRunning(id: busy.taskID, runID: run.id)
            }
        }
        return transition(at: now) { machine, effects in
            var parents: Set<Int> = []
            for id in ids.sorted() {
                guard let position = machine.positions[id] else { continue }
                machine.forget(position)
                if position >= machine.plan.tasks.count { parents.insert(machine.planPosition(of: position)) }
                for other in machine.tasks.indices where machine.tasks[other].mappedFrom == id {
                    machine.tasks[other].state = .removed
                }
            }
            // A task that is run again for some of its items goes on where it was.
            for parent in parents where !ids.contains(machine.tasks[parent].taskID) {
                machine.forget(parent)
                (machine.tasks[parent].state, machine.tasks[parent].startedAt) = (.running, now)
            }
            if machine.run.state.isTerminal {
                (machine.run.state, machine.run.message, machine.run.endedAt) = (.queued, nil, nil)
            } else if machine.run.state == .running {
                machine.goOn(at: now, &effects)
            }
        }
    }

    /// Begins what was cleared.
    mutating func goOn(at now: Instant, _ effects: inout [RunEffect]) {
        for position in tasks.indices.dropFirst(plan.tasks.count) where tasks[position].state == .none {
            makeReady(position, at: now, &effects)
        }
        settle(Array(plan.tasks.indices), at: now, &effects)
    }

    private mutating func forget(_ position: Int) {
        var task = TaskInstance(runID: run.id, taskID: tasks[position].taskID)
        // Logs go on being numbered.
        task.attempt = tasks[position].attempt
        (task.item, task.mappedFrom) = (tasks[position].item, tasks[position].mappedFrom)
        tasks[position] = task
    }

    /// Says what tasks have come to, without running anything.
    /// - Throws: `SchedulingError.taskIsRunning`; then nothing has changed.
    package mutating func mark(
        _ ids: Set<String>, as verdict: MarkVerdict, by actor: String, at now: Instant
    ) throws(SchedulingError) -> RunTransition {
        if let busy = tasks.first(where: { ids.contains($0.taskID) && $0.state == .running }) {
            throw .taskIsRunning(id: busy.taskID, runID: run.id)
        }
        return transition(at: now) { machine, effects in
            let wasOver = machine.run.state.isTerminal
            let state: TaskState = verdict == .success ? .success : .failed
            for position in machine.tasks.indices where ids.contains(machine.tasks[position].taskID) {
                if machine.tasks[position].state == state { continue }
                machine.end(position, state, message: "marked \(verdict.rawValue) by \(actor)", at: now)
                if !wasOver { machine.follow(position, at: now, &effects) }
            }
            if wasOver { machine.judge() }
        }
    }
}
