import GRDB
import Registry

/// A stretch of a search's results: one more is fetched than is asked for, to learn whether there is another page.
struct Stretch: Sendable {
    let offset: Int
    let count: Int

    init(token: String?, maxResults: Int, atMost limit: Int) throws {
        try PageToken.check(maxResults: maxResults, atMost: limit)
        (offset, count) = (try PageToken.offset(of: token), maxResults)
    }

    /// For `LIMIT ? OFFSET ?`.
    var arguments: StatementArguments { [count + 1, offset] }

    func page<Element: Sendable>(_ items: [Element]) -> Page<Element> {
        items.count > count
            ? Page(items: Array(items.prefix(count)), nextPageToken: PageToken.encode(offset: offset + count))
            : Page(items: items, nextPageToken: nil)
    }
}

extension ViewType {
    /// The lifecycle stages it looks at, as a JSON array for `json_each`.
    var lifecycles: String {
        switch self {
        case .activeOnly: #"["active"]"#
        case .deletedOnly: #"["deleted"]"#
        case .all: #"["active","deleted"]"#
        }
    }
}
