import Foundation
import Serving
import TestKit
import Testing

@testable import Stack

struct SystemBoardTests {
    @Test func `a running stack tells of its parts, and an examination of it finds nothing wrong`() async throws {
        try await RunningStack.withDataset { folder in
            try await RunningStack.run(RunningStack.configuration(folder)) { stack in
                let client = HTTPClient(port: URL(string: stack.url)?.port ?? 0)
                func json(_ method: String, _ path: String) async throws -> [String: Any] {
                    let answer = try await client.send(method, path)
                    #expect(answer.status == 200, "\(answer.text)")
                    return try #require(try JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any])
                }
                _ = try await stack.step()
                let examination = try await json("POST", "/api/v1/system/examination")
                let findings = try #require(examination["findings"] as? [[String: Any]])
                #expect(findings.contains { $0["subject"] as? String == "database" })
                #expect(findings.allSatisfy { $0["ok"] as? Bool == true }, "\(findings)")

                let system = try await json("GET", "/api/v1/system")
                #expect((system["examination"] as? [String: Any])?["at"] as? String == examination["at"] as? String)
                let subsystems = try #require(system["subsystems"] as? [[String: Any]])
                #expect(subsystems.map { $0["name"] as? String } == Subsystem.Name.allCases.map(\.rawValue))
                #expect(subsystems.first { $0["name"] as? String == "replay" }?["state"] as? String == "paused")
                let pools = subsystems.flatMap { $0["queues"] as? [[String: Any]] ?? [] }
                    .filter { $0["kind"] as? String == "pool" }
                #expect(pools.first?["name"] as? String == "default")
                #expect(pools.first?["used"] as? Int == 0)
                let sqlite = (system["versions"] as? [String: Any])?["sqlite"] as? String
                #expect(sqlite?.hasPrefix("3.") == true)

                let log = try await json("GET", "/api/v1/system/log?level=notice")
                #expect((log["lines"] as? [Any])?.isEmpty == false)
            }
        }
    }

    @Test func `room on the disk is measured aside, by place`() async throws {
        try await StorageFixture.withFolder { folder in
            let home = Home(folder + "/home")
            try home.prepare()
            try Data(count: 1000).write(to: URL(filePath: home.logs + "/a.log"))
            try Data(count: 10).write(to: URL(filePath: home.database + "-wal"))
            let census = DiskCensus(home: home, clock: WallClock())
            #expect(census.latest == nil)
            // The measurement stands before this on the same serial queue.
            try await Queues.census.perform {}
            let places = try #require(census.latest?.places)
            #expect(places.first { $0.name == "logs" }.map { [$0.bytes, $0.files] } == [1000, 1])
            #expect(places.first { $0.name == "database" }.map { [$0.bytes, $0.files] } == [10, 1])
        }
    }
}
