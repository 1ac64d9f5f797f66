import Foundation
import TestKit
import Testing

@testable import Stack

/// The policy `challenger` over whole days.
struct ChallengerTests {
    @Test func `a version that does not beat production stays registered, with the reason`() async throws {
        try await RunningStack.withDataset { folder in
            let configuration = RunningStack.configuration(folder)
            try RunningStack.prepareDaily(configuration) { $0.replacing("policy: newest", with: "policy: challenger") }
            try await RunningStack.run(configuration) { stack in
                _ = try await stack.step(2)
                let model = try await stack.client.get("/api/v1/models/movies", as: Model.self)
                // One more day of a month does not make a model better beyond chance.
                let refused = try #require(model.versions.first { $0.tags["mlstack.promotion"] == "refused" })
                let reason = try #require(refused.tags["mlstack.promotion_reason"])
                #expect(reason.contains("does not lie above zero"))
                #expect(refused.description.hasSuffix("Not promoted: \(reason)."))
                #expect(!refused.aliases.contains("production"))
                let first = try #require(model.versions.last)
                #expect(first.version == 1)
                #expect(first.tags["mlstack.promotion"] == "promoted")
                #expect(first.tags["mlstack.promotion_reason"] == "the first version there is")
            }
        }
    }

    @Test func `a refused version answers beside production unseen, until it is promoted`() async throws {
        try await RunningStack.withDataset { folder in
            var configuration = RunningStack.configuration(folder)
            configuration.shadowShare = 1
            try RunningStack.prepareDaily(configuration) { $0.replacing("policy: newest", with: "policy: challenger") }
            try await RunningStack.run(configuration) { stack in
                _ = try await stack.step(2)
                let challenger = try #require(try await stack.shadow()?.model)
                #expect(challenger.alias == "challenger")
                #expect(try await stack.recommendations("1").model.version < challenger.version)
                for user in 1...5 { _ = try await stack.recommendations("\(user)") }
                await withCheckedContinuation { done in Queues.shadow.async { done.resume() } }
                let shadow = try #require(try await stack.shadow())
                #expect(shadow.answers > 0)
                #expect((0...1).contains(shadow.meanOverlap ?? -1))

                _ = try await stack.client.post("/api/v1/models/movies/promote", ["version": challenger.version])
                #expect(try await stack.shadow() == nil)
                #expect(try await stack.recommendations("1").model.version == challenger.version)
            }
        }
    }

    private struct Model: Decodable {
        struct Version: Decodable {
            let version: Int
            let aliases: [String]
            let tags: [String: String]
            let description: String
        }
        let versions: [Version]
    }
}

private struct Serving: Decodable {
    struct Shadow: Decodable {
        struct Model: Decodable { let version: Int, alias: String }
        let model: Model?
        let answers: Int
        let meanOverlap: Double?
    }
    let shadow: Shadow?
}

extension RunningStack {
    fileprivate func shadow() async throws -> Serving.Shadow? {
        try await client.get("/api/v1/serving", as: Serving.self).shadow
    }
}
