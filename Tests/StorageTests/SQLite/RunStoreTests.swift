import Scheduling
import Storage
import TestKit
import Testing

struct RunStoreTests {
    @Test func `a run comes back as it was stored, tasks in the order of the file`() async throws {
        try await StorageFixture.withStore { store in
            let store: any RunStore = store
            var run = Sample.run("daily-1")
            (run.message, run.parentRunID, run.startedAt) = ("why", "parent", Instant(milliseconds: 7))
            var tasks = Sample.tasks(of: run.id, ["train", "evaluate", "a"])
            tasks[0].outputs = ["model": "file:\"x\"/y", "n": ""]
            tasks[0].process = ProcessMark(processID: 42, startTicks: .max, bootID: "b")
            (tasks[1].state, tasks[1].retryAt, tasks[1].attempt) = (.upForRetry, Instant(milliseconds: 9), 2)
            try await store.apply([.createRun(run, tasks: tasks)])
            let stored: StoredRun? = try await store.run(id: run.id)
            #expect(stored == StoredRun(run: run, tasks: tasks))
            let missing: StoredRun? = try await store.run(id: "none")
            #expect(missing == nil)
        }
    }

    @Test func `a schedule that fires again makes no second run but moves its cursor`() async throws {
        try await StorageFixture.withStore { store in
            let run = Sample.run("daily-1")
            try await store.apply([.createRun(run, tasks: Sample.tasks(of: run.id, ["a"]))])
            var changed = run
            changed.message = "second"
            try await store.apply([
                .createRun(changed, tasks: Sample.tasks(of: run.id, ["a", "b"])),
                .setCursor(pipelineID: "daily", trigger: "@daily/replay", Instant(milliseconds: 5)),
            ])
            let stored: StoredRun? = try await store.run(id: run.id)
            #expect(stored?.run == run && stored?.tasks.count == 1)
            #expect(try await store.cursor(pipelineID: "daily", trigger: "@daily/replay") == Instant(milliseconds: 5))
            #expect(try await store.cursor(pipelineID: "daily", trigger: "@hourly/replay") == nil)
        }
    }

    @Test func `changes are applied all or not at all`() async throws {
        try await StorageFixture.withStore { store in
            var task = Sample.tasks(of: "none", ["a"])[0]
            task.state = .running
            await #expect(throws: StorageError.unknownRecord(kind: "task", id: "none/a")) {
                try await store.apply([.createRun(Sample.run("daily-1"), tasks: []), .updateTask(task)])
            }
            await #expect(throws: StorageError.unknownRecord(kind: "run", id: "daily-1")) {
                try await store.apply([.updateRun(Sample.run("daily-1"))])
            }
        }
    }

    @Test func `unfinished runs are found oldest first with their tasks`() async throws {
        try await StorageFixture.withStore { store in
            for id in ["c", "a", "b"] {
                try await store.apply([.createRun(Sample.run(id), tasks: Sample.tasks(of: id, ["t"]))])
            }
            var ended = Sample.run("a")
            (ended.state, ended.endedAt) = (.success, Instant(milliseconds: 8))
            var task = Sample.tasks(of: "b", ["t"])[0]
            (task.state, task.attempt) = (.running, 1)
            try await store.apply([.updateRun(ended), .updateTask(task)])
            let unfinished = try await store.unfinishedRuns()
            #expect(unfinished.map(\.run.id) == ["c", "b"])
            #expect(unfinished[1].tasks == [task])
        }
    }

    @Test func `runs that ended long ago are forgotten a few at a time, unfinished ones never`() async throws {
        try await StorageFixture.withStore { store in
            for (number, id) in ["a", "b", "c", "d", "e"].enumerated() {
                var run = Sample.run(id)
                if id != "b" { (run.state, run.endedAt) = (.failed, Instant(milliseconds: Int64(number + 1) * 10)) }
                try await store.apply([.createRun(run, tasks: Sample.tasks(of: id, ["t"]))])
            }
            #expect(try await store.prune(endedBefore: Instant(milliseconds: 45), limit: 2) == ["a", "c"])
            #expect(try await store.prune(endedBefore: Instant(milliseconds: 45), limit: 2) == ["d"])
            #expect(try await store.prune(endedBefore: Instant(milliseconds: 45), limit: 2).isEmpty)
            let left: [DAGRun] = try await store.runs(of: nil, limit: 9, before: nil)
            #expect(left.map(\.id) == ["e", "b"])
            #expect(try await store.tasks(of: ["a", "b", "c"]).keys.sorted() == ["b"])
        }
    }

    @Test func `runs are listed newest first and go on after a given one`() async throws {
        try await StorageFixture.withStore { store in
            for id in ["a", "b", "c"] { try await store.apply([.createRun(Sample.run(id), tasks: [])]) }
            try await store.apply([.createRun(Sample.run("x", pipeline: "deploy"), tasks: [])])
            #expect(try await store.runs(of: "daily", limit: 2, before: nil).map(\.id) == ["c", "b"])
            #expect(try await store.runs(of: "daily", limit: 2, before: "b").map(\.id) == ["a"])
            #expect(try await store.runs(of: nil, limit: 9, before: nil).map(\.id) == ["x", "c", "b", "a"])
            await #expect(throws: StorageError.unknownRecord(kind: "run", id: "none")) {
                try await store.runs(of: nil, limit: 9, before: "none")
            }
        }
    }

    @Test func `tasks of several runs come at once`() async throws {
        try await StorageFixture.withStore { store in
            for id in ["a", "b", "c"] {
                try await store.apply([.createRun(Sample.run(id), tasks: Sample.tasks(of: id, ["y", "x"]))])
            }
            let tasks = try await store.tasks(of: ["a", "c", "none"])
            #expect(tasks.keys.sorted() == ["a", "c"])
            #expect(tasks["c"]?.map(\.taskID) == ["y", "x"])
        }
    }

    @Test func `pausing, resuming and sources are kept across a restart`() async throws {
        try await StorageFixture.withFolder { folder in
            let first = try StorageFixture.open(folder)
            try await first.apply([
                .setPaused(pipelineID: "a", true), .setPaused(pipelineID: "b", true), .setPaused(pipelineID: "b", true),
                .setPaused(pipelineID: "a", false), .savePipelineSource(version: "v1", text: "id: daily\n"),
                .savePipelineSource(version: "v1", text: "id: daily\n"),
            ])
            try first.close()
            let second = try StorageFixture.open(folder)
            #expect(try await second.pausedPipelines() == ["b"])
            #expect(try await second.pipelineSource(version: "v1") == "id: daily\n")
            #expect(try await second.pipelineSource(version: "v2") == nil)
            try second.close()
        }
    }
}

enum Sample {
    static func run(_ id: String, pipeline: String = "daily") -> DAGRun {
        DAGRun(
            id: id, pipelineID: pipeline, pipelineVersion: "v1", cause: .schedule, clock: .replay,
            logicalDate: Instant(seconds: 86_400),
            dataInterval: DataInterval(start: Instant(seconds: 0), end: Instant(seconds: 86_400)),
            params: ["k": "10"], state: .queued, createdAt: Instant(milliseconds: 3))
    }

    static func tasks(of run: String, _ ids: [String]) -> [TaskInstance] {
        ids.map { TaskInstance(runID: run, taskID: $0) }
    }
}
