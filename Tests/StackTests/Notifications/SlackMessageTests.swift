import Foundation
import Scheduling
import TestKit
import Testing

@testable import Stack

struct SlackMessageTests {
    private static func message(_ change: (inout Scheduling.Notification) -> Void = { _ in }, log: [String] = [])
        -> SlackMessage
    {
        var notification = NotifierWorld().notification("a", to: nil)
        change(&notification)
        return SlackMessage(notification, log: log, page: "http://127.0.0.1:8080/#run=daily-1")
    }

    @Test func `only Slack's own host gets Slack's form`() {
        #expect(WebhookSender.isSlack("https://hooks.slack.com/services/T/B/x"))
        #expect(WebhookSender.isSlack("https://HOOKS.slack.com/services/T/B/x"))
        #expect(!WebhookSender.isSlack("https://hooks.slack.com.evil.example/services"))
        #expect(!WebhookSender.isSlack("https://evil.example/hooks.slack.com"))
    }

    @Test func `a failure says what, where and why, with the end of the log`() throws {
        let message = Self.message(log: ["one", "two"])
        let json = String(decoding: try message.json, as: UTF8.self)
        #expect(message.text.contains("daily failed"))
        for part in [
            "daily failed", "daily-1", "train, attempt 2", "exit code 1", "```\\none\\ntwo\\n```", "Open the run",
        ] {
            #expect(json.contains(part), "\(part) in \(json)")
        }
    }

    @Test func `what Slack would read as a mention, a link or an end of code is only text`() throws {
        let message = Self.message(log: ["a ``` b", "<!channel> & <https://evil.example|click>"])
        let all = String(decoding: try message.json, as: UTF8.self)
        #expect(!all.contains("<!channel>") && !all.contains("<https://evil"))
        #expect(all.contains("&lt;!channel&gt; &amp; "))
        #expect(all.components(separatedBy: "```").count == 3)
    }

    @Test func `no part is longer than Slack takes, and no escape is cut in two`() {
        let message = Self.message(
            { notification in
                notification.message = String(repeating: "&", count: 5000)
                notification.pipelineID = String(repeating: "p", count: 300)
                notification.runID = String(repeating: "<", count: 4000)
            }, log: (0..<500).map { "line \($0) " + String(repeating: "&", count: 40) })
        #expect(message.text.unicodeScalars.count <= 3000)
        #expect(message.blocks.count <= 50)
        for block in message.blocks {
            #expect((block.text?.text.unicodeScalars.count ?? 1) <= (block.type == "header" ? 150 : 3000))
            for field in block.fields ?? [] { #expect(field.text.unicodeScalars.count <= 2000) }
            let text = block.text?.text ?? ""
            if block.type == "section" { #expect(text.replacing("&amp;", with: "").firstIndex(of: "&") == nil) }
        }
        let code = message.blocks.compactMap { $0.text?.text }.first { $0.hasPrefix("```") }
        #expect(code?.contains("line 499 ") == true)
        #expect(code?.hasSuffix("\n```") == true)
    }

    @Test func `of a long log only its end is read, in whole lines`() async throws {
        try await StorageFixture.withFolder { folder in
            let text = (0..<20_000).map { "line \($0)\n" }.joined()
            try text.write(toFile: folder + "/log", atomically: true, encoding: .utf8)
            #expect(try LogExcerpts.end(of: folder + "/log", lines: 2) == ["line 19998", "line 19999"])
            let all = try LogExcerpts.end(of: folder + "/log", lines: 100_000)
            #expect(all.count < 8_000)
            #expect(all.first?.hasPrefix("line ") == true)
        }
    }
}
