import Scheduling
import TestKit
import Testing

@Suite struct MappedTaskTests {
    typealias Step = RunPlan.Task
    private static let plan = RunPlan(tasks: [
        Step(id: "list"), Step(id: "score", needs: ["list"], isMapped: true), Step(id: "sum", needs: ["score"]),
    ])

    /// A play that has made tasks of `score` for three items.
    private func expanded() -> MachinePlay {
        var play = MachinePlay(Self.plan)
        play.begin()
        play.hasSlots = false
        play.finish("list", .success([:]))
        play.hasSlots = true
        play.take(play.machine.expand("score", items: ["x", "y", "z"], at: MachinePlay.time))
        return play
    }

    @Test func `each item is a task of its own and the last end is the end of all`() {
        var play = expanded()
        #expect(play.open == ["score[0]", "score[1]", "score[2]"])
        #expect(play.stored["score[1]"]?.item == "y")
        #expect(play.stored["score[1]"]?.mappedFrom == "score")
        play.finish("score[0]", .success(["return_value": "1"]))
        play.finish("score[2]", .success(["return_value": "3", "note": "a\"b"]))
        #expect(play.stored["score"]?.state == .running)
        play.finish("score[1]", .skipped(reason: "empty"))
        #expect(play.stored["score"]?.state == .success)
        #expect(play.stored["score"]?.outputs["return_value"] == "[\"1\",null,\"3\"]")
        #expect(play.stored["score"]?.outputs["count"] == "3")
        #expect(play.open == ["sum"])
        play.finish("sum", .success([:]))
        #expect(play.ends == [.success])
        #expect(play.stored == StoredRun(run: play.machine.run, tasks: play.machine.tasks.all))
    }

    @Test func `one that fails fails all and says which`() {
        var play = expanded()
        for id in ["score[0]", "score[2]"] { play.finish(id, .success([:])) }
        play.finish("score[1]", .failed(message: "no model"))
        #expect(play.stored["score"]?.message == "1 of 3 failed; score[1]: no model")
        #expect(play.stored["sum"]?.state == .upstreamFailed)
        #expect(play.ends == [.failed])
        #expect(play.stored.run.message?.contains("score[1]: no model") == true)
    }

    @Test func `no items is a skip`() {
        var play = MachinePlay(Self.plan)
        play.begin()
        play.hasSlots = false
        play.finish("list", .success([:]))
        play.take(play.machine.expand("score", items: [], at: MachinePlay.time))
        #expect(play.stored.states == "list success, score skipped, sum skipped")
    }

    @Test func `after a crash only what was running is begun again`() {
        var play = expanded()
        play.finish("score[0]", .success([:]))
        play.machine = RunMachine(run: play.stored.run, plan: Self.plan, tasks: play.stored.tasks)
        play.open = []
        play.take(play.machine.resume(at: MachinePlay.time))
        #expect(play.open == ["score[1]", "score[2]"])
        #expect(play.stored["score"]?.attempt == 0)
        for id in play.open { play.finish(id, .success([:])) }
        #expect(play.open == ["sum"])
    }

    @Test func `cancelling stops the items and then ends the task`() {
        var play = expanded()
        play.finish("score[0]", .success([:]))
        let transition = play.machine.cancel(at: MachinePlay.time, message: "cancelled by request")
        #expect(transition.effects == [.cancel(taskID: "score[1]"), .cancel(taskID: "score[2]")])
        play.take(transition)
        play.finish("score[1]", .cancelled)
        #expect(play.ends.isEmpty)
        play.finish("score[2]", .cancelled)
        #expect(play.ends == [.cancelled])
        #expect(play.stored["score"]?.state == .cancelled)
    }

    @Test func `an item that failed can be run again alone`() throws {
        var play = expanded()
        for id in ["score[0]", "score[2]"] { play.finish(id, .success([:])) }
        play.finish("score[1]", .failed(message: "no model"))
        play.take(try play.machine.clear(["score[1]", "sum"], at: MachinePlay.time))
        #expect(play.stored.run.state == .queued)
        play.open = []
        play.begin()
        #expect(play.open == ["score[1]"])
        play.finish("score[1]", .success([:]))
        #expect(play.stored["score[1]"]?.attempt == 2)
        #expect(play.open == ["sum"])
        play.finish("sum", .success([:]))
        #expect(play.ends.last == .success)
    }

    @Test func `a cleared task makes its items anew`() throws {
        var play = expanded()
        for id in ["score[0]", "score[1]", "score[2]"] { play.finish(id, .success([:])) }
        play.finish("sum", .success([:]))
        play.take(try play.machine.clear(["score", "sum"], at: MachinePlay.time))
        #expect(play.stored["score[2]"]?.state == .removed)
        play.hasSlots = false
        play.open = []
        play.begin()
        #expect(play.ready.last == "score")
        play.hasSlots = true
        play.take(play.machine.expand("score", items: ["p", "q"], at: MachinePlay.time))
        #expect(play.open == ["score[0]", "score[1]"])
        #expect(play.stored["score[0]"]?.attempt == 2)
        for id in ["score[0]", "score[1]"] { play.finish(id, .success(["n": "1"])) }
        #expect(play.stored["score"]?.outputs["n"] == "[\"1\",\"1\"]", "the removed third does not count")
    }
}

@Suite struct ClearAndMarkTests {
    typealias Step = RunPlan.Task
    private static let failure = TaskOutcome.failed(message: "it broke")
    private static let chain = RunMachineTests.chain

    private func failed() -> MachinePlay {
        var play = MachinePlay(Self.chain)
        play.begin()
        play.finish("a", .success(["rows": "7"]))
        play.finish("b", Self.failure)
        return play
    }

    @Test func `a cleared task and those after it run again and logs go on being numbered`() throws {
        var play = failed()
        #expect(play.machine.plan.withDownstream(["b"]) == ["b", "c"])
        play.take(try play.machine.clear(["b", "c"], at: MachinePlay.time))
        #expect(play.stored.states == "a success, b none, c none")
        #expect(play.stored.run.state == .queued)
        #expect(play.stored.run.message == nil)
        play.begin()
        play.finish("b", .success([:]))
        play.finish("c", .success([:]))
        #expect(play.ends == [.failed, .success])
        #expect(play.stored["b"]?.attempt == 2)
        #expect(play.stored["b"]?.failures == 0)
        #expect(play.stored["a"]?.outputs == ["rows": "7"], "what was not cleared was not run again")
        #expect(play.begun == ["a", "b", "b", "c"])
    }

    @Test func `tasks of a run that is under way are cleared at once unless they run`() throws {
        var play = MachinePlay(RunPlan(tasks: [Step(id: "a"), Step(id: "b")]))
        play.begin()
        play.finish("a", Self.failure)
        #expect(throws: SchedulingError.taskIsRunning(id: "b", runID: "p-1")) {
            _ = try play.machine.clear(["b"], at: MachinePlay.time)
        }
        play.take(try play.machine.clear(["a"], at: MachinePlay.time))
        #expect(play.stored.states == "a running, b running")
    }

    @Test func `nothing is cleared in a run that is being cancelled, since it would never end`() throws {
        var play = MachinePlay(RunPlan(tasks: [Step(id: "a"), Step(id: "b", needs: ["a"])]))
        play.begin()
        play.take(play.machine.cancel(at: MachinePlay.time, message: "enough"))
        #expect(throws: SchedulingError.runIsBeingCancelled(id: "p-1")) {
            _ = try play.machine.clear(["b"], at: MachinePlay.time)
        }
        play.finish("a", .cancelled)
        #expect(play.ends == [.cancelled])
    }

    @Test func `a cancelled run of which only some tasks were cleared or marked is no success`() throws {
        var play = MachinePlay(RunPlan(tasks: [Step(id: "a"), Step(id: "b", needs: ["a"])]))
        play.begin()
        play.take(play.machine.cancel(at: MachinePlay.time, message: "enough"))
        play.finish("a", .cancelled)
        play.take(try play.machine.mark(["a"], as: .success, by: "ann", at: MachinePlay.time))
        #expect(play.stored.run.state == .cancelled)
        play.take(try play.machine.clear(["a"], at: MachinePlay.time))
        play.begin()
        play.finish("a", .success([:]))
        #expect(play.ends == [.cancelled, .cancelled])
        #expect(play.stored.run.message == "task b is still cancelled")
        play.take(try play.machine.mark(["b"], as: .success, by: "ann", at: MachinePlay.time))
        #expect(play.stored.run.state == .success)
    }

    @Test func `a task that is marked counts as what it is marked`() throws {
        var play = failed()
        play.take(try play.machine.mark(["b", "c"], as: .success, by: "ann", at: MachinePlay.time))
        #expect(play.stored.states == "a success, b success, c success")
        #expect(play.stored.run.state == .success)
        #expect(play.stored["b"]?.message == "marked success by ann")
        play.take(try play.machine.mark(["a"], as: .failed, by: "ann", at: MachinePlay.time))
        #expect(play.stored.run.state == .failed)
    }

    @Test func `a mark in a run that is under way lets what waits for it begin`() throws {
        let retry = RetryPolicy(max: 5, delay: .seconds(1), backoff: 1, maxDelay: .seconds(9), jitter: 0)
        var play = MachinePlay(RunPlan(tasks: [Step(id: "a", retry: retry), Step(id: "b", needs: ["a"])]))
        play.begin()
        play.finish("a", Self.failure)
        play.take(try play.machine.mark(["a"], as: .success, by: "ann", at: MachinePlay.time))
        #expect(play.open == ["b"])
        play.take(play.machine.retryDue("a", at: MachinePlay.time))
        #expect(play.open == ["b"], "the retry that was due is off")
    }
}
