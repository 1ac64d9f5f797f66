import Registry
import Scheduling
import Storage
import TestKit
import Testing

/// Many runs at once.
@Suite struct HistoryTests {
    @Test func `a grid has the states of the file's tasks in their order, newest run first`() async throws {
        try await StorageFixture.withStore { store in
            for id in ["a", "b", "c"] {
                try await store.apply([.createRun(Sample.run(id), tasks: Sample.tasks(of: id, ["y", "x"]))])
            }
            try await store.apply([.createRun(Sample.run("other", pipeline: "deploy"), tasks: [])])
            var failed = Sample.tasks(of: "b", ["x"])[0]
            failed.state = .upstreamFailed
            var made = Sample.tasks(of: "b", ["x[0]"])[0]
            made.mappedFrom = "x"
            try await store.apply([.updateTask(failed), .addTasks([made])])
            let grid = try await store.grid(of: "daily", limit: 2, before: nil)
            #expect(grid.rows.map(\.id) == ["c", "b"])
            #expect(grid.rows.map(\.tasks) == [["y", "x"], ["y", "x"]])
            #expect(grid.rows.map(\.states) == [[.none, .none], [.none, .upstreamFailed]])
            #expect(try await store.grid(of: "daily", limit: 9, before: "b").rows.map(\.id) == ["a"])
            await #expect(throws: StorageError.unknownRecord(kind: "run", id: "none")) {
                try await store.grid(of: "daily", limit: 9, before: "none")
            }
        }
    }

    @Test func `every state of a task is told as it is`() async throws {
        try await StorageFixture.withStore { store in
            let states = TaskState.allCases
            var tasks = Sample.tasks(of: "a", states.map { "t_\($0.rawValue)" })
            for index in tasks.indices { tasks[index].state = states[index] }
            try await store.apply([.createRun(Sample.run("a"), tasks: tasks)])
            #expect(try await store.grid(of: "daily", limit: 1, before: nil).rows.first?.states == states)
        }
    }

    @Test func `the newest runs of several pipelines come at once`() async throws {
        try await StorageFixture.withStore { store in
            for id in ["a", "b", "c"] { try await store.apply([.createRun(Sample.run(id), tasks: [])]) }
            try await store.apply([.createRun(Sample.run("x", pipeline: "deploy"), tasks: [])])
            let runs = try await store.latestRuns(of: ["deploy", "daily", "none"], limit: 2)
            #expect(runs.mapValues { $0.map(\.id) } == ["daily": ["c", "b"], "deploy": ["x"]])
        }
    }

    @Test func `a failed run is told with the item that failed, not with what gathers the items`() async throws {
        try await StorageFixture.withStore { store in
            var tasks = Sample.tasks(of: "a", ["all", "ok", "all[1]"])
            for (index, state) in [TaskState.failed, .success, .failed].enumerated() { tasks[index].state = state }
            tasks[2].mappedFrom = "all"
            tasks[2].attempt = 3
            tasks[2].message = "no file"
            try await store.apply([.createRun(Sample.run("a"), tasks: tasks)])
            try await store.apply([.createRun(Sample.run("b"), tasks: Sample.tasks(of: "b", ["x"]))])
            #expect(
                try await store.failures(of: ["a", "b", "none"])
                    == ["a": RunFailure(taskID: "all[1]", attempt: 3, message: "no file")])
        }
    }

    @Test func `runs of a stretch are told by their dates`() async throws {
        try await StorageFixture.withStore { store in
            for (id, milliseconds) in [("a", 30), ("b", 10), ("c", 20), ("d", 40)] {
                var run = Sample.run(id)
                run.logicalDate = Instant(milliseconds: Int64(milliseconds))
                try await store.apply([.createRun(run, tasks: [])])
            }
            let found = try await store.results(
                of: "daily", from: Instant(milliseconds: 20), to: Instant(milliseconds: 40))
            #expect(found.map(\.logicalDate.milliseconds) == [20, 30])
        }
    }

    @Test func `versions are those that runs had, and their texts only of that pipeline`() async throws {
        try await StorageFixture.withStore { store in
            for (id, version) in [("a", "v1"), ("b", "v2"), ("c", "v1")] {
                var run = Sample.run(id)
                run.pipelineVersion = version
                try await store.apply([
                    .savePipelineSource(version: version, text: "pipeline: \(version)"), .createRun(run, tasks: []),
                ])
            }
            let versions = try await store.versions(of: "daily")
            #expect(versions.map(\.version) == ["v1", "v2"])
            #expect(versions.map(\.runs) == [2, 1])
            #expect(try await store.pipelineText(of: "daily", version: "v2")?.source == "pipeline: v2")
            #expect(try await store.pipelineText(of: "deploy", version: "v2") == nil)
        }
    }

    @Test func `a run's relatives are those that started it, that it started, and what it tracked`() async throws {
        try await StorageFixture.withStore { store in
            for (id, parent) in [("a", nil), ("b", "a"), ("c", "b"), ("d", "a")] as [(String, String?)] {
                var run = Sample.run(id)
                run.parentRunID = parent
                try await store.apply([.createRun(run, tasks: [])])
            }
            let tracked = try await store.createRun(
                RunRequest(
                    id: "abc", experimentID: "0", name: "a", userID: "ann", startTimeMilliseconds: 1,
                    tags: [SQLiteStore.pipelineRunTag: "a"]))
            let ofFirst = try await store.relatives(of: Sample.run("a"))
            #expect(ofFirst.children.map(\.id) == ["b", "d"])
            #expect(ofFirst.parent == nil)
            #expect(ofFirst.tracked == .init(experimentID: "0", runID: tracked.id))
            var child = Sample.run("c")
            child.parentRunID = "b"
            let ofChild = try await store.relatives(of: child)
            #expect(ofChild.parent?.id == "b")
            #expect(ofChild.children.isEmpty && ofChild.tracked == nil)
        }
    }
}
