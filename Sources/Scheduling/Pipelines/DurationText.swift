/// Lengths of time as people write them in a pipeline file: `500ms`, `90s`, `10m`, `1h30m`, `2d`.
package enum DurationText {
    private static let units: [(name: String, milliseconds: Int)] = [
        ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1),
    ]
    /// A thousand years; anything longer is a slip of the keyboard, and sums stay far from overflow.
    private static let limit = 365_000 * 86_400_000

    /// nil unless the text is whole numbers with units, each unit at most once and the larger first.
    package static func parse(_ text: String) -> Duration? {
        var rest = Substring(text)
        var total = 0
        var previousUnit = -1
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            guard !digits.isEmpty, digits.count <= 15, let number = Int(digits) else { return nil }
            rest = rest.dropFirst(digits.count)
            let letters = rest.prefix { $0.isASCII && $0.isLetter }
            guard let unit = units.firstIndex(where: { $0.name == letters }), unit > previousUnit else { return nil }
            rest = rest.dropFirst(letters.count)
            previousUnit = unit
            guard number <= limit / units[unit].milliseconds else { return nil }
            total += number * units[unit].milliseconds
        }
        return previousUnit < 0 || total > limit ? nil : .milliseconds(total)
    }

    /// The shortest form, e.g. `1h30m`; `0s` for nothing. Finer parts than a millisecond are cut off.
    package static func text(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        var left = Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000)
        guard left > 0 else { return "0s" }
        var text = ""
        for unit in units where left >= unit.milliseconds {
            text += "\(left / unit.milliseconds)\(unit.name)"
            left %= unit.milliseconds
        }
        return text
    }

    /// `20%` is 0.2; nil unless it is a number from 0 to 100 and the sign.
    static func parsePercent(_ text: String) -> Double? {
        guard text.hasSuffix("%"), let number = YAMLScalar.float(String(text.dropLast())), (0...100).contains(number)
        else {
            return nil
        }
        return number / 100
    }
}
