/// The form of a line in a task's log.
enum LogLine {
    /// The text with everything made visible that could move a cursor, colour or reorder what a person sees.
    ///
    /// Tabs stay; other control characters become `\xNN`, marks of writing direction `\u{NNNN}`.
    static func escaped(_ text: some StringProtocol) -> String {
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7f || $0 == 0x09 }) { return String(text) }
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x09: result.unicodeScalars.append(scalar)
            case 0..<0x20, 0x7f..<0xa0:
                let digits = String(scalar.value, radix: 16)
                result += "\\x" + (digits.count < 2 ? "0" : "") + digits
            case 0x200e, 0x200f, 0x2028, 0x2029, 0x202a...0x202e, 0x2066...0x2069:
                result += "\\u{" + String(scalar.value, radix: 16) + "}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// What stands between the time and the text.
    static func mark(of level: TaskLogLevel) -> [UInt8] {
        switch level {
        case .info: infoMark
        case .warning: warningMark
        case .error: errorMark
        }
    }

    private static let infoMark = Array(" INFO  ".utf8)
    private static let warningMark = Array(" WARN  ".utf8)
    private static let errorMark = Array(" ERROR ".utf8)
}

/// Writes moments as `2015-01-09T00:00:12.345+09:00`; what stays the same from line to line is kept.
struct LogStamp: Sendable {
    private let zone: ZoneRules
    private var instant: Instant?
    private var second: Int64?
    private var date = ""
    private var offset = ""
    private var bytes: [UInt8] = []

    init(zone: ZoneRules) { self.zone = zone }

    mutating func text(_ instant: Instant) -> [UInt8] {
        if instant == self.instant { return bytes }
        let now = instant.seconds
        if second != now {
            let whole = Instant(seconds: now).rfc3339(in: zone)
            date = String(whole.prefix(whole.count - 6))
            offset = String(whole.suffix(6))
            second = now
        }
        let milliseconds = String(instant.milliseconds - now * 1000)
        let text = date + "." + String(repeating: "0", count: 3 - milliseconds.count) + milliseconds + offset
        (self.instant, bytes) = (instant, Array(text.utf8))
        return bytes
    }
}
