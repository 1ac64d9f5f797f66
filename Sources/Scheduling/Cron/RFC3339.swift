import Foundation

/// A text that is no date or time, and what was expected in its place.
package struct TimeTextError: Error, Sendable, Equatable {
    package var text: String
    package var problem: String
}

extension TimeTextError: LocalizedError {
    package var errorDescription: String? { "\"\(text)\" is not a time: \(problem)" }
    package var recoverySuggestion: String? { "write 2015-01-09, 2015-01-09T22:30 or 2015-01-09T22:30:00+09:00." }
}

extension Instant {
    /// RFC 3339 in UTC, e.g. `2015-01-09T00:00:00Z`.
    package var rfc3339: String { text(offset: 0) + "Z" }

    /// RFC 3339 in a zone, always with a numeric offset, e.g. `2015-01-09T09:00:00+09:00`; milliseconds only when
    /// there are any.
    ///
    /// Offsets of the nineteenth century have seconds, which RFC 3339 can't write: the nearest minute is written,
    /// and the clock's reading is moved with it, so that the text still names this moment.
    package func rfc3339(in zone: ZoneRules) -> String {
        let seconds = zone.offsetSeconds(at: self)
        let minutes = (Double(seconds) / 60).rounded()
        let offset = Int(minutes)
        let size = abs(offset)
        return text(offset: offset * 60) + (offset < 0 ? "-" : "+") + Self.two(size / 60) + ":" + Self.two(size % 60)
    }

    /// - Throws: `TimeTextError` unless the text is a date, a time and an offset (`Z` or `+09:00`).
    package init(rfc3339 text: String) throws(TimeTextError) {
        var reader = TimeTextReader(text)
        let local = try reader.dateAndTime()
        guard let offset = try reader.offset() else {
            throw TimeTextError(text: text, problem: "it has no offset (Z or +09:00)")
        }
        try reader.end()
        self.init(milliseconds: Int64(local.seconds - offset) * 1000 + Int64(reader.milliseconds))
    }

    /// A date alone (its midnight in the zone), a date and a time (the zone's clock), or a full RFC 3339 time.
    ///
    /// A reading that the zone's clock jumped over becomes the moment after the jump; of a repeated one, the first.
    package init(text: String, in zone: ZoneRules) throws(TimeTextError) {
        var reader = TimeTextReader(text)
        let date = try reader.date()
        var local = LocalTime(date: date)
        if !reader.isAtEnd {
            local = try reader.time(on: date)
            if let offset = try reader.offset() {
                try reader.end()
                self.init(milliseconds: Int64(local.seconds - offset) * 1000 + Int64(reader.milliseconds))
                return
            }
        }
        try reader.end()
        let moment = zone.instant(of: local)
        self.init(milliseconds: moment.milliseconds + Int64(reader.milliseconds))
    }

    private func text(offset: Int) -> String {
        let local = LocalTime(seconds: Int(seconds) + offset)
        let date = local.date
        let day = Self.digits(date.year, 4) + "-" + Self.two(date.month) + "-" + Self.two(date.day)
        let time = Self.two(local.hour) + ":" + Self.two(local.minute) + ":" + Self.two(local.second)
        let fraction = Int((milliseconds % 1000 + 1000) % 1000)
        return day + "T" + time + (fraction == 0 ? "" : "." + Self.digits(fraction, 3))
    }

    private static func two(_ value: Int) -> String { digits(value, 2) }

    private static func digits(_ value: Int, _ count: Int) -> String {
        let text = String(abs(value))
        return (value < 0 ? "-" : "") + String(repeating: "0", count: max(0, count - text.count)) + text
    }
}

/// Reads dates and times from the front of a text.
private struct TimeTextReader {
    private let text: String
    private var rest: Substring.UTF8View
    /// Of the second that was read; finer parts are cut off.
    private(set) var milliseconds = 0

    init(_ text: String) {
        self.text = text
        rest = Substring(text).utf8
    }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func dateAndTime() throws(TimeTextError) -> LocalTime { try time(on: date()) }

    mutating func date() throws(TimeTextError) -> CivilDate {
        let year = try number(4, "a year of four digits")
        try expect("-", "a date is written 2015-01-09")
        let month = try number(2, "a month of two digits")
        try expect("-", "a date is written 2015-01-09")
        let day = try number(2, "a day of two digits")
        guard (1...12).contains(month) else { throw failure("month \(month) is outside 1-12") }
        let length = CivilDate.daysInMonth(year: year, month: month)
        guard (1...length).contains(day) else { throw failure("day \(day) is outside 1-\(length) of that month") }
        return CivilDate(year: year, month: month, day: day)
    }

    mutating func time(on date: CivilDate) throws(TimeTextError) -> LocalTime {
        guard let separator = rest.first, [UInt8(ascii: "T"), UInt8(ascii: "t"), UInt8(ascii: " ")].contains(separator)
        else {
            throw failure("a T is expected between date and time")
        }
        rest = rest.dropFirst()
        let hour = try number(2, "an hour of two digits")
        try expect(":", "a time is written 22:30 or 22:30:00")
        let minute = try number(2, "a minute of two digits")
        var second = 0
        if rest.first == UInt8(ascii: ":") {
            rest = rest.dropFirst()
            second = try number(2, "a second of two digits")
            try fraction()
        }
        guard hour < 24 else { throw failure("hour \(hour) is outside 0-23") }
        guard minute < 60 else { throw failure("minute \(minute) is outside 0-59") }
        guard second < 60 else { throw failure("second \(second) is outside 0-59") }
        return LocalTime(date: date, hour: hour, minute: minute, second: second)
    }

    private mutating func fraction() throws(TimeTextError) {
        guard rest.first == UInt8(ascii: ".") else { return }
        let digits = rest.dropFirst().prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard !digits.isEmpty else { throw failure("digits are expected after the point") }
        rest = rest.dropFirst(1 + digits.count)
        milliseconds = zip(digits, [100, 10, 1]).reduce(0) { $0 + Int($1.0 - UInt8(ascii: "0")) * $1.1 }
    }

    /// Seconds east of Greenwich; nil when the text ends here.
    mutating func offset() throws(TimeTextError) -> Int? {
        guard let sign = rest.first else { return nil }
        rest = rest.dropFirst()
        if sign == UInt8(ascii: "Z") || sign == UInt8(ascii: "z") { return 0 }
        guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") else {
            throw failure("an offset is written Z or +09:00")
        }
        let hours = try number(2, "hours of two digits in the offset")
        try expect(":", "an offset is written Z or +09:00")
        let minutes = try number(2, "minutes of two digits in the offset")
        guard hours < 24, minutes < 60 else { throw failure("the offset is outside ±23:59") }
        return (hours * 60 + minutes) * (sign == UInt8(ascii: "-") ? -60 : 60)
    }

    func end() throws(TimeTextError) {
        guard rest.isEmpty else { throw failure("\"\(Substring(rest))\" is left over at its end") }
    }

    private mutating func number(_ count: Int, _ what: String) throws(TimeTextError) -> Int {
        let digits = rest.prefix(count)
        guard digits.count == count, digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
            throw failure("\(what) is expected")
        }
        rest = rest.dropFirst(count)
        return digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    }

    private mutating func expect(_ character: Unicode.Scalar, _ problem: String) throws(TimeTextError) {
        guard rest.first == UInt8(ascii: character) else { throw failure(problem) }
        rest = rest.dropFirst()
    }

    private func failure(_ problem: String) -> TimeTextError { TimeTextError(text: text, problem: problem) }
}
