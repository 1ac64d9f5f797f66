import Foundation
import Scheduling
import Serving
import Synchronization
import TestKit
import Testing
import Training

@testable import Stack

/// What the clock makes of orders and of a disk that fails, with no pipelines to wait for.
struct ReplayOrderTests {
    /// Keeps the state until it is told to fail.
    private struct ScriptedStore: ReplayStateStore {
        struct Full: LocalizedError {
            var errorDescription: String? { "the disk is full." }
            var recoverySuggestion: String? { "make room." }
        }
        var fails = false

        func save(_ state: ReplayState) async throws { if fails { throw Full() } }
    }

    private func withReplay(
        _ store: ScriptedStore = ScriptedStore(), clear: @escaping @Sendable () async throws -> Void = {},
        _ body: (Replay) async throws -> Void
    ) async throws {
        try await StorageFixture.withFolder { folder in
            try SyntheticDataset(ratings: 300, days: 10, seed: 1).write(to: folder + "/data")
            let source = try DatasetSource(recognising: folder + "/data")
            let log = try await TrainingThreads().perform { workers in
                try LogShelf(folder: folder).open(source, options: ReadOptions(), workers: workers, progress: { _ in })
                    .0
            }
            var configuration = Configuration(home: Home(folder + "/home"))
            (configuration.dayLength, configuration.exitsWhenDone) = (.zero, true)
            let state = try ReplayState.opening(nil, dataset: "data", log: log, configuration: configuration)
            let world = SchedulingWorld(folder: folder)
            try await body(
                Replay(
                    parts: .init(
                        store: store, orchestrator: world.orchestrator,
                        arrivals: Arrivals(
                            log: log, catalogue: try ItemCatalogue(reading: source),
                            store: try StorageFixture.open(folder)), clock: WallClock(),
                        publish: { _ in }, dayEnded: { _, _ in }, clear: clear), state: state))
        }
    }

    @Test func `a replay that was to reach its end and cannot go on ends with the reason`() async throws {
        try await withReplay(ScriptedStore(fails: true)) { replay in
            let day = await replay.status().now
            await #expect(
                throws: StackError.replayStopped(
                    day: Day(containing: day).description, reason: "the disk is full.", remedy: "make room.")
            ) {
                try await replay.run(untilDone: true)
            }
        }
        let text = ErrorText(
            StackError.replayStopped(day: "2015-01-09", reason: "the disk is full.", remedy: "make room."))
        #expect(text.what == "the replay stopped on 2015-01-09: the disk is full.")
        #expect(text.remedy == "make room, then start again: it goes on from that day.")
    }

    @Test func `an order that comes while the replay is set back is refused, and the next one is obeyed`() async throws
    {
        let (isClearing, mayGoOn) = (Stack.Gate(), Stack.Gate())
        try await withReplay(
            clear: {
                isClearing.open()
                _ = await mayGoOn.pass()
            }
        ) { replay in
            let days = Task { try await replay.run(untilDone: false) }
            defer { days.cancel() }
            let reset = Task { try await replay.perform(.reset) }
            #expect(await isClearing.pass())
            for order in [ReplayAction.play(dayLengthSeconds: nil), .step(days: 2), .speed(dayLengthSeconds: 3)] {
                await #expect(throws: ReplayRefusal.self) { try await replay.perform(order) }
            }
            mayGoOn.open()
            let status = try await reset.value
            #expect(status.day == 0)
            let slower = try await replay.perform(.speed(dayLengthSeconds: 3))
            #expect(slower.dayLengthSeconds == 3)
        }
    }

    @Test func `after a reset that failed only another reset is taken`() async throws {
        let failures = Mutex(1)
        let clear: @Sendable () throws -> Void = {
            try failures.withLock { left in
                left -= 1
                if left >= 0 { throw ScriptedStore.Full() }
            }
        }
        try await withReplay(clear: clear) { replay in
            let days = Task { try await replay.run(untilDone: false) }
            defer { days.cancel() }
            await #expect(throws: ScriptedStore.Full.self) { try await replay.perform(.reset) }
            do {
                _ = try await replay.perform(.play(dayLengthSeconds: nil))
                Issue.record("it plays on with half of its data removed")
            } catch let refusal as ReplayRefusal {
                #expect(refusal.remedy.contains("`mlstack replay reset`"))
            }
            let status = try await replay.perform(.reset)
            #expect(status.day == 0 && status.problem == nil)
            let slower = try await replay.perform(.speed(dayLengthSeconds: 3))
            #expect(slower.dayLengthSeconds == 3)
        }
    }
}
