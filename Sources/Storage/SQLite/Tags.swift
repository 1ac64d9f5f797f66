import GRDB

/// The tables of keys and values that belong to records with a number.
enum TagTable: String {
    case experiment = "experiment_tag"
    case run = "run_tag"
    case registeredModel = "registered_model_tag"
    case loggedModel = "logged_model_tag"
    case datasetInput = "dataset_input_tag"

    /// The column that names the record.
    var owner: String {
        switch self {
        case .experiment: "experiment"
        case .run: "run"
        case .registeredModel, .loggedModel: "model"
        case .datasetInput: "input"
        }
    }
}

extension Connection {
    func setTag(_ key: String, to value: String, in table: TagTable, of number: Int64) throws {
        try run(
            """
            INSERT INTO \(table.rawValue) (\(table.owner), key, value) VALUES (?, ?, ?)
            ON CONFLICT DO UPDATE SET value = excluded.value
            """, [number, key, value])
    }

    func setTags(_ tags: [String: String], in table: TagTable, of number: Int64) throws {
        for (key, value) in tags.sorted(by: { $0.key < $1.key }) { try setTag(key, to: value, in: table, of: number) }
    }

    /// - Returns: whether there was such a tag.
    func deleteTag(_ key: String, in table: TagTable, of number: Int64) throws -> Bool {
        try run("DELETE FROM \(table.rawValue) WHERE \(table.owner) = ? AND key = ?", [number, key]) > 0
    }

    /// The tags of several records at once, by the records' numbers.
    func tags(in table: TagTable, of numbers: [Int64]) throws -> [Int64: [String: String]] {
        var result: [Int64: [String: String]] = [:]
        for (number, key, value) in try rows(
            """
            SELECT \(table.owner), key, value FROM \(table.rawValue)
            WHERE \(table.owner) IN (SELECT value FROM json_each(?))
            """, [Self.list(numbers)], { ($0[0] as Int64, $0[1] as String, $0[2] as String) })
        {
            result[number, default: [:]][key] = value
        }
        return result
    }

    /// Numbers as a JSON array, so that one prepared statement serves lists of any length.
    static func list(_ numbers: [Int64]) -> String { "[" + numbers.map(String.init).joined(separator: ",") + "]" }
}
