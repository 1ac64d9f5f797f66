import GRDB
import Synchronization

/// Which searches are kept prepared.
///
/// Prepared statements are never let go of, and callers make up the shapes of filters: only so many shapes are kept, the first
/// ones. Every other search is prepared when it is asked, which takes some tenths of a millisecond.
final class SearchShapes: Sendable {
    private static let limit = 200
    private let known = Mutex<Set<String>>([])

    func keeps(_ sql: String) -> Bool {
        known.withLock { known in
            if known.contains(sql) { return true }
            return known.count < Self.limit && known.insert(sql).inserted
        }
    }
}

extension Connection {
    /// The keys that a search finds, in its order.
    /// - Throws: `RegistryError.tooHeavy` for one that takes more than `work` allows.
    func found<Key>(
        _ search: SearchStatement, keeping shapes: SearchShapes, within work: SearchWork,
        _ decode: (Row) throws -> Key
    ) throws -> [Key] {
        try work.bounding(self) {
            let statement =
                shapes.keeps(search.sql)
                ? try database.cachedStatement(sql: search.sql) : try database.makeStatement(sql: search.sql)
            let cursor = try Row.fetchCursor(statement, arguments: search.arguments)
            var keys: [Key] = []
            while let row = try cursor.next() { keys.append(try decode(row)) }
            return keys
        }
    }

    /// Those of `keys` that have a record, in the order of `keys`.
    static func inOrder<Key: Hashable, Value>(_ keys: [Key], _ records: [(Key, Value)]) -> [Value] {
        let byKey = Dictionary(records, uniquingKeysWith: { first, _ in first })
        return keys.compactMap { byKey[$0] }
    }
}
