import Scheduling
import Synchronization
import TestKit
import Testing

/// The process dies at every moment at which it could have written something, and the next one goes on.
@Suite struct CrashTests {
    static let source = """
        pipeline: p
        triggers: [{cron: "@daily", clock: replay}]
        max_active_runs: 1
        tasks:
          ingest: {uses: test/step}
          train: {needs: [ingest], uses: test/step}
          popular: {needs: [ingest], uses: test/step}
          flaky: {needs: [ingest], uses: test/flaky, retry: {max: 1, delay: 0s}}
          broken: {needs: [train], uses: test/broken}
          report: {needs: [train, popular, flaky, broken], trigger_rule: all_done, uses: test/step}
        """

    /// What ran, over all lives of the process.
    private final class History: Sendable {
        private let state = Mutex<(ended: Set<String>, repeated: [String])>(([], []))
        func begin(_ key: String, endedInStore: Bool) {
            if endedInStore { state.withLock { $0.repeated.append(key) } }
        }
        var repeated: [String] { state.withLock { $0.repeated } }
    }

    private func operators(_ store: MemoryRunStore, _ history: History) -> [ScriptedOperator] {
        let begin: @Sendable (TaskContext) -> TaskInstance? = { context in
            let task = store.contents.runs[context.run.id]?[context.taskID]
            history.begin("\(context.run.id)/\(context.taskID)", endedInStore: task?.state == .success)
            return task
        }
        return [
            ScriptedOperator("test/step") { _, context in
                _ = begin(context)
                return ["from": context.taskID]
            },
            // Fails once by its own doing, however often it is interrupted.
            ScriptedOperator("test/flaky") { _, context in
                if begin(context)?.failures ?? 0 == 0 { throw Broken() }
                return [:]
            },
            ScriptedOperator("test/broken") { _, context in
                _ = begin(context)
                throw Broken()
            },
        ]
    }

    private func live(_ world: SchedulingWorld) async throws {
        try await world.load(Self.source)
        try await world.orchestrator.resume()
        let midnight = try Instant(text: "2015-01-02", in: .utc)
        try await world.orchestrator.advance(.replay, to: midnight)
        try await world.orchestrator.advance(.replay, to: midnight.advanced(by: .seconds(86_400)))
        try await world.orchestrator.waitUntilIdle(.replay)
    }

    /// - Returns: the final contents, and how many times something was stored.
    private func undisturbed() async throws -> (contents: MemoryRunStore.Contents, applies: Int) {
        try await SchedulingWorld.withFolder { folder in
            let store = MemoryRunStore()
            let world = SchedulingWorld(folder: folder, operators: operators(store, History()), store: store)
            try await live(world)
            return (store.contents, store.applies)
        }
    }

    private func outcome(_ contents: MemoryRunStore.Contents) -> [String] {
        contents.order.sorted().compactMap { contents.runs[$0] }.map { stored in
            "\(stored.run.id) \(stored.run.state): \(stored.states); failures \(stored.tasks.map(\.failures))"
        }
    }

    @Test(arguments: [false, true])
    func `a crash at any write is followed by a start that loses and repeats nothing`(_ afterItsChanges: Bool)
        async throws
    {
        let reference = try await undisturbed()
        #expect(reference.contents.runs.count == 2)
        for crash in 1...reference.applies {
            try await SchedulingWorld.withFolder { folder in
                let history = History()
                let first = MemoryRunStore(fault: .crash(at: crash, afterItsChanges: afterItsChanges))
                let dying = SchedulingWorld(folder: folder, operators: operators(first, history), store: first)
                let life = Task { try await live(dying) }
                // Depending on how ends fall together, a life may need a write less than the undisturbed one.
                let crashed = Task { await first.waitForCrash() }
                _ = await firstOf(crashed, life)
                let second = MemoryRunStore(first.contents)
                let world = SchedulingWorld(folder: folder, operators: operators(second, history), store: second)
                try await live(world)
                #expect(outcome(second.contents) == outcome(reference.contents), "crash at write \(crash)")
                #expect(history.repeated.isEmpty, "crash at write \(crash)")
                life.cancel()
            }
        }
    }

    /// Returns when one of them has ended.
    private func firstOf(_ one: Task<Void, Never>, _ other: Task<Void, any Error>) async {
        let gate = Gate()
        let watchers = [
            Task {
                await one.value
                gate.open()
            },
            Task {
                _ = await other.result
                gate.open()
            },
        ]
        try? await gate.pass()
        for watcher in watchers { watcher.cancel() }
    }

    @Test func `a run goes on with the version of the file that it began with`() async throws {
        try await SchedulingWorld.withFolder { folder in
            let gate = Gate()
            let first = MemoryRunStore()
            let slow = ScriptedOperator { _, _ in
                try await gate.pass()
                return [:]
            }
            let dying = SchedulingWorld(folder: folder, operators: [slow], store: first)
            try await dying.load("pipeline: p\ntasks: {a: {uses: test/step}, old: {needs: [a], uses: test/step}}")
            let run = try await dying.orchestrator.start(RunStart(pipelineID: "p"))
            await gate.waitForArrivals()

            let store = MemoryRunStore(first.contents)
            let world = SchedulingWorld(folder: folder, operators: [ScriptedOperator()], store: store)
            try await world.load("pipeline: p\ntasks: {new: {uses: test/step}}")
            try await world.orchestrator.resume()
            _ = try await world.orchestrator.waitUntilEnded(runID: run.id)
            #expect(store.contents.runs[run.id]?.states == "a success, old success")
            #expect(store.contents.runs[run.id]?["a"]?.attempt == 2)
            #expect(store.contents.runs[run.id]?["a"]?.failures == 0)
            // What is left of the first process has nothing more to write when the folder goes.
            gate.open()
            _ = try await dying.orchestrator.waitUntilEnded(runID: run.id)
        }
    }

    @Test func `a run whose version cannot be read any more fails and says so`() async throws {
        try await SchedulingWorld.withFolder { folder in
            var contents = MemoryRunStore.Contents()
            var run = MachinePlay.run()
            run.state = .running
            contents.runs[run.id] = StoredRun(
                run: run, tasks: [TaskInstance(runID: run.id, taskID: "a", state: .running)])
            contents.order = [run.id]
            let world = SchedulingWorld(folder: folder, store: MemoryRunStore(contents))
            try await world.orchestrator.resume()
            let ended = try await world.orchestrator.waitUntilEnded(runID: run.id)
            #expect(ended.state == .failed)
            #expect(ended.message?.contains("is not in the store") == true)
        }
    }

    @Test func `whoever is told of failures is told of a run that cannot be resumed`() async throws {
        try await SchedulingWorld.withFolder { folder in
            var contents = MemoryRunStore.Contents()
            var run = MachinePlay.run()
            run.state = .running
            contents.runs[run.id] = StoredRun(
                run: run, tasks: [TaskInstance(runID: run.id, taskID: "a", state: .running)])
            contents.order = [run.id]
            let world = SchedulingWorld(folder: folder, store: MemoryRunStore(contents))
            try await world.load(
                "pipeline: \(run.pipelineID)\ntasks: {a: {run: echo}}\nnotify: {failure: [{webhook: \"http://127.0.0.1/\"}]}"
            )
            try await world.orchestrator.resume()
            let told = world.store.contents.notifications
            #expect(told.map(\.event) == [.failure])
            #expect(told.first?.message?.contains("could not be resumed") == true)
        }
    }

    @Test func `a retry that was waiting when the process died comes at its time`() async throws {
        try await SchedulingWorld.withFolder { folder in
            let source = "pipeline: p\ntasks: {a: {uses: test/step, retry: {max: 1, delay: 1h}}}"
            let step = ScriptedOperator { _, context in
                if context.attempt == 1 { throw Broken() }
                return [:]
            }
            let dying = SchedulingWorld(folder: folder, operators: [step])
            try await dying.load(source)
            let run = try await dying.orchestrator.start(RunStart(pipelineID: "p"))
            let due = dying.clock.now.advanced(by: .seconds(3600))
            await dying.clock.waitForSleeper(until: due)

            let clock = ManualClock(dying.clock.now.advanced(by: .seconds(60)))
            let world = SchedulingWorld(
                folder: folder, operators: [step], clock: clock, store: MemoryRunStore(dying.store.contents))
            try await world.load(source)
            try await world.orchestrator.resume()
            await clock.waitForSleeper(until: due)
            clock.advance(to: due)
            #expect(try await world.orchestrator.waitUntilEnded(runID: run.id).state == .success)
            #expect(step.calls == ["\(run.id)/a#1", "\(run.id)/a#2"])
        }
    }
}

@Suite struct StoreFailureTests {
    @Test func `a store that fails for a while delays a run and loses nothing`() async throws {
        try await SchedulingWorld.withFolder { folder in
            let store = MemoryRunStore(fault: .fail(2...4))
            let world = SchedulingWorld(folder: folder, operators: [ScriptedOperator()], store: store)
            try await world.load("pipeline: p\ntasks: {a: {uses: test/step}, b: {needs: [a], uses: test/step}}")
            let run = try await world.orchestrator.start(RunStart(pipelineID: "p"))
            for _ in 0..<2 {
                await world.clock.waitForSleeper()
                world.clock.advance(by: .seconds(5))
            }
            #expect(try await world.orchestrator.waitUntilEnded(runID: run.id).state == .success)
            #expect(store.contents.runs[run.id]?.states == "a success, b success")
        }
    }

    @Test func `a run that cannot be stored does not exist`() async throws {
        try await SchedulingWorld.withFolder { folder in
            let step = ScriptedOperator()
            let store = MemoryRunStore(fault: .fail(1...5))
            let world = SchedulingWorld(folder: folder, operators: [step], store: store)
            try await world.load("pipeline: p\ntasks: {a: {uses: test/step}}")
            let start = Task { try await world.orchestrator.start(RunStart(pipelineID: "p")) }
            for _ in 0..<3 {
                await world.clock.waitForSleeper()
                world.clock.advance(by: .seconds(5))
            }
            await #expect(throws: SchedulingError.self) { try await start.value }
            try await world.orchestrator.waitUntilIdle(.wall)
            #expect(step.calls.isEmpty)
            #expect(try await world.run("p").run.state == .success)
        }
    }

    @Test func `while the store takes nothing, an order is refused instead of kept waiting`() async throws {
        try await SchedulingWorld.withFolder { folder in
            let store = MemoryRunStore(fault: .fail(2...1000))
            let world = SchedulingWorld(folder: folder, operators: [ScriptedOperator()], store: store)
            try await world.load("pipeline: p\ntasks: {a: {uses: test/step}}")
            _ = try await world.orchestrator.start(RunStart(pipelineID: "p"))
            await world.clock.waitForSleeper()
            let order = Task { try await world.orchestrator.start(RunStart(pipelineID: "p")) }
            let pause = Task { try await world.orchestrator.setPaused(true, pipelineID: "p", actor: "test") }
            for _ in 0..<12 {
                world.clock.advance(by: .seconds(5))
                await world.clock.waitForSleeper()
            }
            await #expect(throws: SchedulingError.self) { try await order.value }
            await #expect(throws: SchedulingError.self) { try await pause.value }
        }
    }

    @Test func `a run whose changes alone are refused is marked as failed, and others go on`() async throws {
        try await SchedulingWorld.withFolder { folder in
            let store = RefusingStore(taskID: "poison")
            let step = ScriptedOperator()
            let clock = ManualClock()
            let world = RefusingStore.world(folder, store, step, clock)
            let compiler = PipelineCompiler(operators: [step], machineZone: .utc)
            try await world.load(
                try [
                    "pipeline: bad\ntasks: {poison: {uses: test/step}}",
                    "pipeline: good\ntasks: {a: {uses: test/step}}",
                ]
                .map { try #require(compiler.compile(source: $0, file: "x.yaml").pipeline) })
            let run = try await world.start(RunStart(pipelineID: "bad"))
            let ended = Task { try await world.waitUntilEnded(runID: run.id) }
            for _ in 1..<8 {
                await clock.waitForSleeper()
                clock.advance(by: .seconds(5))
            }
            let bad = try await ended.value
            #expect(bad.state == .failed)
            #expect(bad.message?.hasPrefix("its state could not be stored") == true)
            let good = try await world.start(RunStart(pipelineID: "good"))
            #expect(try await world.waitUntilEnded(runID: good.id).state == .success)
        }
    }
}
