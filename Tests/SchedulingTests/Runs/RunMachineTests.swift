import Scheduling
import TestKit
import Testing

/// Plays a machine to its end: keeps the records as a store would, and answers each start by a table of outcomes.
struct MachinePlay {
    var machine: RunMachine
    /// What a store would hold: only what transitions said to change.
    var stored: StoredRun
    /// Whether what is ready is begun at once.
    var hasSlots = true
    var ready: [String] = []
    var open: [String] = []
    var begun: [String] = []
    var ends: [DAGRunState] = []
    var retries: [(taskID: String, at: Instant)] = []
    static let time = Instant(seconds: 1_000_000)

    init(_ plan: RunPlan) {
        let run = MachinePlay.run()
        machine = RunMachine(run: run, plan: plan)
        stored = StoredRun(run: run, tasks: machine.tasks.all)
    }

    static func run() -> DAGRun {
        DAGRun(
            id: "p-1", pipelineID: "p", pipelineVersion: "v", cause: .manual, clock: .wall, logicalDate: time,
            dataInterval: DataInterval(start: Instant(seconds: 900_000), end: time), params: [:], state: .queued,
            createdAt: time)
    }

    mutating func take(_ transition: RunTransition) {
        for change in transition.changes {
            switch change {
            case .updateRun(let run): stored.run = run
            case .updateTask(let task):
                if let index = stored.tasks.firstIndex(where: { $0.taskID == task.taskID }) {
                    stored.tasks[index] = task
                }
            case .addTasks(let tasks): stored.tasks += tasks
            default: Issue.record("a machine changes only its own run: \(change)")
            }
        }
        for effect in transition.effects {
            switch effect {
            case .ready(let taskID):
                ready.append(taskID)
                if hasSlots { take(machine.start(taskID, at: Self.time)) }
            case .start(let taskID, _):
                open.append(taskID)
                begun.append(taskID)
            case .retry(let taskID, let at): retries.append((taskID, at))
            case .cancel: break
            case .end(let state, _): ends.append(state)
            }
        }
    }

    mutating func begin() { take(machine.begin(at: Self.time)) }

    mutating func finish(_ taskID: String, _ outcome: TaskOutcome, at now: Instant = time) {
        open.removeAll { $0 == taskID }
        take(machine.finished(taskID, outcome, at: now))
    }
}

@Suite struct RunMachineTests {
    typealias Step = RunPlan.Task
    static let failure = TaskOutcome.failed(message: "it broke")

    static let chain = RunPlan(tasks: [Step(id: "a"), Step(id: "b", needs: ["a"]), Step(id: "c", needs: ["b"])])

    /// Every shape of three tasks in which each may need those before it, with every rule on the last.
    static let plans: [RunPlan] = TriggerRule.allCases.flatMap { rule in
        (0..<8).map { bits in
            RunPlan(tasks: [
                Step(id: "a"), Step(id: "b", needs: bits & 1 != 0 ? ["a"] : []),
                Step(
                    id: "c", needs: (bits & 2 != 0 ? ["a"] : []) + (bits & 4 != 0 ? ["b"] : []), triggerRule: rule),
            ])
        }
    }
    static let outcomes: [TaskOutcome] = [.success([:]), failure, .skipped(reason: "not today")]

    /// Calls `body` with every play to the end: every outcome of every task in every order in which attempts can end.
    private func everyPlay(_ plan: RunPlan, _ body: (MachinePlay) -> Void) {
        func go(_ play: MachinePlay) {
            if play.open.isEmpty { return body(play) }
            for taskID in play.open {
                for outcome in Self.outcomes {
                    var next = play
                    next.finish(taskID, outcome)
                    go(next)
                }
            }
        }
        var play = MachinePlay(plan)
        play.begin()
        go(play)
    }

    @Test(arguments: plans)
    func `every play of every small graph ends once with every task ended`(_ plan: RunPlan) {
        everyPlay(plan) { play in
            #expect(play.ends.count == 1)
            #expect(play.stored.tasks.allSatisfy { $0.state.isTerminal })
            #expect(play.stored == StoredRun(run: play.machine.run, tasks: play.machine.tasks.all))
            let states = play.stored.tasks.map(\.state)
            #expect(
                (play.stored.run.state == .failed) == (states.contains(.failed) || states.contains(.upstreamFailed)))
            #expect(play.ends.first == play.stored.run.state)
            #expect(Set(play.begun).count == play.begun.count, "a task was begun twice")
        }
    }

    @Test(arguments: plans)
    func `a task is begun exactly when its rule is met`(_ plan: RunPlan) {
        everyPlay(plan) { play in
            for task in plan.tasks {
                let upstream = task.needs.compactMap { play.machine.task($0)?.state }
                let ran = play.begun.contains(task.id)
                // Rules decide early, so a task that did not run may have been skipped before the failure that would have
                // made it upstream_failed; but it was never one that could have run.
                let decision = task.triggerRule.decision(upstream: upstream)
                if decision == .run { #expect(ran) }
                if !ran { #expect([.skipped, .upstreamFailed].contains(play.machine.task(task.id)?.state)) }
                if ran, task.triggerRule == .allSuccess { #expect(decision == .run) }
            }
        }
    }

    @Test(arguments: plans)
    func `a run whose process dies after every step ends like one that is left alone`(_ plan: RunPlan) {
        for first in Self.outcomes {
            for second in Self.outcomes {
                for third in Self.outcomes {
                    let table = ["a": first, "b": second, "c": third]
                    let alone = play(plan, table, dying: false)
                    let dying = play(plan, table, dying: true)
                    #expect(alone.stored.states == dying.stored.states)
                    #expect(alone.stored.run.state == dying.stored.run.state)
                    #expect(alone.stored.tasks.map(\.failures) == dying.stored.tasks.map(\.failures))
                }
            }
        }
    }

    private func play(_ plan: RunPlan, _ outcomes: [String: TaskOutcome], dying: Bool) -> MachinePlay {
        var play = MachinePlay(plan)
        play.begin()
        while let taskID = play.open.min(), let outcome = outcomes[taskID] {
            play.finish(taskID, outcome)
            guard dying, play.ends.isEmpty else { continue }
            let open = Set(play.open)
            play.machine = RunMachine(run: play.stored.run, plan: plan, tasks: play.stored.tasks)
            play.open = []
            play.take(play.machine.resume(at: MachinePlay.time))
            #expect(Set(play.open) == open, "what was running runs again, and nothing else")
        }
        return play
    }

    @Test func `the end of a task makes the next one ready in one transition`() {
        var play = MachinePlay(Self.chain)
        play.begin()
        let transition = play.machine.finished("a", .success(["rows": "7"]), at: MachinePlay.time)
        #expect(transition.effects == [.ready(taskID: "b")])
        let states = transition.changes.compactMap { change in
            if case .updateTask(let task) = change { "\(task.taskID) \(task.state)" } else { nil }
        }
        #expect(states == ["a success", "b scheduled"])
        #expect(play.machine.task("a")?.outputs == ["rows": "7"])
        let start = play.machine.start("b", at: MachinePlay.time)
        #expect(start.effects == [.start(taskID: "b", attempt: 1)])
        #expect(play.machine.start("b", at: MachinePlay.time) == .nothing, "it runs already")
    }

    @Test func `a failure that uses up no more retries fails the run and says why`() {
        var play = MachinePlay(Self.chain)
        play.begin()
        play.finish("a", Self.failure)
        #expect(play.stored.states == "a failed, b upstream_failed, c upstream_failed")
        #expect(play.stored.run.message == "task a failed: it broke (2 more failed or did not run)")
        #expect(play.stored["b"]?.message == "trigger rule all_success cannot be met: a failed")
    }

    @Test func `a last task that runs after everything does not hide a failure`() {
        var play = MachinePlay(
            RunPlan(tasks: [Step(id: "a"), Step(id: "notify", needs: ["a"], triggerRule: .allDone)]))
        play.begin()
        play.finish("a", Self.failure)
        play.finish("notify", .success([:]))
        #expect(play.ends == [.failed])
    }

    @Test func `retries wait longer each time and stop at the limit`() throws {
        let retry = RetryPolicy(max: 2, delay: .seconds(5), backoff: 3, maxDelay: .seconds(60), jitter: 0)
        var play = MachinePlay(RunPlan(tasks: [Step(id: "a", retry: retry)]))
        play.begin()
        play.finish("a", Self.failure)
        #expect(play.stored["a"]?.state == .upForRetry)
        #expect(play.retries.last?.at == MachinePlay.time.advanced(by: .seconds(5)))
        #expect(play.stored["a"]?.retryAt == play.retries.last?.at)
        play.take(play.machine.retryDue("a", at: MachinePlay.time))
        play.finish("a", Self.failure)
        #expect(play.retries.last?.at == MachinePlay.time.advanced(by: .seconds(15)))
        play.take(play.machine.retryDue("a", at: MachinePlay.time))
        play.finish("a", Self.failure)
        #expect(play.ends == [.failed])
        #expect(play.stored["a"]?.attempt == 3)
        #expect(play.stored["a"]?.failures == 3)
    }

    @Test func `a start after the clock was set back waits for a retry no longer than its pause`() {
        let retry = RetryPolicy(max: 1, delay: .seconds(60), backoff: 1, maxDelay: .seconds(60), jitter: 0)
        let plan = RunPlan(tasks: [Step(id: "a", retry: retry)])
        var play = MachinePlay(plan)
        play.begin()
        play.finish("a", Self.failure)
        func due(atStartAfter seconds: Int64) -> [RunEffect] {
            var machine = RunMachine(run: play.stored.run, plan: plan, tasks: play.stored.tasks)
            return machine.resume(at: MachinePlay.time.advanced(by: .seconds(seconds))).effects
        }
        #expect(due(atStartAfter: 20) == [.retry(taskID: "a", at: MachinePlay.time.advanced(by: .seconds(60)))])
        #expect(due(atStartAfter: -3600) == [.retry(taskID: "a", at: MachinePlay.time.advanced(by: .seconds(-3540)))])
    }

    @Test func `a failure that another attempt would repeat ends the task with retries left`() {
        let retry = RetryPolicy(max: 5, delay: .seconds(1), backoff: 1, maxDelay: .seconds(9), jitter: 0)
        var play = MachinePlay(RunPlan(tasks: [Step(id: "a", retry: retry)]))
        play.begin()
        play.finish("a", .failed(message: "no such setting", isPermanent: true))
        #expect(play.ends == [.failed])
        #expect(play.retries.isEmpty)
        #expect(play.stored["a"]?.state == .failed)
        #expect(play.stored["a"]?.attempt == 1)
        #expect(play.stored["a"]?.message == "no such setting")
    }

    @Test func `an attempt that is lost is begun again and uses up no retry`() {
        var play = MachinePlay(RunPlan(tasks: [Step(id: "a")]))
        play.begin()
        play.finish("a", .lost)
        #expect(play.open == ["a"])
        #expect(play.stored["a"]?.attempt == 2)
        #expect(play.stored["a"]?.failures == 0)
        play.finish("a", .success([:]))
        #expect(play.ends == [.success])
    }

    @Test func `cancelling waits for what runs and starts nothing more`() {
        var play = MachinePlay(RunPlan(tasks: [Step(id: "a"), Step(id: "b"), Step(id: "c", needs: ["a"])]))
        play.begin()
        play.finish("b", .success([:]))
        let transition = play.machine.cancel(at: MachinePlay.time, message: "cancelled by request")
        #expect(transition.effects == [.cancel(taskID: "a")])
        play.take(transition)
        #expect(play.stored.states == "a running, b success, c cancelled")
        #expect(play.machine.cancel(at: MachinePlay.time, message: "again") == .nothing)
        play.finish("a", .cancelled)
        #expect(play.ends == [.cancelled])
        #expect(play.stored.states == "a cancelled, b success, c cancelled")
    }

    @Test func `a run that is being cancelled when the process dies is cancelled by the next one`() {
        var play = MachinePlay(RunPlan(tasks: [Step(id: "a")]))
        play.begin()
        play.take(play.machine.cancel(at: MachinePlay.time, message: "cancelled by request"))
        play.machine = RunMachine(run: play.stored.run, plan: play.machine.plan, tasks: play.stored.tasks)
        play.take(play.machine.resume(at: MachinePlay.time))
        #expect(play.ends == [.cancelled])
        #expect(play.begun == ["a"])
    }

    @Test func `a run that is cancelled in the queue ends at once`() {
        var play = MachinePlay(Self.chain)
        play.take(play.machine.cancel(at: MachinePlay.time, message: "cancelled by request"))
        #expect(play.ends == [.cancelled])
        #expect(play.begun.isEmpty)
    }

    @Test func `a failure while the run is being cancelled is not tried again`() {
        let retry = RetryPolicy(max: 5, delay: .seconds(1), backoff: 1, maxDelay: .seconds(9), jitter: 0)
        var play = MachinePlay(RunPlan(tasks: [Step(id: "a", retry: retry)]))
        play.begin()
        play.take(play.machine.cancel(at: MachinePlay.time, message: "cancelled by request"))
        play.finish("a", Self.failure)
        #expect(play.ends == [.cancelled])
        #expect(play.retries.isEmpty)
    }

    @Test func `a task that is ready and has not begun is ready again for the next process`() {
        var play = MachinePlay(Self.chain)
        play.begin()
        play.hasSlots = false
        play.finish("a", .success([:]))
        #expect(play.open.isEmpty)
        #expect(play.stored.states == "a success, b scheduled, c none")
        play.take(play.machine.enqueue("b", at: MachinePlay.time))
        #expect(play.stored["b"]?.state == .queued)
        #expect(play.stored["b"]?.attempt == 0)
        play.machine = RunMachine(run: play.stored.run, plan: Self.chain, tasks: play.stored.tasks)
        play.hasSlots = true
        play.take(play.machine.resume(at: MachinePlay.time))
        #expect(play.open == ["b"])
        #expect(play.stored["b"]?.attempt == 1)
    }

    @Test func `a failure that is allowed does not fail the run`() {
        var play = MachinePlay(
            RunPlan(tasks: [Step(id: "a", allowFailure: true), Step(id: "b", needs: ["a"], triggerRule: .allDone)]))
        play.begin()
        play.finish("a", Self.failure)
        play.finish("b", .success([:]))
        #expect(play.ends == [.success])
        #expect(play.stored.states == "a failed, b success")
    }

    @Test func `a task that could not run because of an allowed failure fails the run unless it is allowed too`() {
        for isAllowed in [false, true] {
            var play = MachinePlay(
                RunPlan(tasks: [
                    Step(id: "a", allowFailure: true), Step(id: "b", needs: ["a"], allowFailure: isAllowed),
                ]))
            play.begin()
            play.finish("a", Self.failure)
            #expect(play.ends == [isAllowed ? .success : .failed])
        }
    }

    @Test func `a condition that does not hold and a start that is refused pass on`() {
        var play = MachinePlay(Self.chain)
        play.hasSlots = false
        play.begin()
        play.take(play.machine.skip("a", reason: "0.1 >= 0.2", at: MachinePlay.time))
        #expect(play.stored.states == "a skipped, b skipped, c skipped")
        #expect(play.ends == [.success])
        var other = MachinePlay(Self.chain)
        other.hasSlots = false
        other.begin()
        other.take(other.machine.hold("a", message: "waiting for yesterday", at: MachinePlay.time))
        #expect(other.stored["a"]?.state == .scheduled)
        #expect(other.stored["a"]?.message == "waiting for yesterday")
        other.take(other.machine.refuse("a", message: "no such value", at: MachinePlay.time))
        #expect(other.stored["a"]?.attempt == 0)
        #expect(other.ends == [.failed])
    }

    @Test func `a report about a task that is not running changes nothing`() {
        var play = MachinePlay(Self.chain)
        play.begin()
        play.finish("a", .success([:]))
        #expect(play.machine.finished("a", Self.failure, at: MachinePlay.time) == .nothing)
        #expect(play.machine.finished("c", .success([:]), at: MachinePlay.time) == .nothing)
        #expect(play.machine.finished("nobody", .success([:]), at: MachinePlay.time) == .nothing)
    }

    @Test func `upstream tasks are listed nearest first`() {
        let plan = RunPlan(tasks: [
            Step(id: "a"), Step(id: "b", needs: ["a"]), Step(id: "c", needs: ["a"]), Step(id: "d", needs: ["c", "b"]),
        ])
        #expect(plan.upstreamOrder(of: "d") == ["c", "b", "a"])
        #expect(plan.upstreamOrder(of: "a") == [])
    }
}

@Suite struct RetryDelayTests {
    @Test func `the wait is capped`() {
        let retry = RetryPolicy(max: 99, delay: .seconds(5), backoff: 2, maxDelay: .seconds(60), jitter: 0)
        let waits = (1...6).map { retry.wait(beforeRetry: $0, key: "k") }
        #expect(waits == [5, 10, 20, 40, 60, 60].map { Duration.seconds($0) })
        #expect(retry.wait(beforeRetry: 5000, key: "k") == .seconds(60))
    }

    @Test func `jitter spreads waits around the delay and repeats itself`() {
        let retry = RetryPolicy(max: 9, delay: .seconds(100), backoff: 1, maxDelay: .seconds(1000), jitter: 0.2)
        let waits = (0..<200).map { retry.wait(beforeRetry: 1, key: "daily/task\($0)@0") }
        #expect(waits.allSatisfy { $0 >= .seconds(80) && $0 <= .seconds(120) })
        #expect(waits.contains { $0 < .seconds(85) } && waits.contains { $0 > .seconds(115) })
        #expect(waits == (0..<200).map { retry.wait(beforeRetry: 1, key: "daily/task\($0)@0") })
        #expect(retry.wait(beforeRetry: 1, key: "k") != retry.wait(beforeRetry: 2, key: "k"))
    }
}
