import Synchronization
import TestKit
import Testing

@testable import Serving

@Suite struct SwapTests {
    /// Items of version `v` are called `v-1` … `v-10`.
    private static func model(_ version: Int) -> LiveModel {
        World.model(version: version, items: (1...10).map { "\(version)-\($0)" })
    }

    @Test func `every answer's items belong to the version that it names`() async throws {
        let world = World()
        world.slot.swap(in: SwapTests.model(1))
        let versions = Versions()
        try await world.serve { port in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for client in 0..<6 {
                    group.addTask {
                        let connection = HTTPClient(port: port)
                        for number in 0..<150 {
                            let answer =
                                client.isMultiple(of: 2)
                                ? try await connection.send("GET", "/api/v1/recommendations/\(number % 5)?k=5")
                                : try await connection.send(
                                    "POST", "/api/v1/recommendations/batch",
                                    headers: [("Content-Type", "application/json")],
                                    body: Array(#"{"users":["1","2","3","x"],"k":3}"#.utf8))
                            try SwapTests.check(answer, versions)
                            // Each answer brings the next model, while the requests of the other connections are under way.
                            world.slot.swap(in: SwapTests.model(world.slot.swaps + 1))
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
        #expect(versions.seen.withLock { $0.count } > 100)
    }

    private final class Versions: Sendable {
        let seen = Mutex<Set<Int64>>([])
    }

    private static func check(_ answer: HTTPClient.Answer, _ versions: Versions) throws {
        #expect(answer.status == 200)
        let value = try JSONParser.parse(answer.text)
        let version = try #require(value.at("model.version")?.integer)
        versions.seen.withLock { _ = $0.insert(version) }
        let lists = value["results"]?.array?.compactMap { $0["items"]?.array } ?? [value["items"]?.array ?? []]
        #expect(!lists.isEmpty)
        for list in lists {
            #expect(!list.isEmpty)
            for item in list { #expect(item["item"]?.string?.hasPrefix("\(version)-") == true) }
        }
    }

    @Test func `a request keeps the model it began with`() {
        let slot = ModelSlot()
        slot.swap(in: SwapTests.model(1))
        let held = slot.model
        let former = slot.swap(in: SwapTests.model(2))
        #expect(held?.version == 1)
        #expect(former === held)
        #expect(slot.model?.version == 2)
        #expect(slot.swaps == 2)
    }
}
