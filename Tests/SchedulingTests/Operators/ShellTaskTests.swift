import CPlatform
import Dispatch
import Foundation
import Scheduling
import TestKit
import Testing

@Suite struct ShellTaskTests {
    @Test func `a shell task gets its run's variables, its own and safely quoted values`() async throws {
        try await SchedulingWorld.withFolder { folder in
            let world = SchedulingWorld(
                folder: folder, environment: ["MLFLOW_TRACKING_URI": "http://127.0.0.1:8080", "PATH": "/usr/bin:/bin"])
            try await world.load(
                """
                pipeline: p
                timezone: Asia/Seoul
                params: {word: {type: string, default: "it's; echo hacked"}}
                triggers: [{cron: "@daily", clock: replay}]
                tasks:
                  first:
                    env: {OWN: "${run.logical_date}"}
                    run: |
                      echo "$MLFLOW_TRACKING_URI $MLFLOW_DISABLE_TELEMETRY $DO_NOT_TRACK"
                      echo "$MLSTACK_RUN_ID $MLSTACK_TASK_ID $MLSTACK_LOGICAL_DATE"
                      echo "$MLSTACK_DATA_INTERVAL_START $MLSTACK_DATA_INTERVAL_END $OWN"
                      echo ${params.word} > shared.txt
                      echo "size=3" >> "$MLSTACK_OUTPUT"
                  second: {needs: [first], run: "cat shared.txt; echo ${tasks.first.outputs.size}"}
                """)
            try await world.orchestrator.advance(.replay, to: try Instant(text: "2015-01-08T15:00", in: .utc))
            try await world.orchestrator.waitUntilIdle(.replay)
            let id = "p-20150109T000000"
            let stored = try await world.orchestrator.run(id: id)
            #expect(stored.states == "first success, second success")
            let lines = try await world.log(id, "first")
            #expect(
                Array(lines.prefix(3)) == [
                    "INFO  http://127.0.0.1:8080 true true",
                    "INFO  \(id) first 2015-01-09T00:00:00+09:00",
                    "INFO  2015-01-08T00:00:00+09:00 2015-01-09T00:00:00+09:00 2015-01-09T00:00:00+09:00",
                ])
            #expect(try await world.log(id, "second").prefix(2) == ["INFO  it's; echo hacked", "INFO  3"])
            #expect(stored["second"]?.outputs == ["return_value": "3"])
            #expect(stored["first"]?.process == nil)
        }
    }

    @Test func `the mark of a process is on disk before its command begins, and a next start ends what is left`()
        async throws
    {
        try await SchedulingWorld.withFolder { folder in
            let source = """
                pipeline: p
                tasks: {a: {run: "if [ -e go ]; then echo second; else touch go; echo $$ > pid; sleep 1000 & wait; fi"}}
                """
            let first = SchedulingWorld(folder: folder)
            try await first.load(source)
            let run = try await first.orchestrator.start(RunStart(pipelineID: "p"))
            let pid = "\(folder)/work/\(run.id)/pid"
            let queue = DispatchQueue(label: "test.pause")
            while (try? String(contentsOfFile: pid, encoding: .utf8))?.isEmpty ?? true { await queue.rest() }
            let mark = try #require(first.store.contents.runs[run.id]?["a"]?.process)
            #expect(try String(contentsOfFile: pid, encoding: .utf8) == "\(mark.processID)\n")

            // The former process is forgotten as after a kill -9, and its child still runs.
            let world = SchedulingWorld(folder: folder, store: MemoryRunStore(first.store.contents))
            try await world.load(source)
            try await world.orchestrator.resume()
            #expect(try await world.orchestrator.waitUntilEnded(runID: run.id).state == .success)
            let task = try #require(world.store.contents.runs[run.id]?["a"])
            #expect(task.attempt == 2)
            #expect(task.failures == 0)
            #expect(task.outputs == ["return_value": "second"])
            var member: Int32 = 0
            #expect(mls_group_members(mark.processID, &member, 1) == 0)
        }
    }

    @Test func `a shell task that takes too long is ended and fails`() async throws {
        try await SchedulingWorld.withFolder { folder in
            let world = SchedulingWorld(folder: folder)
            try await world.load("pipeline: p\ntasks: {a: {run: \"sleep 1000\", timeout: 30s}}")
            let run = try await world.orchestrator.start(RunStart(pipelineID: "p"))
            await world.clock.waitForSleeper(until: world.clock.now.advanced(by: .seconds(30)))
            world.clock.advance(by: .seconds(30))
            let ended = try await world.orchestrator.waitUntilEnded(runID: run.id)
            #expect(ended.message == "task a failed: timed out after 30s")
        }
    }

    @Test func `the failure of a shell task is its exit code`() async throws {
        try await SchedulingWorld.withFolder { folder in
            let world = SchedulingWorld(folder: folder)
            try await world.load("pipeline: p\ntasks: {a: {run: \"echo no; exit 3\"}}")
            let stored = try await world.run("p")
            #expect(stored["a"]?.message == "exit code 3")
            #expect(try await world.log(stored.run.id, "a").first == "INFO  no")
        }
    }
}

extension DispatchQueue {
    /// For what only the file system can tell.
    func rest() async {
        await withCheckedContinuation { continuation in
            asyncAfter(deadline: .now() + .milliseconds(2)) { continuation.resume() }
        }
    }
}
