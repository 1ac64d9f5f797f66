/// Whom a request of MLflow's scoring protocol asks for, in whichever of its forms: a table with a column of users and perhaps one of
/// `k`, or a plain list of users.
///
/// - Source: https://mlflow.org/docs/latest/ml/deployment, "Local inference server", "Accepted input formats".
struct InvocationInput: Equatable {
    struct Row: Equatable {
        var user: String
        var count: Int
    }

    var rows: [Row]

    static let formats = ["dataframe_split", "dataframe_records", "inputs", "instances"]
    /// What the column of users may be called, as in the model's own loader.
    static let userColumns = ["user", "user_id", "userId"]
    private static let countColumn = "k"
    static let defaultCount = 10

    /// - Throws: `ServingFailure`.
    init(json value: JSONValue) throws {
        var fields = try JSONFields(value, of: "the body")
        var params = try JSONFields(.object(try fields.object("params") ?? [:]), of: "`params`")
        let count = try params.int("k", in: RecommendationQuery.countRange) ?? Self.defaultCount
        try params.finish()
        let given = Self.formats.filter { value[$0] != nil }
        guard let format = given.first, given.count == 1 else {
            throw Self.refusal(
                given.isEmpty ? "the body has no input." : "the body has \(given.joined(separator: " and ")).",
                "send exactly one of \(Self.formats.joined(separator: ", ")).")
        }
        switch format {
        case "dataframe_split":
            var table = try JSONFields(.object(try fields.object(format) ?? [:]), of: "`dataframe_split`")
            guard let columns = try table.array("columns"), let data = try table.array("data") else {
                throw Self.refusal(
                    "`dataframe_split` lacks `columns` or `data`.",
                    "send what DataFrame.to_dict(orient=\"split\") gives.")
            }
            _ = try table.array("index")
            try table.finish()
            let names = columns.map { $0.string ?? "" }
            let places = try Self.places(in: names)
            rows = try data.map { value in
                guard let cells = value.array, cells.count == names.count else {
                    throw Self.refusal(
                        "a row of `data` does not have \(names.count) values.", "give one value for each column.")
                }
                return try Self.row(cells[places.user], places.count.map { cells[$0] }, count)
            }
        case "dataframe_records":
            rows = try (try fields.array(format) ?? []).map { try Self.row(of: $0, count) }
        default:
            rows = try Self.listed(fields.value(format) ?? .null, format, count)
        }
        try fields.finish()
    }

    /// - Parameter csv: with a line of names first.
    /// - Throws: `ServingFailure`.
    init(csv text: String) throws {
        var lines = try CSVLines(text).rows
        guard !lines.isEmpty else {
            throw Self.refusal("the body is empty.", "send a line of names, then a line for each user.")
        }
        let names = lines.removeFirst()
        let places = try Self.places(in: names)
        rows = try lines.map { cells in
            guard cells.count == names.count else {
                throw Self.refusal(
                    "a line has \(cells.count) values, not \(names.count).", "give one value for each column.")
            }
            var count = Self.defaultCount
            if let place = places.count {
                guard let number = Int(cells[place]) else {
                    throw Self.refusal("`k` is \(cells[place].prefix(20)).", "give a whole number.")
                }
                count = number
            }
            return try Self.checked(cells[places.user], count)
        }
    }

    // MARK: Parts

    /// `inputs` and `instances`: columns by name, rows by name, or users alone.
    private static func listed(_ value: JSONValue, _ format: String, _ count: Int) throws -> [Row] {
        switch value {
        case .array(let elements):
            return try elements.map { element in
                if case .object = element { return try row(of: element, count) }
                // A row of one column.
                if let cells = element.array, cells.count == 1 { return try row(cells[0], nil, count) }
                return try row(element, nil, count)
            }
        case .object(let columns):
            let names = columns.keys.sorted()
            let places = try places(in: names)
            func cells(_ place: Int) -> [JSONValue] {
                let value = columns[names[place]] ?? .null
                return value.array ?? [value]
            }
            let users = cells(places.user)
            var counts = places.count.map(cells) ?? []
            if counts.count == 1 { counts = Array(repeating: counts[0], count: users.count) }
            guard places.count == nil || counts.count == users.count else {
                throw refusal(
                    "`\(format)` has \(users.count) users and \(counts.count) values of `k`.",
                    "give one for each, or one.")
            }
            return try users.indices.map { try row(users[$0], counts.isEmpty ? nil : counts[$0], count) }
        default: throw refusal("`\(format)` is \(value.kind).", "give a list of users, or an object of columns.")
        }
    }

    private static func places(in names: [String]) throws -> (user: Int, count: Int?) {
        guard let user = userColumns.compactMap({ names.firstIndex(of: $0) }).first else {
            throw refusal(
                "there is no column of users among \(names.prefix(20).joined(separator: ", ")).",
                "call one of them \(userColumns.joined(separator: ", or ")).")
        }
        return (user, names.firstIndex(of: countColumn))
    }

    private static func row(of value: JSONValue, _ count: Int) throws -> Row {
        guard case .object(let members) = value else { throw refusal("a record is \(value.kind).", "send objects.") }
        let names = members.keys.sorted()
        let places = try places(in: names)
        return try row(members[names[places.user]] ?? .null, members[countColumn], count)
    }

    private static func row(_ user: JSONValue, _ count: JSONValue?, _ standard: Int) throws -> Row {
        guard let name = user.string ?? user.integer.map({ "\($0)" }) else {
            throw refusal("a user is \(user.kind).", "write ids as strings or whole numbers.")
        }
        guard let count, count != .null else { return try checked(name, standard) }
        guard let number = count.integer.flatMap({ Int(exactly: $0) }) else {
            throw refusal("`k` is \(count.kind).", "give a whole number.")
        }
        return try checked(name, number)
    }

    private static func checked(_ user: String, _ count: Int) throws -> Row {
        guard RecommendationQuery.countRange ~= count else {
            throw refusal("`k` is \(count).", "give a value in \(RecommendationQuery.countRange).")
        }
        return Row(user: user, count: count)
    }

    static func refusal(_ message: String, _ remedy: String) -> ServingFailure {
        ServingFailure(status: 400, code: "bad_input", message: message, remedy: remedy)
    }
}

/// The lines of a text in CSV: a field in quotes may hold commas, line ends, and quotes doubled.
///
/// - Source: RFC 4180.
struct CSVLines {
    private(set) var rows: [[String]] = []

    /// - Throws: `ServingFailure` for a quote that is never closed.
    init(_ text: String) throws {
        var (row, field): ([String], [UInt8]) = ([], [])
        var (isQuoted, isEmpty) = (false, true)
        func finished() -> String { String(decoding: field, as: UTF8.self) }
        var rest = Array(text.utf8)[...]
        if rest.starts(with: [0xEF, 0xBB, 0xBF]) { rest = rest.dropFirst(3) }
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "\"") where isQuoted && rest.first == UInt8(ascii: "\""):
                field.append(byte)
                rest = rest.dropFirst()
            case UInt8(ascii: "\""):
                isQuoted.toggle()
                isEmpty = false
            case UInt8(ascii: ",") where !isQuoted:
                row.append(finished())
                (field, isEmpty) = ([], false)
            case UInt8(ascii: "\r") where !isQuoted && rest.first == UInt8(ascii: "\n"): continue
            case UInt8(ascii: "\n") where !isQuoted:
                if !isEmpty { rows.append(row + [finished()]) }
                (row, field, isEmpty) = ([], [], true)
            default:
                field.append(byte)
                isEmpty = false
            }
        }
        if isQuoted {
            throw InvocationInput.refusal(
                "a quote in the table is never closed.", "double the quotes inside of fields.")
        }
        if !isEmpty { rows.append(row + [finished()]) }
    }
}
