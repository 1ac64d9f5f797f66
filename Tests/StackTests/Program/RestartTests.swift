import Foundation
import Storage
import TestKit
import Testing

@testable import Stack

struct RestartTests {
    @Test func `a replay in two sittings comes to the bytes of a replay in one`() async throws {
        try await RunningStack.withDataset { folder in
            let (split, whole) = (
                RunningStack.configuration(folder, home: "split"), RunningStack.configuration(folder, home: "whole")
            )
            let first = try await RunningStack.replay(split, until: "2024-07-20")
            let second = try await RunningStack.replay(split, until: "2024-07-23")
            let undisturbed = try await RunningStack.replay(whole, until: "2024-07-23")
            #expect(first.days + second.days == undisturbed.days)
            #expect(second.versions == undisturbed.versions)
            #expect(second.contentHash != nil)
            #expect(second.contentHash == undisturbed.contentHash)
            #expect(second.production == undisturbed.production)
        }
    }

    @Test func `a home that has a model answers before any day has gone by`() async throws {
        try await RunningStack.withDataset { folder in
            let configuration = RunningStack.configuration(folder)
            let done = try await RunningStack.replay(configuration, until: "2024-07-18")
            try await RunningStack.run(configuration) { stack in
                let answer = try await stack.recommendations("1")
                #expect(answer.model.version == done.versions)
                let versions = (1...done.versions).reversed().map { "\($0)" }.joined(separator: ", ")
                await #expect {
                    _ = try await stack.client.post("/api/v1/models/movies/promote", ["version": 99])
                } throws: {
                    ErrorText($0).remedy == "choose one of its versions: \(versions)."
                }
            }
        }
    }

    @Test func `after a reset the same days give the same model again`() async throws {
        try await RunningStack.withDataset { folder in
            try await RunningStack.run(RunningStack.configuration(folder)) { stack in
                _ = try await stack.step(2)
                let before = try await stack.contentHash()
                _ = try await stack.client.post("/api/v1/replay", ["action": "reset"])
                let anew = try await stack.recommendations("1")
                #expect(anew.model.version == 1)
                _ = try await stack.step(2)
                #expect(try await stack.contentHash() == before)
                #expect(try await stack.recommendations("1").model.version == 3)
            }
        }
    }

    @Test func `a reset that was cut short is finished by the next start`() async throws {
        try await RunningStack.withDataset { folder in
            let configuration = RunningStack.configuration(folder)
            _ = try await RunningStack.replay(configuration, until: "2024-07-18")
            let store = try StorageFixture.open(configuration.home.path)
            let clock = SQLiteReplayStateStore(store: store)
            var state = try #require(try await clock.load())
            state.isStartingAgain = true
            try await clock.save(state)
            try store.close()
            try await RunningStack.run(configuration) { stack in
                let status = try await stack.waitingForClock({ $0.day == 0 && $0.state == "paused" }) {}
                #expect(status.now.hasPrefix("2024-07-16"))
                let model = try await stack.movies()
                #expect(model.versions.map(\.version) == [1])
                let next = try await stack.step()
                #expect(next.day == 1)
            }
        }
    }

    @Test func `a second start on the same home is refused and names the first`() async throws {
        try await RunningStack.withDataset { folder in
            let configuration = RunningStack.configuration(folder)
            try await RunningStack.run(configuration) { stack in
                do {
                    _ = try await RunningStack.replay(configuration)
                    Issue.record("two stacks share a home")
                } catch {
                    let text = ErrorText(error)
                    #expect(text.what.contains(configuration.home.path))
                    #expect(text.remedy?.isEmpty == false)
                }
                _ = try await stack.step()
            }
        }
    }

    @Test func `an end before the beginning is refused with both dates`() async throws {
        try await RunningStack.withDataset { folder in
            do {
                _ = try await RunningStack.replay(RunningStack.configuration(folder), until: "2024-01-01")
                Issue.record("it was replayed")
            } catch {
                let text = ErrorText(error)
                #expect(text.what == "--until 2024-01-01 is before the first simulated day, 2024-07-16.")
            }
        }
    }

    @Test func `a home keeps to the dataset that it replays`() async throws {
        try await RunningStack.withDataset { folder in
            var configuration = RunningStack.configuration(folder)
            _ = try await RunningStack.replay(configuration, until: "2024-07-17")
            try "userId,movieId,rating,timestamp\n1,2,3.5,1700000000\n".write(
                toFile: folder + "/other.csv", atomically: true, encoding: .utf8)
            configuration.dataset = folder + "/other.csv"
            await #expect(
                throws: StackError.homeHoldsOtherDataset(
                    home: configuration.home.path, had: "data", wanted: "other.csv")
            ) {
                _ = try await RunningStack.replay(configuration)
            }
        }
    }
}

extension RunningStack {
    fileprivate func contentHash() async throws -> String {
        let version = try await client.get("/api/2.0/mlflow/registered-models/alias?name=movies&alias=production")
        return try #require(
            version.firstMatch(of: /"mlstack.content_hash", ?"value": ?"([0-9a-f]+)"/).map { String($0.1) })
    }
}
