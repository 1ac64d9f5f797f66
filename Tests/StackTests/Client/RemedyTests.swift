import Foundation
import TestKit
import Testing

@testable import Stack

/// What the command line says when a name is wrong: what it is, and a command to type.
struct RemedyTests {
    private typealias Order = @Sendable (StackClient) async throws -> Void

    private func remedy(of order: Order, _ client: StackClient) async -> String {
        do {
            try await order(client)
            return "it was done"
        } catch {
            return ErrorText(error).remedy ?? "none"
        }
    }

    @Test func `whoever names what is not there is told the command that lists what is`() async throws {
        try await RunningStack.withDataset(ratings: 500, days: 5) { folder in
            try await RunningStack.run(RunningStack.configuration(folder)) { stack in
                _ = try await stack.step()
                let orders: [(Order, says: String)] = [
                    ({ _ = try await $0.get(StackClient.path(ofModel: "nope")) }, "`mlstack model list`"),
                    ({ _ = try await $0.get(StackClient.path(ofModel: "nope") + "/history") }, "`mlstack model list`"),
                    ({ _ = try await $0.get(StackClient.path(ofModel: "")) }, "`mlstack model list`"),
                    (
                        { _ = try await $0.post(StackClient.path(ofModel: "nope") + "/promote", ["version": 1]) },
                        "`mlstack model list`"
                    ),
                    ({ _ = try await $0.archive("nope", version: 1) }, "`mlstack model list`"),
                    ({ _ = try await $0.archive("movies", version: 99) }, "`mlstack model show NAME`"),
                    (
                        { _ = try await $0.export("movies", version: 99, to: folder + "/out") },
                        "`mlstack model show NAME`"
                    ),
                    (
                        { _ = try await $0.export("movies", version: 1, to: "/proc/none/out") },
                        "check that the place is there"
                    ),
                    (
                        {
                            _ = try await $0.fetch(
                                "nope", choice: "newest", tags: [:], into: folder, replaces: false)
                        }, "`mlstack model list`"
                    ),
                    ({ _ = try await $0.experiment("nope") }, "`mlstack experiment list --all`"),
                    ({ _ = try await $0.experiment("") }, "`mlstack experiment list --all`"),
                    (
                        {
                            _ = try await $0.experiments(
                                filter: "name ==", orderBy: [], view: .active, limit: 1)
                        }, "`mlstack experiment search --help`"
                    ),
                ]
                for (index, order) in orders.enumerated() {
                    let said = await remedy(of: order.0, stack.client)
                    #expect(said.contains(order.says), "\(index): \(said)")
                }
            }
        }
    }
}
