import Foundation

/// JSON objects for people and scripts: keys in order, one line.
enum JSONText {
    static func object(_ object: [String: Any]) throws -> String {
        String(
            decoding: try JSONSerialization.data(
                withJSONObject: object, options: [.sortedKeys, .withoutEscapingSlashes]),
            as: UTF8.self)
    }
}
