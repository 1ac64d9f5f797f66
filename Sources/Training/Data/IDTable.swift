/// The dataset's own ids of users or items, in the order that indices follow.
///
/// Order: ids that are plain decimal numbers by value, then all others by their UTF-8 bytes. Ascending and unique.
package struct IDTable: Sendable, Equatable {
    private let ids: [String]
    private let indexOf: [String: Int]

    /// - Parameter ids: in any order; duplicates are merged.
    package init(_ ids: some Sequence<String>) {
        self.ids = Set(ids).sorted(by: IDTable.precedes)
        indexOf = Dictionary(uniqueKeysWithValues: self.ids.enumerated().map { ($1, $0) })
    }

    /// - Parameter ids: in order and without duplicates, which is believed.
    init(ascending ids: [String]) {
        self.ids = ids
        indexOf = Dictionary(uniqueKeysWithValues: ids.enumerated().map { ($1, $0) })
    }

    package var count: Int { ids.count }
    package subscript(index: Int) -> String { ids[index] }
    /// nil: no id of this table.
    package func index(of id: String) -> Int? { indexOf[id] }
    package var all: [String] { ids }

    static func precedes(_ left: String, _ right: String) -> Bool {
        switch (number(left), number(right)) {
        case (let l?, let r?): l == r ? left.utf8.lexicographicallyPrecedes(right.utf8) : l < r
        case (_?, nil): true
        case (nil, _?): false
        case (nil, nil): left.utf8.lexicographicallyPrecedes(right.utf8)
        }
    }

    private static func number(_ id: String) -> UInt64? {
        id.utf8.allSatisfy { 48...57 ~= $0 } ? UInt64(id) : nil
    }
}
