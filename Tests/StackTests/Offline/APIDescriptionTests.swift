import TestKit
import Testing

@testable import Stack

/// What is said of the API with and without a server.
struct APIDescriptionTests {
    @Test func `the description without a server is the one that a server gives`() async throws {
        let offline = try await APIDescription.text()
        try await RunningStack.withDataset(ratings: 200, days: 3) { folder in
            try await RunningStack.run(RunningStack.configuration(folder)) { stack in
                let served = try await stack.client.get("/openapi.json")
                #expect(served == offline)
            }
        }
    }
}
