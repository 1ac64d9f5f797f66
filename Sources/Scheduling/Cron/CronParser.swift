/// Reads an expression from left to right, knowing at each character where it stands.
struct CronParser {
    struct Fields {
        var minutes: UInt64 = 0
        var hours: UInt64 = 0
        var daysOfMonth = CronSchedule.DaysOfMonth()
        var months: UInt64 = 0
        var daysOfWeek = CronSchedule.DaysOfWeek()
        var isFixedTime = false
    }

    private let text: String
    private var characters: [Character]
    private var position = 0
    private var field = CronField.minute

    init(_ text: String) {
        self.text = text
        characters = Array(text)
    }

    mutating func parse() throws(CronError) -> Fields {
        try replacePreset()
        let words = characters.split(whereSeparator: \.isWhitespace)
        guard words.count == 5 else { throw failure(.fieldCount(words.count), place: false) }
        var fields = Fields()
        for (field, word) in zip(CronField.allCases, words) {
            self.field = field
            position = word.startIndex
            switch field {
            case .minute: fields.minutes = try plainList()
            case .hour: fields.hours = try plainList()
            case .dayOfMonth: fields.daysOfMonth = try dayOfMonthList()
            case .month: fields.months = try plainList()
            case .dayOfWeek: fields.daysOfWeek = try dayOfWeekList()
            }
            guard position == word.endIndex else { throw unexpected("a comma or the end of the field") }
        }
        fields.isFixedTime = words[0].first != "*" && words[1].first != "*"
        if let day = fields.daysOfMonth.nearestWorkday, !fields.daysOfWeek.startsWithStar {
            let name = day == 31 && text.uppercased().contains("LW") ? "LW" : "\(day)W"
            throw CronError(
                expression: text, problem: .conflict("\(name) and a day of the week can't be combined"), field: 3,
                character: words[2].startIndex + 1)
        }
        return fields
    }

    private mutating func replacePreset() throws(CronError) {
        let name = String(characters).trimmingWhitespace
        guard name.hasPrefix("@") else { return }
        guard let preset = CronSchedule.presets.first(where: { $0.name == name.lowercased() }) else {
            let nearest = Spelling.nearest(to: name, among: CronSchedule.presets.lazy.map(\.name))
            throw failure(.unknownPreset(name, nearest: nearest), place: false)
        }
        characters = Array(preset.fields)
    }

    // MARK: - Fields

    private mutating func plainList() throws(CronError) -> UInt64 {
        var bits: UInt64 = 0
        repeat { bits |= try rangeItem() } while take(",")
        return bits
    }

    private mutating func dayOfMonthList() throws(CronError) -> CronSchedule.DaysOfMonth {
        var days = CronSchedule.DaysOfMonth()
        let start = position
        days.startsWithStar = peek == "*" || peek == "?"
        if takeLoneQuestionMark() {
            days.listed = field.allBits
            return days
        }
        repeat {
            if let day = try nearestWorkdayItem() {
                days.nearestWorkday = day
            } else if takeLetter("L") {
                // L/2 counts on from the last day, so it is the last day alone.
                if take("/") { _ = try step() }
                days.last = true
            } else {
                days.listed |= try rangeItem()
            }
        } while take(",")
        if days.nearestWorkday != nil, characters[start..<position].contains(",") {
            position = start
            throw failure(.conflict("a W day stands alone in its field"))
        }
        return days
    }

    /// `15W`, `W15` or `LW`; nothing is read when it is none of them.
    private mutating func nearestWorkdayItem() throws(CronError) -> Int? {
        let start = position
        if takeLetter("L") {
            if takeLetter("W") { return 31 }
        } else if takeLetter("W") {
            return try value()
        } else if peek?.isNumber == true {
            let day = try value()
            if takeLetter("W") { return day }
        }
        position = start
        return nil
    }

    private mutating func dayOfWeekList() throws(CronError) -> CronSchedule.DaysOfWeek {
        var days = CronSchedule.DaysOfWeek()
        let start = position
        days.startsWithStar = peek == "*" || peek == "?"
        if takeLoneQuestionMark() {
            days.listed = field.allBits
            return days
        }
        repeat {
            let item = position
            if takeLetter("L") {
                days.last |= 1 << UInt64(try value() % 7)
                continue
            }
            let weekday = peek == "*" ? 0 : try value()
            if position > item, takeLetter("L") {
                days.last |= 1 << UInt64(weekday % 7)
            } else if position > item, take("#") {
                days.nth |= 1 << UInt64(8 * (try occurrence()) + weekday % 7)
            } else {
                position = item
                days.listed |= try rangeItem()
            }
        } while take(",")
        if days.last != 0, days.listed != 0 {
            position = start
            throw failure(.conflict("a last weekday (\"5L\") and plain weekdays can't stand in one list"))
        }
        return days
    }

    private mutating func occurrence() throws(CronError) -> Int {
        let start = position
        guard let digits = takeDigits() else { throw unexpected("which one of the month, 1-5,") }
        guard let number = Int(digits), (1...5).contains(number) else {
            position = start
            throw failure(.outside(what: "occurrence", value: digits, 1...5))
        }
        return number
    }

    // MARK: - Items

    /// `*`, `a`, `a-b`, each with or without `/step`.
    private mutating func rangeItem() throws(CronError) -> UInt64 {
        if take("*") {
            let step = take("/") ? try step() : 1
            return field.bits(from: field.range.lowerBound, to: field.range.upperBound, step: step)
        }
        let from = try value()
        var to = from
        let isRange = take("-")
        if isRange { to = field == .dayOfMonth && takeLetter("L") ? 31 : try value() }
        guard take("/") else { return field.bits(from: from, to: to, step: 1) }
        let step = try step()
        return field.bits(from: from, to: isRange ? to : field.range.upperBound, step: step)
    }

    private mutating func step() throws(CronError) -> Int {
        let start = position
        guard let digits = takeDigits() else { throw unexpected("a step") }
        guard let step = Int(digits), step <= 1000 else {
            position = start
            throw failure(.outside(what: "step", value: digits, 1...1000))
        }
        guard step > 0 else {
            position = start
            throw failure(.zeroStep)
        }
        return step
    }

    /// A number or a name of the field.
    private mutating func value() throws(CronError) -> Int {
        let start = position
        if let digits = takeDigits() {
            guard let value = Int(digits), field.range.contains(value) else {
                position = start
                throw failure(.outside(what: field.noun, value: digits, field.range))
            }
            return value
        }
        guard let first = peek, first.isLetter, !field.names.isEmpty else {
            throw unexpected(field.names.isEmpty ? "a number" : "a number or a name")
        }
        var end = position
        while end < characters.endIndex, characters[end].isLetter { end += 1 }
        let word = String(characters[position..<end]).uppercased()
        // FRIL is FRI and then the letter that says "last".
        let name = field == .dayOfWeek && word.count == 4 && word.hasSuffix("L") ? String(word.dropLast()) : word
        guard let index = field.names.firstIndex(of: name) else {
            let nearest = Spelling.nearest(to: String(name.prefix(3)), among: field.names)
            throw failure(.unknownName(what: field.noun, String(characters[position..<end]), nearest: nearest))
        }
        position += name.count
        return index + field.range.lowerBound
    }

    // MARK: - Characters

    private var peek: Character? {
        guard position < characters.endIndex, !characters[position].isWhitespace else { return nil }
        return characters[position]
    }

    private mutating func take(_ character: Character) -> Bool {
        guard peek == character else { return false }
        position += 1
        return true
    }

    private mutating func takeLetter(_ letter: String) -> Bool {
        guard let peek, String(peek).uppercased() == letter else { return false }
        position += 1
        return true
    }

    private mutating func takeLoneQuestionMark() -> Bool {
        guard peek == "?" else { return false }
        position += 1
        guard peek == nil else {
            position -= 1
            return false
        }
        return true
    }

    private mutating func takeDigits() -> String? {
        let start = position
        while let peek, peek.isASCII, peek.isNumber { position += 1 }
        return start == position ? nil : String(characters[start..<position])
    }

    private func unexpected(_ expected: String) -> CronError {
        failure(.unexpected(found: peek.map { "\"\($0)\"" } ?? "the end of the field", expected: expected))
    }

    private func failure(_ problem: CronError.Problem, place: Bool = true) -> CronError {
        CronError(
            expression: text, problem: problem, field: place ? field.rawValue : nil,
            character: place ? position + 1 : nil)
    }
}

extension String {
    /// The text without white space at its ends.
    var trimmingWhitespace: String {
        var rest = Substring(self)
        while rest.first?.isWhitespace == true { rest.removeFirst() }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return String(rest)
    }
}
