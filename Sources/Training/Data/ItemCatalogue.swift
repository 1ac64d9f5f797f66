import Foundation

/// A film, or whatever it is that is recommended.
package struct Item: Sendable, Equatable {
    package var id: String
    package var title: String
    package var year: Int?
    package var genres: [String]
    package init(id: String, title: String, year: Int?, genres: [String]) {
        (self.id, self.title, self.year, self.genres) = (id, title, year, genres)
    }
}

/// What is known of items besides their ratings: titles, years, genres.
package struct ItemCatalogue: Sendable {
    private let items: [String: Item]
    /// For the search: titles in lower case without accents, in the order of ids.
    private let titles: [(folded: String, id: String)]

    package init(_ items: [Item]) {
        self.items = Dictionary(items.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        titles = self.items.values.sorted { IDTable.precedes($0.id, $1.id) }.map {
            (ItemCatalogue.folded($0.title), $0.id)
        }
    }

    /// Empty when the source has no films: items are then known by their ids.
    /// - Throws: `DataError`.
    package init(reading source: DatasetSource) throws(DataError) {
        guard let path = source.moviesPath else {
            self.init([])
            return
        }
        // The older sets are in Latin-1, in which every sequence of bytes is text.
        let text = try MappedFile.read(path) { bytes in
            String(validating: bytes, as: UTF8.self)
                ?? String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
        }
        var items: [Item] = []
        let body = text.hasPrefix("\u{FEFF}") ? text.dropFirst() : text[...]
        for (number, line) in body.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            if line.allSatisfy(\.isWhitespace) { continue }
            if number == 0, line.lowercased().hasPrefix("movieid") || line.lowercased().hasPrefix("itemid") { continue }
            guard let item = ItemLine.item(String(line)) else {
                throw .badLine(path: path, line: number + 1, problem: "an id, a title and genres are expected")
            }
            items.append(item)
        }
        self.init(items)
    }

    package var count: Int { items.count }
    package subscript(id: String) -> Item? { items[id] }

    /// Every genre that an item has, in alphabetical order.
    package var genres: [String] { Set(items.values.flatMap(\.genres)).sorted() }

    /// Items whose title holds the words, those that begin with them first; accents and letter case do not count. Nothing for
    /// an empty query.
    package func search(_ query: String, limit: Int) -> [Item] {
        let wanted = ItemCatalogue.folded(query.trimmingCharacters(in: .whitespaces))
        if wanted.isEmpty { return [] }
        var first: [Item] = []
        var others: [Item] = []
        for (title, id) in titles {
            guard let range = title.range(of: wanted), let item = items[id] else { continue }
            if range.lowerBound == title.startIndex { first.append(item) } else { others.append(item) }
            if first.count >= limit { break }
        }
        return Array((first + others).prefix(limit))
    }

    private static func folded(_ text: String) -> String {
        text.folding(options: [.caseInsensitive, .diacriticInsensitive], locale: nil)
    }
}

/// One line of `movies.csv`, `movies.dat` or `u.item`.
enum ItemLine {
    /// The flags of `u.item`, in the order of ml-100k's `u.genre`.
    private static let genres = [
        "unknown", "Action", "Adventure", "Animation", "Children's", "Comedy", "Crime", "Documentary", "Drama",
        "Fantasy",
        "Film-Noir", "Horror", "Musical", "Mystery", "Romance", "Sci-Fi", "Thriller", "War", "Western",
    ]

    /// nil for a line that names no item.
    static func item(_ line: String) -> Item? {
        if line.contains("::") { return made(line.components(separatedBy: "::")) }
        let flags = line.components(separatedBy: "|")
        if flags.count == 5 + genres.count {
            let named = zip(flags.dropFirst(5), genres).filter { $0.0 == "1" }.map(\.1)
            return made([flags[0], flags[1], named.joined(separator: "|")])
        }
        return made(csv(line))
    }

    private static func made(_ fields: [String]) -> Item? {
        guard fields.count >= 2, !fields[0].isEmpty else { return nil }
        let genres = (fields.count > 2 ? fields[2] : "").split(separator: "|").map(String.init)
            .filter { $0 != "(no genres listed)" && $0 != "unknown" }
        let title = fields[1].trimmingCharacters(in: .whitespaces)
        return Item(id: fields[0].trimmingCharacters(in: .whitespaces), title: title, year: year(title), genres: genres)
    }

    /// `Title (1995)` ends with its year.
    private static func year(_ title: String) -> Int? {
        guard title.hasSuffix(")"), let open = title.lastIndex(of: "(") else { return nil }
        let digits = title[title.index(after: open)...].dropLast()
        return digits.count == 4 ? Int(digits) : nil
    }

    /// - Source: RFC 4180: a quoted field may hold commas, and quotes doubled.
    private static func csv(_ line: String) -> [String] {
        var fields = [""]
        var isQuoted = false
        var rest = line[...]
        while let character = rest.popFirst() {
            if isQuoted, character == "\"", rest.first == "\"" {
                fields[fields.count - 1].append("\"")
                rest = rest.dropFirst()
            } else if character == "\"" {
                isQuoted.toggle()
            } else if character == ",", !isQuoted {
                fields.append("")
            } else {
                fields[fields.count - 1].append(character)
            }
        }
        return fields
    }
}
