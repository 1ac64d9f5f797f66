import TestKit
import Testing

@testable import Stack

/// Versions beside the one that answers, over the real HTTP surface.
struct VersionComparisonTests {
    @Test func `a version that answers no more says what it said, and changes nothing of what answers`() async throws {
        try await RunningStack.withDataset { folder in
            try await RunningStack.run(RunningStack.configuration(folder)) { stack in
                func list(_ query: String) async throws -> Answers.Recommendations {
                    try await stack.client.get(
                        "/api/v1/recommendations/1?exclude_seen=false\(query)", as: Answers.Recommendations.self)
                }
                _ = try await stack.step()
                let first = try await list("")
                _ = try await stack.step()
                let other = try await stack.movies().versions.map(\.version).max()
                let live = try await list("")
                let swaps = try await stack.serving().swaps
                for version in [first.model.version, try #require(other), first.model.version] {
                    let looked = try await list("&version=\(version)")
                    #expect(looked.model.version == version)
                    if version == first.model.version { #expect(looked.items.map(\.item) == first.items.map(\.item)) }
                }
                #expect(try await list("").model.version == live.model.version)
                #expect(try await stack.serving().swaps == swaps)
                await #expect(throws: StackError.self) { _ = try await list("&version=999") }
            }
        }
    }
}
