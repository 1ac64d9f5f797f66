import GRDB
import Registry

/// A stretch of a search's results: one more is fetched than is asked for, to learn whether there is another page.
struct Stretch: Sendable {
    let offset: Int
    let count: Int
    private let search: String?

    /// - Parameter search: what the page is part of, where a token must not be used for another search.
    init(token: String?, maxResults: Int, atMost limit: Int, of search: String? = nil) throws {
        try PageToken.check(maxResults: maxResults, atMost: limit)
        (offset, count, self.search) = (try PageToken.offset(of: token, of: search), maxResults, search)
    }

    init(_ query: SearchQuery, atMost limit: Int, of search: String? = nil) throws {
        try self.init(token: query.pageToken, maxResults: query.maxResults, atMost: limit, of: search)
    }

    /// For `LIMIT ? OFFSET ?`.
    var arguments: StatementArguments { [count + 1, offset] }

    func page<Element: Sendable>(_ items: [Element]) -> Page<Element> {
        items.count > count
            ? Page(
                items: Array(items.prefix(count)), nextPageToken: PageToken.encode(offset: offset + count, of: search))
            : Page(items: items, nextPageToken: nil)
    }
}

extension ViewType {
    /// The condition on a column of lifecycle stages.
    func scope(_ column: String) -> [(sql: String, arguments: [DatabaseValue])] {
        switch self {
        case .activeOnly: [("\(column) = 'active'", [])]
        case .deletedOnly: [("\(column) = 'deleted'", [])]
        case .all: []
        }
    }
}

extension Connection {
    /// The condition on a column of experiments' numbers.
    ///
    /// Of a single one the latest runs are the first of an index; a list has one text whatever its length.
    static func scope(_ column: String, experiments ids: [String]) throws -> (sql: String, arguments: [DatabaseValue]) {
        if ids.count > Limits.searchedExperiments {
            throw RegistryError.invalid(
                "Invalid value for parameter 'experiment_ids' supplied: a search looks at no more than "
                    + "\(Limits.searchedExperiments) experiments.")
        }
        let numbers = try ids.map { id throws(RegistryError) in try Identifiers.experimentNumber(id) }
        if numbers.count == 1 { return ("\(column) = ?", [numbers[0].databaseValue]) }
        return ("\(column) IN (SELECT value FROM json_each(?))", [list(numbers).databaseValue])
    }
}
