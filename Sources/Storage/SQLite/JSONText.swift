import Foundation
import GRDB

/// Small structures kept as JSON in a column: keys sorted, so that equal values are equal text.
enum JSONText {
    static func encode(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    static func decode<Value: Decodable>(_ type: Value.Type = Value.self, from text: String) throws -> Value {
        // Nearly every such column is empty.
        if text == "{}" || text == "[]", let empty = [String: String]() as? Value ?? ([String]() as? Value) {
            return empty
        }
        do {
            return try JSONDecoder().decode(type, from: Data(text.utf8))
        } catch {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a column holds broken JSON: \(text.prefix(80))")
        }
    }
}
