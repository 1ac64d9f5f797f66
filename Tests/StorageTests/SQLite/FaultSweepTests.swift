import Registry
import Scheduling
import Storage
import Synchronization
import TestKit
import Testing

/// The n-th write fails, for every n, of every call that writes: the call throws, and the database is as it was before.
struct FaultSweepTests {
    typealias Call = @Sendable (SQLiteStore) async throws -> Void

    /// In an order in which each finds what it needs; together they reach every statement that writes.
    private static let calls: [(name: String, run: Call)] = [
        ("createExperiment", { _ = try await $0.createExperiment(name: "e", tags: ["a": "1"]) }),
        ("setExperimentTag", { try await $0.setExperimentTag("a", to: "2", on: "1") }),
        ("renameExperiment", { try await $0.renameExperiment(id: "1", to: "f") }),
        ("createRun", { _ = try await $0.makeRun(id: "r", tags: [SQLiteStore.pipelineRunTag: "daily-1"]) }),
        (
            "log",
            { store in
                try await store.log(
                    RunBatch(
                        params: [Param(key: "p", value: "1")],
                        metrics: (0..<3).map { Metric(key: "m", value: 1, timestampMilliseconds: $0, step: 0) },
                        tags: ["t": "1", RunName.tag: "n"]), to: "r")
            }
        ),
        ("updateRun", { _ = try await $0.updateRun(id: "r", status: .finished, endTimeMilliseconds: 5, name: "x") }),
        (
            "logDatasetInputs",
            { store in
                try await store.logDatasetInputs(
                    [DatasetInput(name: "d", digest: "1", sourceType: "l", source: "s", tags: ["c": "t"])], to: "r")
            }
        ),
        ("deleteTag", { try await $0.deleteTag("t", from: "r") }),
        (
            "createLoggedModel",
            { store in
                _ = try await store.createLoggedModel(
                    experimentID: "0", name: "als", modelType: "", sourceRunID: "r",
                    params: [Param(key: "a", value: "1")], tags: ["t": "1"])
            }
        ),
        (
            "outputs and finish",
            { store in
                let models = try await store.searchLoggedModels(
                    LoggedModelQuery(experimentIDs: ["0"], SearchQuery(maxResults: 1)))
                try await store.addOutputs(modelIDs: models.items.map(\.id), to: "r")
            }
        ),
        (
            "createRegisteredModel",
            { store in
                _ = try await store.createRegisteredModel(name: "own", description: "", tags: ["a": "1"])
            }
        ),
        (
            "createVersion",
            { store in
                _ = try await store.createVersion(
                    ModelVersionRequest(
                        name: "movies", source: "runs:/r/als", tags: ["t": "1"], createModel: true, key: "k"))
            }
        ),
        ("second version", { try await $0.makeVersion() }),
        ("setAlias 1", { try await $0.setAlias("production", to: 1, of: "movies", actor: "a", reason: "r") }),
        ("setAlias 2", { try await $0.setAlias("production", to: 2, of: "movies", actor: "a", reason: "r") }),
        (
            "transition",
            { store in
                _ = try await store.transition(1, of: "movies", to: "Production", archiveExisting: true, actor: "a")
            }
        ),
        ("deleteAlias", { try await $0.deleteAlias("production", of: "movies", actor: "a") }),
        ("setAlias 3", { try await $0.setAlias("production", to: 2, of: "movies", actor: "a", reason: "r") }),
        ("setVersionTag", { try await $0.setVersionTag("a", to: "b", version: 2, of: "movies") }),
        ("setModelTag", { try await $0.setModelTag("a", to: "b", of: "movies") }),
        ("deleteVersion", { try await $0.deleteVersion(2, of: "movies", actor: "a") }),
        (
            "apply",
            { store in
                var run = Sample.run("daily-1")
                let tasks = Sample.tasks(of: run.id, ["a", "b"])
                run.state = .running
                try await store.apply([
                    .createRun(Sample.run("daily-1"), tasks: tasks), .updateRun(run), .updateTask(tasks[1]),
                    .setCursor(pipelineID: "daily", trigger: "@daily/replay", Instant(seconds: 1)),
                    .setPaused(pipelineID: "daily", true), .savePipelineSource(version: "v", text: "t"),
                ])
            }
        ),
        ("setValues", { try await $0.setValues(["a": "1", "b": "2"]) }),
        (
            "appendFeedback",
            { store in
                let event = FeedbackEvent(
                    user: "1", item: "2", rating: 3, timestampSeconds: 0, receivedAtMilliseconds: 0, type: "rating")
                _ = try await store.appendFeedback([event, event])
            }
        ),
        ("indexFeedback", { try await $0.indexFeedback(through: 2) }),
        ("assignPendingFeedback", { _ = try await $0.assignPendingFeedback(to: Instant(seconds: 5)) }),
        ("setExperimentLifecycle", { try await $0.setExperimentLifecycle(.deleted, id: "1") }),
        (
            "reset",
            { store in
                _ = try await store.removeEverythingMadeByPipelines(reopeningFeedbackDays: true, settings: ["a": nil])
            }
        ),
        ("deleteRegisteredModel", { try await $0.deleteRegisteredModel(named: "own", actor: "a") }),
    ]

    @Test func `whichever write fails, the call leaves nothing behind`() async throws {
        let fault = Fault()
        var faults = 0
        try await StorageFixture.withStore(faultInjector: { try fault.pass($0) }) { store in
            for call in Self.calls {
                var number = 1
                while true {
                    let before = try await store.dump()
                    fault.arm(at: number)
                    let error: (any Error)?
                    do {
                        try await call.run(store)
                        error = nil
                    } catch let caught { error = caught }
                    guard fault.disarm() else {
                        if let error { throw error }
                        break
                    }
                    #expect(error != nil, "\(call.name), write \(number): no error")
                    #expect(try await store.dump() == before, "\(call.name), write \(number): something stayed")
                    number += 1
                }
                faults += number - 1
                #expect(number > 2, "\(call.name) wrote nothing")
                let report = try await store.integrityReport()
                #expect(report.isSound, "\(call.name): \(report.problems)")
            }
        }
        #expect(faults > 120)
    }
}

/// Fails one write, the n-th from when it was armed.
private final class Fault: Sendable {
    private let countdown = Mutex<Int?>(nil)

    func arm(at number: Int) { countdown.withLock { $0 = number } }

    /// - Returns: whether it went off.
    func disarm() -> Bool {
        countdown.withLock { left in
            defer { left = nil }
            return left == 0
        }
    }

    func pass(_ point: FaultPoint) throws {
        try countdown.withLock { countdown in
            guard let left = countdown, left > 0 else { return }
            countdown = left - 1
            if left == 1 { throw StorageError.diskFull(path: "test") }
        }
    }
}
