/// One line of a ratings file, taken apart where it lies.
struct RatingLine {
    var user: UnsafeRawBufferPointer
    var item: UnsafeRawBufferPointer
    /// NaN when the line has none.
    var stars: Float
    var timestampSeconds: UInt32

    /// Why a line is no rating.
    enum Problem: Error, Equatable {
        case fieldCount(Int)
        case emptyID
        case longID
        case badStars(String)
        case badTimestamp(String)
        case controlCharacter

        var sentence: String {
            switch self {
            case .fieldCount(let count): "\(count) fields; a user, an item and at most a rating and a time are expected"
            case .emptyID: "the user's or the item's id is empty"
            case .longID: "an id is longer than 255 bytes"
            case .badStars(let text): "the rating is \"\(text)\"; a number from 0.5 to 5 is expected"
            case .badTimestamp(let text): "the time is \"\(text)\"; whole seconds since 1970 are expected"
            case .controlCharacter: "an id holds a control character"
            }
        }
    }

    /// - Parameter line: without its line break.
    init(_ line: UnsafeRawBufferPointer, form: DatasetSource.Form) throws(Problem) {
        var fields = (UnsafeRawBufferPointer(rebasing: line[0..<0]), line, line, line)
        let count = RatingLine.split(line, form, &fields)
        guard (2...4).contains(count) else { throw .fieldCount(count) }
        user = RatingLine.unquoted(fields.0)
        item = RatingLine.unquoted(fields.1)
        if user.isEmpty || item.isEmpty { throw .emptyID }
        if user.count > 255 || item.count > 255 { throw .longID }
        for byte in user where byte < 32 { throw .controlCharacter }
        for byte in item where byte < 32 { throw .controlCharacter }
        stars = .nan
        timestampSeconds = 0
        if count > 2 {
            let field = RatingLine.unquoted(fields.2)
            guard let value = RatingLine.stars(field) else { throw .badStars(RatingLine.text(field)) }
            stars = value
        }
        if count > 3 {
            let field = RatingLine.unquoted(fields.3)
            guard let value = RatingLine.seconds(field) else { throw .badTimestamp(RatingLine.text(field)) }
            timestampSeconds = value
        }
    }

    private typealias Fields = (
        UnsafeRawBufferPointer, UnsafeRawBufferPointer, UnsafeRawBufferPointer, UnsafeRawBufferPointer
    )

    /// - Returns: how many fields there are; only the first four are kept.
    private static func split(_ line: UnsafeRawBufferPointer, _ form: DatasetSource.Form, _ fields: inout Fields) -> Int
    {
        let (separator, width) = (form.separator, form.separatorWidth)
        var (count, start, index) = (0, 0, 0)
        func take(_ end: Int) {
            let field = UnsafeRawBufferPointer(rebasing: line[start..<end])
            switch count {
            case 0: fields.0 = field
            case 1: fields.1 = field
            case 2: fields.2 = field
            case 3: fields.3 = field
            default: break
            }
            count += 1
        }
        while index < line.count {
            if line[index] == separator, width == 1 || (index + 1 < line.count && line[index + 1] == separator) {
                take(index)
                index += width
                start = index
            } else {
                index += 1
            }
        }
        take(line.count)
        return count
    }

    /// Without blanks around it and without quotes.
    private static func unquoted(_ field: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        var (first, last) = (0, field.count)
        while first < last, field[first] == 32 { first += 1 }
        while last > first, field[last - 1] == 32 { last -= 1 }
        if last - first >= 2, field[first] == 34, field[last - 1] == 34 { (first, last) = (first + 1, last - 1) }
        return UnsafeRawBufferPointer(rebasing: field[first..<last])
    }

    /// `4`, `4.0`, `3.5`, `.5`: 0.5 to 5; nil for anything else.
    private static func stars(_ field: UnsafeRawBufferPointer) -> Float? {
        var (value, scale, digits, sawPoint) = (0, 1, 0, false)
        if field.count > 8 { return nil }
        for byte in field {
            if byte == 46, !sawPoint {
                sawPoint = true
            } else if 48...57 ~= byte {
                value = value * 10 + Int(byte - 48)
                digits += 1
                if sawPoint { scale *= 10 }
            } else {
                return nil
            }
        }
        if digits == 0 { return nil }
        let stars = Float(Double(value) / Double(scale))
        return (0.5...5).contains(stars) ? stars : nil
    }

    private static func seconds(_ field: UnsafeRawBufferPointer) -> UInt32? {
        if field.isEmpty || field.count > 10 { return nil }
        var value: UInt64 = 0
        for byte in field {
            guard 48...57 ~= byte else { return nil }
            value = value * 10 + UInt64(byte - 48)
        }
        return UInt32(exactly: value)
    }

    private static func text(_ field: UnsafeRawBufferPointer) -> String {
        String(decoding: field.prefix(40), as: UTF8.self)
    }
}
