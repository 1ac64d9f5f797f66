import Scheduling
import TestKit
import Testing

/// What tasks want told, and what a task costs the store.
@Suite struct TaskMessageTests {
    private static let chain =
        "pipeline: p\norder: sequential\ntasks:\n"
        + (0..<10).map { "  t\($0): {uses: test/step, retry: {max: 1, delay: 0s}}\n" }.joined()

    /// Says which attempt of which task it comes from.
    private static func message(_ context: TaskContext) -> Notification {
        Notification(
            id: "\(context.taskID)/\(context.attempt)", event: nil, webhook: nil, pipelineID: "p",
            environment: .research, runID: context.run.id, state: .running, logicalDate: context.run.logicalDate,
            message: "hello", logLines: 0, createdAt: context.run.logicalDate)
    }

    @Test func `a message is told of the attempt that succeeds, not of those that fail`() async throws {
        try await SchedulingWorld.withFolder { folder in
            let step = ScriptedOperator { _, context in
                context.messages.add(Self.message(context))
                if context.taskID == "t3", context.attempt == 1 { throw Refused() }
                return [:]
            }
            let world = SchedulingWorld(folder: folder, operators: [step])
            try await world.load(Self.chain)
            #expect(try await world.run("p").run.state == .success)
            #expect(world.store.contents.notifications.map(\.id) == (0..<10).map { $0 == 3 ? "t3/2" : "t\($0)/1" })
        }
    }

    @Test func `the end of a task, its message and the start of the next one are stored at once`() async throws {
        try await SchedulingWorld.withFolder { folder in
            let step = ScriptedOperator { _, context in
                context.messages.add(Self.message(context))
                return [:]
            }
            let world = SchedulingWorld(folder: folder, operators: [step])
            try await world.load(Self.chain)
            _ = try await world.run("p")
            // The run with its first task, and one for each task that ends.
            #expect(world.store.applies == 11)
        }
    }

    @Test(arguments: [false, true])
    func `at no crash is there a message without its success, or a success without its message`(
        _ afterItsChanges: Bool
    ) async throws {
        for moment in 1...11 {
            try await SchedulingWorld.withFolder { folder in
                let step = ScriptedOperator { _, context in
                    context.messages.add(Self.message(context))
                    return [:]
                }
                let store = MemoryRunStore(fault: .crash(at: moment, afterItsChanges: afterItsChanges))
                let world = SchedulingWorld(folder: folder, operators: [step], store: store)
                try await world.load(Self.chain)
                let start = Task { try await world.orchestrator.start(RunStart(pipelineID: "p", params: [:])) }
                await store.waitForCrash()
                start.cancel()
                let tasks = store.contents.runs.values.flatMap(\.tasks)
                let told = store.contents.notifications.map { String($0.id.prefix(2)) }
                #expect(Set(told) == Set(tasks.filter { $0.state == .success }.map(\.taskID)))
            }
        }
    }

    @Test func `a built-in task and its condition read the environment by name`() async throws {
        try await SchedulingWorld.withFolder { folder in
            let say = ScriptedOperator("test/say", settings: [SettingSpec("what", .string, help: "words")]) {
                settings, _ in ["said": settings.string("what")]
            }
            let world = SchedulingWorld(folder: folder, operators: [say], environment: ["CITY": "Seoul"])
            try await world.load(
                """
                pipeline: p
                tasks:
                  a: {uses: test/say, with: {what: "${env.CITY}"}}
                  b: {uses: test/say, with: {what: nothing}, when: "${env.CITY == 'Seoul'}"}
                  c: {uses: test/say, with: {what: nothing}, when: "${env.CITY == 'Busan'}"}
                """)
            let run = try await world.run("p")
            #expect(run.states == "a success, b success, c skipped")
            #expect(run["a"]?.outputs == ["said": "Seoul"])
        }
    }

    private struct Refused: Error {}
}
