import Foundation
import Logging
import TestKit
import Testing
import Training

@testable import Stack

/// A whole stack on a temporary home and a free port. It replays a small made-up dataset at full speed, and its clock stands still
/// until a test moves it.
struct RunningStack {
    let home: Home
    let url: String
    let client: StackClient
    let banner: Banner

    /// A folder with a dataset in `data`, and room for a home beside it.
    static func withDataset(
        ratings: Int = 3000, days: Int = 30, isolation: isolated (any Actor)? = #isolation,
        _ body: (String) async throws -> Void
    ) async throws {
        try await StorageFixture.withFolder { folder in
            try SyntheticDataset(ratings: ratings, days: days, seed: 1).write(to: folder + "/data")
            try await body(folder)
        }
    }

    static func configuration(_ folder: String, home: String = "home") -> Configuration {
        var configuration = Configuration(home: Home("\(folder)/\(home)"))
        configuration.dataset = "\(folder)/data"
        (configuration.port, configuration.dayLength, configuration.isPaused) = (0, .zero, true)
        return configuration
    }

    /// The home's pipeline, changed before the first start.
    static func prepareDaily(_ configuration: Configuration, _ change: (String) -> String) throws {
        let file = try #require(DefaultPipelines.files.first { $0.name == "daily.yaml" })
        let text = change(file.text)
        try #require(text != file.text)
        try FileManager.default.createDirectory(atPath: configuration.home.pipelines, withIntermediateDirectories: true)
        try text.write(toFile: configuration.home.pipelines + "/daily.yaml", atomically: true, encoding: .utf8)
    }

    /// Starts a stack, and stops it when `body` has ended.
    static func run(
        _ configuration: Configuration, operators: @escaping OperatorList.Making = OperatorList.catalogue,
        isolation: isolated (any Actor)? = #isolation, _ body: (RunningStack) async throws -> Void
    ) async throws {
        let (banners, ready) = AsyncStream<Banner>.makeStream()
        let program = Task {
            defer { ready.finish() }
            var program = StackProgram(configuration: configuration, logger: .silent)
            program.operators = operators
            return try await program.run { ready.yield($0) }
        }
        var arriving = banners.makeAsyncIterator()
        guard let banner = await arriving.next() else {
            _ = try await program.value
            throw HTTPClient.Failure(description: "the stack ended before it was ready")
        }
        let home = configuration.home
        let outcome: Result<Void, any Error>
        do {
            let client = try StackClient(url: banner.url, home: home, token: configuration.token)
            outcome = .success(
                try await body(RunningStack(home: home, url: banner.url, client: client, banner: banner)))
        } catch {
            outcome = .failure(error)
        }
        program.cancel()
        _ = await program.result
        try outcome.get()
    }

    /// One replay from the first simulated day to the last, as `--exit-when-done` does it.
    static func replay(
        _ configuration: Configuration, until: String? = nil, logger: Logger = .silent,
        operators: @escaping OperatorList.Making = OperatorList.catalogue
    ) async throws -> Summary {
        var configuration = configuration
        (configuration.isPaused, configuration.exitsWhenDone, configuration.until) = (false, true, until)
        var program = StackProgram(configuration: configuration, logger: logger)
        program.operators = operators
        return try await program.run { _ in }
    }

    /// Lets so many days go by and returns when the last has ended.
    func step(_ days: Int = 1) async throws -> Answers.Replay {
        let before = try await client.get("/api/v1/replay", as: Answers.Replay.self)
        return try await waitingForClock({
            $0.day == before.day + days && $0.state != "working" && $0.state != "playing"
        }) {
            _ = try await client.post("/api/v1/replay", ["action": "step", "days": days])
        }
    }

    /// Listens to the clock, then gives an order, then waits for what it leads to.
    func waitingForClock(
        _ isReached: (Answers.Replay) -> Bool, _ order: () async throws -> Void
    ) async throws -> Answers.Replay {
        let events = HTTPClient(port: URL(string: url)?.port ?? 0)
        _ = try await events.openStream("/api/v1/events")
        try await order()
        var text = ""
        while let piece = try await events.nextChunk() {
            text += piece
            while let end = text.range(of: "\n\n") {
                let lines = text[..<end.lowerBound].split(separator: "\n")
                text.removeSubrange(..<end.upperBound)
                guard lines.contains("event: clock"), let data = lines.last?.dropFirst("data: ".count) else { continue }
                let status = try StackClient.decode(String(data)) as Answers.Replay
                if isReached(status) { return status }
            }
        }
        throw HTTPClient.Failure(description: "the events ended before the clock was there")
    }

    func recommendations(_ user: String) async throws -> Answers.Recommendations {
        try await client.get("/api/v1/recommendations/\(user)", as: Answers.Recommendations.self)
    }

    func serving() async throws -> Answers.Serving {
        try await client.get("/api/v1/serving", as: Answers.Serving.self)
    }

    func movies() async throws -> Answers.Model {
        try await client.get("/api/v1/models/movies", as: Answers.Model.self)
    }
}

extension Logger {
    static var silent: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }
}
