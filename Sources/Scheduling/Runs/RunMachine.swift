/// One run of a DAG as a value: told what happened, it says what to store and what to do.
///
/// It knows no clock, thread or database. Whoever performs its effects stores the changes of a transition first, so that after a
/// crash the stored records hold at least everything that had an effect.
///
/// It decides which tasks may start (`ready`); whether there is a slot for them, and what stands in `when` and `foreach`, is
/// decided outside, and told by `start`, `enqueue`, `hold`, `skip`, `refuse` or `expand`.
package struct RunMachine: Sendable, Equatable {
    package let plan: RunPlan
    package internal(set) var run: DAGRun
    /// In the order of the plan; after them those that `foreach` made.
    package internal(set) var tasks: TaskTable
    var positions: [String: Int]

    /// - Parameter tasks: what is stored of them; those that are missing have not been looked at yet.
    package init(run: DAGRun, plan: RunPlan, tasks: [TaskInstance] = []) {
        let stored = Dictionary(tasks.map { ($0.taskID, $0) }, uniquingKeysWith: { first, _ in first })
        self.run = run
        self.plan = plan
        let made = tasks.filter { $0.mappedFrom.flatMap(plan.position(of:)) != nil }
        self.tasks = TaskTable(
            plan.tasks.map { stored[$0.id] ?? TaskInstance(runID: run.id, taskID: $0.id) } + made)
        positions = Dictionary(zip(self.tasks.map(\.taskID), self.tasks.indices)) { first, _ in first }
    }

    package func task(_ id: String) -> TaskInstance? { positions[id].map { tasks[$0] } }

    /// What the plan says of a task, or of the task that it was made from.
    package func plan(of id: String) -> RunPlan.Task? { positions[id].map { plan.tasks[planPosition(of: $0)] } }

    // MARK: - What happens to the run

    /// The run leaves the queue.
    package mutating func begin(at now: Instant) -> RunTransition {
        transition(at: now) { machine, effects in
            guard machine.run.state == .queued else { return }
            machine.run.state = .running
            machine.run.startedAt = now
            machine.goOn(at: now, &effects)
        }
    }

    /// Takes up a run that a former process left unfinished. Whatever was running there is lost: it is begun again, and
    /// uses up no retry.
    /// - Precondition: every process of a lost task is gone.
    package mutating func resume(at now: Instant) -> RunTransition {
        if run.state == .queued { return begin(at: now) }
        return transition(at: now) { machine, effects in
            guard machine.run.state == .running else { return }
            for position in machine.tasks.indices {
                let task = machine.tasks[position]
                switch task.state {
                // What `foreach` made is lost or not by itself.
                case .running where machine.isMapped(position): break
                case .running: machine.lose(position, at: now, &effects)
                case .queued, .scheduled: machine.makeReady(position, at: now, &effects)
                case .upForRetry:
                    // A clock that was set back since then does not make the pause longer.
                    let due = min(task.retryAt ?? now, now.advanced(by: machine.pauseBeforeRetry(position)))
                    effects.append(.retry(taskID: task.taskID, at: due))
                case .none, .success, .failed, .skipped, .upstreamFailed, .removed, .cancelled: break
                }
            }
            for position in machine.plan.tasks.indices { machine.endIfComplete(position, at: now, &effects) }
            machine.settle(Array(machine.plan.tasks.indices), at: now, &effects)
        }
    }

    /// Starts nothing more. What is running is asked to stop, and the run ends once it has.
    package mutating func cancel(at now: Instant, message: String) -> RunTransition {
        transition(at: now) { machine, effects in
            guard !machine.run.state.isTerminal, !machine.run.isBeingCancelled else { return }
            machine.run.message = message
            for position in machine.tasks.indices where !machine.tasks[position].state.isTerminal {
                if machine.isMapped(position) { continue }
                if machine.tasks[position].state == .running {
                    effects.append(.cancel(taskID: machine.tasks[position].taskID))
                } else {
                    machine.end(position, .cancelled, message: message, at: now)
                }
            }
            for position in machine.plan.tasks.indices { machine.endIfComplete(position, at: now, &effects) }
            if machine.run.state == .queued { machine.run.state = .running }
        }
    }

    // MARK: - What happens to a task

    /// A process of the running attempt exists, and waits for its mark to be on disk.
    package mutating func processStarted(_ taskID: String, _ mark: ProcessMark) -> RunTransition {
        guard let position = positions[taskID], tasks[position].state == .running else { return .nothing }
        tasks[position].process = mark
        return RunTransition(changes: [.updateTask(tasks[position])], effects: [])
    }

    /// The running attempt has ended. A report about a task that is not running changes nothing.
    /// - Parameter measures: of an attempt whose work was begun.
    package mutating func finished(
        _ taskID: String, _ outcome: TaskOutcome, measures: TaskMeasures? = nil, at now: Instant
    ) -> RunTransition {
        guard let position = positions[taskID], tasks[position].state == .running, !isMapped(position) else {
            return .nothing
        }
        return transition(at: now) { machine, effects in
            machine.tasks[position].measures = measures
            switch outcome {
            case .success(let outputs):
                machine.tasks[position].outputs = outputs
                machine.end(position, .success, message: nil, at: now)
            case .skipped(let reason): machine.end(position, .skipped, message: reason, at: now)
            case .cancelled: machine.end(position, .cancelled, message: machine.run.message, at: now)
            case .lost: machine.lose(position, at: now, &effects)
            case .failed(let message, let isPermanent):
                machine.fail(position, message, isPermanent: isPermanent, at: now, &effects)
            }
            machine.follow(position, at: now, &effects)
        }
    }

    /// The moment of a retry has come.
    package mutating func retryDue(_ taskID: String, at now: Instant) -> RunTransition {
        guard let position = positions[taskID], tasks[position].state == .upForRetry else { return .nothing }
        return transition(at: now) { machine, effects in machine.makeReady(position, at: now, &effects) }
    }

    // MARK: - What becomes of a ready task

    /// There is a slot for it: its next attempt begins.
    package mutating func start(_ taskID: String, at now: Instant) -> RunTransition {
        whenReady(taskID, at: now) { machine, position, effects in
            machine.tasks[position].state = .running
            machine.tasks[position].attempt += 1
            machine.tasks[position].startedAt = now
            machine.tasks[position].message = nil
            effects.append(.start(taskID: taskID, attempt: machine.tasks[position].attempt))
        }
    }

    /// It waits for a slot; `message` says for which.
    package mutating func enqueue(_ taskID: String, message: String? = nil, at now: Instant) -> RunTransition {
        whenReady(taskID, at: now) { machine, position, _ in
            if machine.tasks[position].state == .queued { return }
            machine.tasks[position].state = .queued
            machine.tasks[position].queuedAt = now
            if let message { machine.tasks[position].message = message }
        }
    }

    /// It waits for something outside of the run.
    package mutating func hold(_ taskID: String, message: String, at now: Instant) -> RunTransition {
        whenReady(taskID, at: now) { machine, position, _ in machine.tasks[position].message = message }
    }

    /// Nothing is in its way any more: `ready` is told again.
    package mutating func release(_ taskID: String, at now: Instant) -> RunTransition {
        whenReady(taskID, at: now) { machine, position, effects in
            machine.tasks[position].message = nil
            effects.append(.ready(taskID: taskID))
        }
    }

    /// Its `when` does not hold.
    package mutating func skip(_ taskID: String, reason: String, at now: Instant) -> RunTransition {
        whenReady(taskID, at: now) { machine, position, effects in
            machine.end(position, .skipped, message: reason, at: now)
            machine.follow(position, at: now, &effects)
        }
    }

    /// It cannot be begun, and another try would not help.
    package mutating func refuse(_ taskID: String, message: String, at now: Instant) -> RunTransition {
        whenReady(taskID, at: now) { machine, position, effects in
            machine.tasks[position].failures += 1
            machine.end(position, .failed, message: message, at: now)
            machine.follow(position, at: now, &effects)
        }
    }

    private mutating func whenReady(
        _ taskID: String, at now: Instant, _ change: (inout RunMachine, Int, inout [RunEffect]) -> Void
    ) -> RunTransition {
        guard let position = positions[taskID], run.state == .running,
            tasks[position].state == .scheduled || tasks[position].state == .queued
        else { return .nothing }
        return transition(at: now) { machine, effects in change(&machine, position, &effects) }
    }

    // MARK: - Moves

    /// Makes a change and gathers what it altered, and the run's end when nothing is left to do.
    mutating func transition(
        at now: Instant, _ change: (inout RunMachine, inout [RunEffect]) -> Void
    ) -> RunTransition {
        let runBefore = run
        tasks.beginTransition()
        var effects: [RunEffect] = []
        change(&self, &effects)
        if run.state == .running, tasks.openCount == 0 { effects.append(endRun(at: now)) }
        var changes = tasks.changes
        if run != runBefore { changes.append(.updateRun(run)) }
        return RunTransition(changes: changes, effects: effects)
    }

    /// Decides about tasks that have not been looked at, and about those after them, until nothing moves.
    mutating func settle(_ positions: [Int], at now: Instant, _ effects: inout [RunEffect]) {
        if run.isBeingCancelled { return }
        var open = positions
        var next = 0
        var ready: [Int] = []
        while next < open.count {
            let position = open[next]
            next += 1
            guard tasks[position].state == .none else { continue }
            let rule = plan.tasks[position].triggerRule
            switch rule.decision(upstream: plan.needs(of: position).map { tasks[$0].state }) {
            case .wait: continue
            case .run:
                // Not `none` any more, so that a second look at it in this walk does not begin it twice.
                tasks[position].state = .scheduled
                ready.append(position)
            case .skip: end(position, .skipped, message: whyNot(position, rule), at: now)
            case .upstreamFailed: end(position, .upstreamFailed, message: whyNot(position, rule), at: now)
            }
            if tasks[position].state.isTerminal { open += plan.dependents(of: position) }
        }
        for position in ready.sorted() { makeReady(position, at: now, &effects) }
    }

    mutating func makeReady(_ position: Int, at now: Instant, _ effects: inout [RunEffect]) {
        tasks[position].process = nil
        tasks[position].retryAt = nil
        tasks[position].endedAt = nil
        tasks[position].queuedAt = nil
        tasks[position].state = .scheduled
        tasks[position].scheduledAt = now
        effects.append(.ready(taskID: tasks[position].taskID))
    }

    /// A task has ended, or is to be tried again: looks at those that wait for it.
    mutating func follow(_ position: Int, at now: Instant, _ effects: inout [RunEffect]) {
        guard tasks[position].state.isTerminal else { return }
        if position < plan.tasks.count {
            settle(plan.dependents(of: position), at: now, &effects)
        } else {
            endIfComplete(planPosition(of: position), at: now, &effects)
        }
    }

    mutating func end(_ position: Int, _ state: TaskState, message: String?, at now: Instant) {
        tasks[position].state = state
        tasks[position].message = message
        tasks[position].endedAt = now
        tasks[position].retryAt = nil
        tasks[position].process = nil
    }

    private mutating func fail(
        _ position: Int, _ message: String, isPermanent: Bool, at now: Instant, _ effects: inout [RunEffect]
    ) {
        tasks[position].failures += 1
        let retry = plan.tasks[planPosition(of: position)].retry
        let failures = tasks[position].failures
        guard failures <= retry.max, !isPermanent, !run.isBeingCancelled else {
            return end(position, .failed, message: message, at: now)
        }
        let due = now.advanced(by: pauseBeforeRetry(position))
        end(position, .upForRetry, message: message, at: now)
        tasks[position].retryAt = due
        effects.append(.retry(taskID: tasks[position].taskID, at: due))
    }

    private func pauseBeforeRetry(_ position: Int) -> Duration {
        let key = "\(run.pipelineID)/\(tasks[position].taskID)@\(run.logicalDate.milliseconds)"
        return plan.tasks[planPosition(of: position)].retry.wait(beforeRetry: tasks[position].failures, key: key)
    }

    private mutating func lose(_ position: Int, at now: Instant, _ effects: inout [RunEffect]) {
        if run.isBeingCancelled { return end(position, .cancelled, message: run.message, at: now) }
        makeReady(position, at: now, &effects)
        tasks[position].message = "interrupted by a shutdown or a crash; it runs again"
    }

    private mutating func endRun(at now: Instant) -> RunEffect {
        if run.isBeingCancelled {
            run.state = .cancelled
        } else {
            judge()
        }
        run.endedAt = now
        return .end(run.state, message: run.message)
    }

    /// Success or failure, from what the tasks have come to.
    mutating func judge() {
        let counted = zip(plan.tasks, tasks).filter { !$0.0.allowFailure }.map(\.1)
        let failed = counted.filter { $0.state == .failed }
        let unmet = counted.filter { $0.state == .upstreamFailed }
        guard let first = failed.first ?? unmet.first else {
            (run.state, run.message) = (.success, nil)
            // Of a cancelled run of which only some tasks were cleared or marked: the others never ran.
            if let other = tasks.first(where: { $0.state == .cancelled }) {
                (run.state, run.message) = (.cancelled, "task \(other.taskID) is still cancelled")
            }
            return
        }
        run.state = .failed
        let others = failed.count + unmet.count - 1
        run.message =
            "task \(first.taskID) failed: \(first.message ?? "no reason was given")"
            + (others > 0 ? " (\(others) more failed or did not run)" : "")
    }

    /// Why a task did not run, from what the tasks it needs have come to.
    private func whyNot(_ position: Int, _ rule: TriggerRule) -> String {
        let ended = plan.needs(of: position).map { tasks[$0] }.filter(\.state.isTerminal)
        let needs = ended.map { "\($0.taskID) \($0.state.rawValue)" }.joined(separator: ", ")
        return "trigger rule \(rule.rawValue) cannot be met: \(needs)"
    }
}
