/// One of the five columns of an expression.
enum CronField: Int, CaseIterable {
    case minute = 1, hour, dayOfMonth, month, dayOfWeek

    /// For messages.
    var noun: String {
        switch self {
        case .minute: "minute"
        case .hour: "hour"
        case .dayOfMonth: "day of month"
        case .month: "month"
        case .dayOfWeek: "day of week"
        }
    }

    /// What a person may write; Sunday is both 0 and 7.
    var range: ClosedRange<Int> {
        switch self {
        case .minute: 0...59
        case .hour: 0...23
        case .dayOfMonth: 1...31
        case .month: 1...12
        case .dayOfWeek: 0...7
        }
    }

    /// The highest value before a range that wraps starts again at the lowest.
    var wrapsAfter: Int { self == .dayOfWeek ? 6 : range.upperBound }

    /// Names by value, starting at the lowest.
    var names: [String] {
        switch self {
        case .month: ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
        case .dayOfWeek: ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]
        default: []
        }
    }

    /// The bits of `from`, `from` + `step` … up to `to`. When `to` is below `from` the steps go on round the end:
    /// `THU-TUE/2` is Thursday, Saturday and Monday.
    func bits(from: Int, to: Int, step: Int) -> UInt64 {
        let lowest = range.lowerBound
        let count = wrapsAfter - lowest + 1
        var bits: UInt64 = 0
        for value in stride(from: from, through: from <= to ? to : to + count, by: step) {
            bits |= 1 << UInt64(value > wrapsAfter ? (value - lowest) % count + lowest : value)
        }
        return bits
    }

    var allBits: UInt64 { bits(from: range.lowerBound, to: range.upperBound, step: 1) }
}
