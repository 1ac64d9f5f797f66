/// The members of a JSON object, in the order in which they came; no two have one name.
///
/// A batch is a thousand objects with a handful of members each: to compare a few names takes a fraction of what it takes to
/// hash them into a table. Only large objects have one.
package struct JSONMembers: Sendable, RandomAccessCollection, ExpressibleByDictionaryLiteral {
    package typealias Element = (key: String, value: JSONValue)

    /// With more, looking through them all would take longer, and in a hostile body very long.
    private static let few = 12

    private var list: [Element] = []
    /// Where each of more than a few stands.
    private var places: [String: Int] = [:]

    package init() {}

    /// Of a name that is given twice the first counts.
    package init(dictionaryLiteral members: (String, JSONValue)...) {
        for (name, value) in members { append(name, value) }
    }

    package var startIndex: Int { 0 }
    package var endIndex: Int { list.count }
    package subscript(position: Int) -> Element { list[position] }

    package var keys: [String] { list.map(\.key) }
    package var dictionary: [String: JSONValue] { Dictionary(list, uniquingKeysWith: { first, _ in first }) }

    package subscript(name: String) -> JSONValue? { place(of: name).map { list[$0].value } }

    /// - Returns: false when there is a member of that name already, and then nothing is changed.
    @discardableResult
    mutating func append(_ name: String, _ value: JSONValue) -> Bool {
        guard place(of: name) == nil else { return false }
        if list.isEmpty { list.reserveCapacity(6) }
        list.append((name, value))
        if list.count > Self.few {
            if places.isEmpty {
                for (place, member) in list.enumerated() { places[member.key] = place }
            } else {
                places[name] = list.count - 1
            }
        }
        return true
    }

    private func place(of name: String) -> Int? {
        if !places.isEmpty { return places[name] }
        for place in list.indices where list[place].key == name { return place }
        return nil
    }
}

extension JSONMembers: Equatable {
    /// In whatever order.
    package static func == (one: JSONMembers, other: JSONMembers) -> Bool {
        one.count == other.count && one.list.allSatisfy { other[$0.key] == $0.value }
    }
}
