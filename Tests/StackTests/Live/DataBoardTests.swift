import Foundation
import Scheduling
import Serving
import TestKit
import Testing

@testable import Stack

struct DataBoardTests {
    @Test func `a running stack tells of its data: days, files, the licence, and what waits`() async throws {
        try await RunningStack.withDataset { folder in
            try await RunningStack.run(RunningStack.configuration(folder)) { stack in
                // A step may take longer than the server keeps a silent connection: each question has its own.
                func client() -> HTTPClient { HTTPClient(port: URL(string: stack.url)?.port ?? 0) }
                func json(_ path: String) async throws -> [String: Any] {
                    let answer = try await client().send("GET", path)
                    #expect(answer.status == 200, "\(answer.text)")
                    return try #require(try JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any])
                }
                let days = try await json("/api/v1/data/days")
                let ratings = try #require(days["ratings"] as? [Int])
                #expect(ratings.count == 30)
                #expect(ratings.reduce(0, +) == 3000)

                let data = try await json("/api/v1/data")
                #expect(data["licence"] is NSNull)
                #expect((data["readme"] as? String)?.hasSuffix("/data/README.md") == true)
                let files = try #require(data["log_files"] as? [[String: Any]])
                #expect(files.first { $0["path"] as? String == "timestamps.u32" }?["bytes"] as? Int == 12_000)

                // The day before the first simulated one has a run, which begins by itself and takes what waits by then.
                _ = try await stack.step()
                let event = "{\"user\":\"1\",\"item\":\"1\",\"rating\":4,\"id\":\"a\"}"
                for _ in 1...2 {
                    _ = try await client().send(
                        "POST", "/api/v1/feedback", headers: [("content-type", "application/json")],
                        body: Array(event.utf8))
                }
                let queue = try await json("/api/v1/feedback")
                #expect(queue["waiting"] as? Int == 1)
                #expect(queue["duplicates"] as? Int == 1)
                _ = try await stack.step()
                let after = try await json("/api/v1/feedback")
                #expect(after["waiting"] as? Int == 0)
                let day = try #require((after["days"] as? [[String: Any]])?.first)
                #expect(day["events"] as? Int == 1)
                let second = try Day(text: stack.banner.nextDay, option: "").start.advanced(by: .seconds(86_400))
                #expect(day["date"] as? String == Day(containing: second).description)
            }
        }
    }

    @Test func `lines that were left out are told with their numbers, those of another dataset are not`() async throws {
        try await StorageFixture.withFolder { folder in
            let data = folder + "/data"
            try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
            let lines = (0..<50).map { "\($0 % 7),\($0 % 11),4,\($0 * 3600)" }
            try (["userId,movieId,rating,timestamp", "1,2,nine,5"] + lines).joined(separator: "\n")
                .write(toFile: data + "/ratings.csv", atomically: true, encoding: .utf8)
            var configuration = RunningStack.configuration(folder)
            configuration.skipsBadLines = true
            try await RunningStack.run(configuration) { stack in
                let client = HTTPClient(port: URL(string: stack.url)?.port ?? 0)
                let answer = try await client.send("GET", "/api/v1/data/rejected").text
                #expect(answer.contains("\"rejected\":1,\"total\":51"))
                #expect(answer.contains("\"line\":2,\"problem\":\"the rating is \\\"nine\\\""))
                #expect(answer.contains("\"text\":\"1,2,nine,5\""))
                let other = QuarantineFile(home: stack.home).lines(of: "/elsewhere/ratings.csv", limit: 9)
                #expect(other.isEmpty)
            }
        }
    }
}
