import Scheduling
import TestKit
import Testing

@testable import Serving

@Suite struct NotificationTests {
    private func notification(_ id: String, to webhook: String?) -> Notification {
        Notification(
            id: id, event: .failure, webhook: webhook, pipelineID: "daily", environment: .research, runID: "daily-1",
            state: .failed, logicalDate: Instant(seconds: 1), taskID: "train", attempt: 2, message: "exit code 1",
            logLines: 2, createdAt: Instant(seconds: 2))
    }

    @Test func `the outbox is listed with reasons, and no address that is a password`() async throws {
        var world = World()
        let outbox = MemoryOutbox()
        world.outbox = outbox
        try await outbox.add(notification("a", to: "https://user:word@hooks.slack.com/services/T0/B0/token?x=1"))
        try await outbox.add(notification("b", to: "${secrets.SLACK_URL}"))
        try await outbox.markSending("a")
        try await outbox.giveUp("a", error: "status 404")
        let (all, given, wrong) = try await world.serve { port in
            let client = HTTPClient(port: port)
            return (
                try await client.send("GET", "/api/v1/notifications"),
                try await client.send("GET", "/api/v1/notifications?state=given_up"),
                try await client.send("GET", "/api/v1/notifications?state=lost")
            )
        }
        #expect(all.status == 200)
        #expect(all.text.contains(#""to":"https://hooks.slack.com/***""#))
        #expect(all.text.contains(#""to":"${secrets.SLACK_URL}""#))
        #expect(!all.text.contains("token") && !all.text.contains("word"))
        #expect(given.text.contains(#""id":"a""#) && !given.text.contains(#""id":"b""#))
        #expect(given.text.contains(#""error":"status 404""#))
        #expect(given.text.contains(#""next_at":null"#))
        #expect(wrong.status == 422)
        #expect(wrong.text.contains("waiting, sending, delivered, given_up"))
    }
}
