/// One run of a DAG as a value: told what happened, it says what to store and what to do.
///
/// It knows no clock, thread or database. Whoever performs its effects stores the changes of a transition first, so that after a
/// crash the stored records hold at least everything that had an effect.
package struct RunMachine: Sendable, Equatable {
    package let plan: RunPlan
    package private(set) var run: DAGRun
    /// In the order of the plan.
    package private(set) var tasks: [TaskInstance]
    /// Ready tasks are kept as `queued` instead of being started, since the process is about to stop.
    package private(set) var isDraining = false

    /// - Parameter tasks: what is stored of them; those that are missing have not been looked at yet.
    package init(run: DAGRun, plan: RunPlan, tasks: [TaskInstance] = []) {
        let stored = Dictionary(tasks.map { ($0.taskID, $0) }, uniquingKeysWith: { first, _ in first })
        self.run = run
        self.plan = plan
        self.tasks = plan.tasks.map { stored[$0.id] ?? TaskInstance(runID: run.id, taskID: $0.id) }
    }

    package func task(_ id: String) -> TaskInstance? { plan.position(of: id).map { tasks[$0] } }

    // MARK: - What happens to the run

    /// The run leaves the queue.
    package mutating func begin(at now: Instant) -> RunTransition {
        transition(at: now) { machine, effects in
            guard machine.run.state == .queued else { return }
            machine.run.state = .running
            machine.run.startedAt = now
            machine.settle(Array(machine.tasks.indices), at: now, &effects)
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
                case .running, .queued, .scheduled: machine.lose(position, at: now, &effects)
                case .upForRetry: effects.append(.retry(taskID: task.taskID, at: task.retryAt ?? now))
                case .none, .success, .failed, .skipped, .upstreamFailed, .removed, .cancelled: break
                }
            }
            machine.settle(Array(machine.tasks.indices), at: now, &effects)
        }
    }

    /// Starts nothing more. What is running is asked to stop, and the run ends once it has.
    package mutating func cancel(at now: Instant, message: String) -> RunTransition {
        transition(at: now) { machine, effects in
            guard !machine.run.state.isTerminal, !machine.run.isBeingCancelled else { return }
            machine.run.message = message
            for position in machine.tasks.indices where !machine.tasks[position].state.isTerminal {
                if machine.tasks[position].state == .running {
                    effects.append(.cancel(taskID: machine.tasks[position].taskID))
                } else {
                    machine.end(position, .cancelled, message: message, at: now)
                }
            }
            if machine.run.state == .queued { machine.run.state = .running }
        }
    }

    /// From now on no task is begun: the process is about to stop.
    package mutating func drain() { isDraining = true }

    // MARK: - What happens to a task

    /// A process of the running attempt exists, and waits for its mark to be on disk.
    package mutating func processStarted(_ taskID: String, _ mark: ProcessMark) -> RunTransition {
        guard let position = plan.position(of: taskID), tasks[position].state == .running else { return .nothing }
        tasks[position].process = mark
        return RunTransition(changes: [.updateTask(tasks[position])], effects: [])
    }

    /// The running attempt has ended. A report about a task that is not running changes nothing.
    package mutating func finished(_ taskID: String, _ outcome: TaskOutcome, at now: Instant) -> RunTransition {
        guard let position = plan.position(of: taskID), tasks[position].state == .running else { return .nothing }
        return transition(at: now) { machine, effects in
            switch outcome {
            case .success(let outputs):
                machine.tasks[position].outputs = outputs
                machine.end(position, .success, message: nil, at: now)
            case .skipped(let reason): machine.end(position, .skipped, message: reason, at: now)
            case .cancelled: machine.end(position, .cancelled, message: machine.run.message, at: now)
            case .lost: machine.lose(position, at: now, &effects)
            case .failed(let message): machine.fail(position, message, at: now, &effects)
            }
            machine.settle(machine.plan.dependents(of: position), at: now, &effects)
        }
    }

    /// The moment of a retry has come.
    package mutating func retryDue(_ taskID: String, at now: Instant) -> RunTransition {
        guard let position = plan.position(of: taskID), tasks[position].state == .upForRetry else { return .nothing }
        return transition(at: now) { machine, effects in machine.makeReady(position, at: now, &effects) }
    }

    // MARK: - Moves

    /// Makes a change and gathers what it altered, and the run's end when nothing is left to do.
    private mutating func transition(
        at now: Instant, _ change: (inout RunMachine, inout [RunEffect]) -> Void
    ) -> RunTransition {
        let (runBefore, tasksBefore) = (run, tasks)
        var effects: [RunEffect] = []
        change(&self, &effects)
        if run.state == .running, tasks.allSatisfy(\.state.isTerminal) { effects.append(endRun(at: now)) }
        var changes = zip(tasksBefore, tasks).filter { $0 != $1 }.map { RunChange.updateTask($1) }
        if run != runBefore { changes.append(.updateRun(run)) }
        return RunTransition(changes: changes, effects: effects)
    }

    /// Decides about tasks that have not been looked at, and about those after them, until nothing moves.
    private mutating func settle(_ positions: [Int], at now: Instant, _ effects: inout [RunEffect]) {
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
                tasks[position].scheduledAt = now
                ready.append(position)
            case .skip: end(position, .skipped, message: whyNot(position, rule), at: now)
            case .upstreamFailed: end(position, .upstreamFailed, message: whyNot(position, rule), at: now)
            }
            if tasks[position].state.isTerminal { open += plan.dependents(of: position) }
        }
        for position in ready.sorted() { makeReady(position, at: now, &effects) }
    }

    private mutating func makeReady(_ position: Int, at now: Instant, _ effects: inout [RunEffect]) {
        tasks[position].process = nil
        tasks[position].retryAt = nil
        tasks[position].endedAt = nil
        if isDraining {
            tasks[position].state = .queued
            return
        }
        tasks[position].state = .running
        tasks[position].attempt += 1
        tasks[position].startedAt = now
        tasks[position].message = nil
        effects.append(.start(taskID: tasks[position].taskID, attempt: tasks[position].attempt))
    }

    private mutating func end(_ position: Int, _ state: TaskState, message: String?, at now: Instant) {
        tasks[position].state = state
        tasks[position].message = message
        tasks[position].endedAt = now
        tasks[position].retryAt = nil
        tasks[position].process = nil
    }

    private mutating func fail(_ position: Int, _ message: String, at now: Instant, _ effects: inout [RunEffect]) {
        tasks[position].failures += 1
        let retry = plan.tasks[position].retry
        let failures = tasks[position].failures
        guard failures <= retry.max, !run.isBeingCancelled else {
            return end(position, .failed, message: message, at: now)
        }
        let key = "\(run.pipelineID)/\(plan.tasks[position].id)@\(run.logicalDate.milliseconds)"
        let due = now.advanced(by: retry.wait(beforeRetry: failures, key: key))
        end(position, .upForRetry, message: message, at: now)
        tasks[position].retryAt = due
        effects.append(.retry(taskID: tasks[position].taskID, at: due))
    }

    private mutating func lose(_ position: Int, at now: Instant, _ effects: inout [RunEffect]) {
        if run.isBeingCancelled { return end(position, .cancelled, message: run.message, at: now) }
        makeReady(position, at: now, &effects)
        if isDraining { tasks[position].message = "interrupted by a shutdown; it runs again at the next start" }
    }

    private mutating func endRun(at now: Instant) -> RunEffect {
        let failed = tasks.filter { $0.state == .failed }
        let unmet = tasks.filter { $0.state == .upstreamFailed }
        if run.isBeingCancelled {
            run.state = .cancelled
        } else if let first = failed.first ?? unmet.first {
            run.state = .failed
            let others = failed.count + unmet.count - 1
            run.message =
                "task \(first.taskID) failed: \(first.message ?? "no reason was given")"
                + (others > 0 ? " (\(others) more failed or did not run)" : "")
        } else {
            run.state = .success
        }
        run.endedAt = now
        return .end(run.state, message: run.message)
    }

    /// Why a task did not run, from what the tasks it needs have come to.
    private func whyNot(_ position: Int, _ rule: TriggerRule) -> String {
        let ended = plan.needs(of: position).map { tasks[$0] }.filter(\.state.isTerminal)
        let needs = ended.map { "\($0.taskID) \($0.state.rawValue)" }.joined(separator: ", ")
        return "trigger rule \(rule.rawValue) cannot be met: \(needs)"
    }
}
