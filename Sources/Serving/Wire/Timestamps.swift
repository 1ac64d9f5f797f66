import Scheduling

extension Instant {
    /// `YYYY-MM-DD` in UTC.
    var date: String { String(rfc3339.prefix(10)) }

    /// RFC 9110, section 5.6.7, e.g. `Sun, 06 Nov 1994 08:49:37 GMT`.
    var httpDate: String {
        let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        // 2024-10-03T07:08:09Z
        let text = Instant(seconds: seconds).rfc3339
        let days = Int((Double(seconds) / 86_400).rounded(.down))
        let date = CivilDate(daysSince1970: days)
        let parts = text.prefix(10).split(separator: "-")
        let clock = text.dropFirst(11).prefix(8)
        return "\(weekdays[date.weekday]), \(parts[2]) \(months[date.month - 1]) \(parts[0]) \(clock) GMT"
    }
}

extension JSONWriter {
    mutating func member(_ name: StaticString, _ instant: Instant?) { member(name, instant?.rfc3339) }

    mutating func member(_ name: StaticString, timeMilliseconds: Int64?) {
        member(name, timeMilliseconds.map { Instant(milliseconds: $0).rfc3339 })
    }
}
