import Scheduling

/// A notification in the form that Slack's incoming webhooks take: `text` for the small notice, `blocks` for the channel.
/// - Source: api.slack.com, "Formatting text for app surfaces" (what is escaped) and "Reference: blocks" (how long texts may be).
struct SlackMessage: Encodable {
    struct Text: Encodable, Equatable {
        var type: String
        var text: String
        static func plain(_ text: String) -> Text { Text(type: "plain_text", text: text) }
        static func marked(_ text: String) -> Text { Text(type: "mrkdwn", text: text) }
    }
    struct Block: Encodable, Equatable {
        var type: String
        var text: Text?
        var fields: [Text]?
        var elements: [Text]?
    }

    /// In characters of the escaped text; Slack refuses a whole message of which one part is longer.
    static let (longestHeader, longestSection, longestField) = (150, 3000, 2000)

    var text: String
    var blocks: [Block]

    init(_ notification: Notification, log: [String], page: String?) {
        let words = NotificationText(notification)
        text = Self.fitting(words.line, Self.longestSection)
        blocks = [
            // A header is plain text, in which nothing is escaped.
            Block(type: "header", text: .plain(String((Self.sign(notification.event) + words.headline).prefix(150)))),
            Block(
                type: "section",
                fields: Self.facts(notification).map { name, value in
                    .marked("*\(name)*\n\(Self.fitting(value, Self.longestField - 40))")
                }),
        ]
        if let message = notification.message, !message.isEmpty {
            blocks.append(Block(type: "section", text: .marked(Self.fitting(message, Self.longestSection))))
        }
        if let excerpt = Self.code(log) { blocks.append(Block(type: "section", text: .marked(excerpt))) }
        if let page {
            blocks.append(
                Block(type: "context", elements: [.marked("<\(Self.escaped(page))|Open the run in mlstack>")]))
        }
    }

    var json: [UInt8] { get throws { try WebhookJSON.bytes(self) } }

    private static func facts(_ notification: Notification) -> [(String, String)] {
        var facts = [
            ("Run", notification.runID), ("State", notification.state.rawValue),
            ("Logical date", notification.logicalDate.rfc3339), ("Environment", notification.environment.rawValue),
        ]
        if let task = notification.taskID {
            facts.append(("Task", task + (notification.attempt.map { ", attempt \($0)" } ?? "")))
        }
        return facts
    }

    private static func sign(_ event: NotificationRule.Event?) -> String {
        switch event {
        case .failure: "❌ "
        case .success, .recovered: "✅ "
        case .retry: "🔁 "
        case .deadline: "⏰ "
        case nil: ""
        }
    }

    /// The end of the log between fences, as many lines of it as fit; nil without lines.
    private static func code(_ log: [String]) -> String? {
        let room = longestSection - "```\n\n```".count
        var lines: [String] = []
        var length = 0
        for line in log.reversed() {
            // Three of them would end the block.
            let line = fitting(line.replacing("```", with: "'''"), room)
            length += line.unicodeScalars.count + 1
            if length > room { break }
            lines.append(line)
        }
        return lines.isEmpty ? nil : "```\n\(lines.reversed().joined(separator: "\n"))\n```"
    }

    static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }

    /// Escaped, and cut where it would become too long: never in the middle of an escape.
    static func fitting(_ text: String, _ limit: Int) -> String {
        let whole = escaped(text)
        if whole.unicodeScalars.count <= limit { return whole }
        var result = ""
        var length = 1
        for character in text {
            let piece = escaped(String(character))
            length += piece.unicodeScalars.count
            if length > limit { break }
            result += piece
        }
        return result + "…"
    }
}
