extension CronSchedule {
    /// For people, e.g. "every day at 00:00" or "at 09:30 on Monday to Friday in March".
    package var inWords: String {
        let month =
            months == CronField.month.allBits
            ? "" : " in \(Self.list(Self.bits(months).map { Self.monthNames[$0 - 1] }, runs: true))"
        if let days = daysInWords { return "\(timeInWords) \(days)\(month)" }
        let time = timeInWords
        if time.hasPrefix("at "), month.isEmpty { return "every day \(time)" }
        return time + (time.hasPrefix("at ") ? " every day" : "") + month
    }

    private static let monthNames = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]
    private static let weekdayNames = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
    private static let ordinals = ["first", "second", "third", "fourth", "fifth"]

    private var timeInWords: String {
        let (minuteList, hourList) = (Self.bits(minutes), Self.bits(hours))
        let everyHour = hourList.count == 24
        if minuteList.count == 60 { return everyHour ? "every minute" : "every minute of \(hoursInWords)" }
        if everyHour, minuteList == [0] { return "every hour" }
        if everyHour, minuteList.count == 1 { return "every hour at minute \(minuteList[0])" }
        if let step = Self.evenStep(minuteList, of: 60) {
            return "every \(step) minutes" + (everyHour ? "" : " of \(hoursInWords)")
        }
        if minuteList == [0], let step = Self.evenStep(hourList, of: 24) { return "every \(step) hours" }
        if minuteList.count * hourList.count <= 6 {
            let times = hourList.flatMap { hour in minuteList.map { Self.clock(hour, $0) } }
            return "at " + Self.list(times, runs: false)
        }
        let minutes =
            minuteList.count == 1
            ? "minute \(minuteList[0])" : "minutes \(Self.list(minuteList.map(String.init), runs: true))"
        return "at \(minutes) of \(everyHour ? "every hour" : hoursInWords)"
    }

    private var hoursInWords: String {
        let list = Self.bits(hours)
        return "hour\(list.count == 1 ? "" : "s") " + Self.list(list.map(String.init), runs: true)
    }

    /// nil: every day.
    private var daysInWords: String? {
        let month = daysOfMonth.isEveryDay ? nil : monthDaysInWords
        let week = daysOfWeek.isEveryDay ? nil : weekdaysInWords
        switch (month, week) {
        case (nil, nil): return nil
        case (let month?, nil): return daysOfWeek.startsWithStar ? "on \(month)" : nil
        case (nil, let week?): return daysOfMonth.startsWithStar ? "on \(week)" : nil
        case (let month?, let week?):
            let both = daysOfMonth.startsWithStar || daysOfWeek.startsWithStar
            return both ? "on \(month) when that is \(week)" : "on \(month) or on \(week)"
        }
    }

    private var monthDaysInWords: String {
        if let day = daysOfMonth.nearestWorkday {
            return day == 31 ? "the last working day of the month" : "the working day nearest to day \(day)"
        }
        let days = Self.bits(daysOfMonth.listed)
        var parts: [String] = []
        if !days.isEmpty {
            parts.append("day\(days.count == 1 ? "" : "s") " + Self.list(days.map(String.init), runs: true))
        }
        if daysOfMonth.last { parts.append("the last day") }
        return parts.joined(separator: " and ") + " of the month"
    }

    private var weekdaysInWords: String {
        var parts: [String] = []
        let listed = Self.bits(daysOfWeek.listed)
        // A week is told from Monday on.
        let ordered = listed.filter { $0 != 0 } + listed.filter { $0 == 0 }
        if !ordered.isEmpty {
            let isRun = ordered.count > 2 && zip(ordered, ordered.dropFirst()).allSatisfy { ($0 + 1) % 7 == $1 }
            let names = ordered.map { Self.weekdayNames[$0] }
            parts.append(isRun ? "\(names[0]) to \(names[names.count - 1])" : Self.list(names, runs: false))
        }
        for bit in Self.bits(daysOfWeek.nth) {
            parts.append("the \(Self.ordinals[bit / 8 - 1]) \(Self.weekdayNames[bit % 8]) of the month")
        }
        for day in Self.bits(daysOfWeek.last) { parts.append("the last \(Self.weekdayNames[day]) of the month") }
        return Self.list(parts, runs: false)
    }

    private static func bits(_ bits: UInt64) -> [Int] { (0..<64).filter { bits & 1 << UInt64($0) != 0 } }

    /// The step of a list such as 0, 15, 30, 45 that goes evenly round; nil for any other.
    private static func evenStep(_ list: [Int], of count: Int) -> Int? {
        guard list.count > 1, list.count < count, list[0] == 0, count.isMultiple(of: list.count) else { return nil }
        let step = count / list.count
        return list.enumerated().allSatisfy { $0.element == $0.offset * step } ? step : nil
    }

    private static func clock(_ hour: Int, _ minute: Int) -> String {
        (hour < 10 ? "0" : "") + "\(hour):" + (minute < 10 ? "0" : "") + "\(minute)"
    }

    /// "a, b and c"; with `runs`, numbers or months that follow each other are told as "1 to 5".
    private static func list(_ words: [String], runs: Bool) -> String {
        var words = words
        if runs {
            let order = words.map { Int($0) ?? (monthNames.firstIndex(of: $0) ?? 0) }
            var parts: [String] = []
            var start = 0
            for index in words.indices where index + 1 == words.count || order[index + 1] != order[index] + 1 {
                if index - start >= 2 {
                    parts.append("\(words[start]) to \(words[index])")
                } else {
                    parts += words[start...index]
                }
                start = index + 1
            }
            words = parts
        }
        guard let last = words.last, words.count > 1 else { return words.first ?? "" }
        return words.dropLast().joined(separator: ", ") + " and " + last
    }
}
