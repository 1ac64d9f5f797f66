import Foundation
import Scheduling

/// JSON as HTML: an object is a list of definitions, a list of objects a table, what lies deeper is folded away.
///
/// Every text of the answer is escaped. Where a member's name says that its value names something, it leads to the page of it.
enum PlainHTML {
    /// Lists are cut here: a page is for reading.
    private static let mostRows = 200
    private static let smallObject = 12
    /// In 1973: no smaller number is a time in milliseconds.
    private static let longAgo: Int64 = 100_000_000_000
    /// Bytes from which on a text may take several lines.
    private static let longText = 50
    /// What identifies something comes first, the rest by name.
    private static let first = [
        "id", "run_id", "run_name", "name", "title", "key", "item", "user", "date", "version", "state", "status",
        "value", "rating", "score",
    ]

    /// - Parameter name: of the member that holds the value.
    static func html(of value: JSONValue, named name: String = "") -> String {
        switch value {
        case .object(let members): return list(members, named: name)
        case .array(let elements):
            if elements.isEmpty { return "<p class=\"muted\">none</p>\n" }
            return elements.contains { $0.object != nil } ? table(elements, named: name) : text(value)
        default: return "<p>\(text(value))</p>\n"
        }
    }

    private static func list(_ members: JSONMembers, named name: String) -> String {
        if members.isEmpty { return "<p class=\"muted\">none</p>\n" }
        // A list with nothing beside it needs no heading of its own.
        if members.count == 1, let (key, value) = members.first, !isShort(value) { return html(of: value, named: key) }
        let names = sorted(members.keys)
        let short = names.filter { members[$0].map(isShort) ?? false }
        var html = ""
        if !short.isEmpty {
            html += "<dl>\n"
            let members = members.dictionary
            for key in short { html += "<dt>\(label(key))</dt><dd>\(cell(key, members, in: name))</dd>\n" }
            html += "</dl>\n"
        }
        for key in names where !short.contains(key) {
            html += "<h3>\(label(key))</h3>\n\(self.html(of: members[key] ?? .null, named: key))"
        }
        return html
    }

    private static func table(_ elements: [JSONValue], named name: String) -> String {
        let rows = elements.prefix(mostRows).map { flat($0.object?.dictionary ?? ["value": $0]) }
        let columns = sorted(Set(rows.flatMap(\.keys)))
        // What is wider than the screen can be scrolled by keyboard, too.
        let title = name.isEmpty ? "Table" : label(name)
        var html = "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"\(title)\"><table>\n<thead><tr>"
        let numbers = Set(columns.filter { column in rows.contains { $0[column]?.double != nil } })
        for column in columns {
            html += "<th scope=\"col\"\(numbers.contains(column) ? " class=\"number\"" : "")>\(label(column))</th>"
        }
        html += "</tr></thead>\n<tbody>\n"
        for row in rows {
            html += "<tr>"
            for column in columns {
                let isLong = row[column]?.string.map { $0.utf8.count > longText } ?? false
                let kind = isLong ? " class=\"long\"" : numbers.contains(column) ? " class=\"number\"" : ""
                html += "<td\(kind)>\(cell(column, row, in: name))</td>"
            }
            html += "</tr>\n"
        }
        html += "</tbody></table></div>\n"
        if elements.count > mostRows { html += "<p class=\"muted\">… and \(elements.count - mostRows) more.</p>\n" }
        return html
    }

    /// Small objects within a row are columns of it, as long as they hide no other.
    private static func flat(_ row: [String: JSONValue]) -> [String: JSONValue] {
        var flat = row
        for (key, value) in row {
            guard let inner = value.object, inner.count <= smallObject, !inner.keys.contains(where: { row[$0] != nil })
            else { continue }
            flat[key] = nil
            flat.merge(inner.dictionary) { former, _ in former }
        }
        return flat
    }

    /// The value of a member of `row`, which is itself one of the list `collection`.
    private static func cell(_ key: String, _ row: [String: JSONValue], in collection: String) -> String {
        guard let value = row[key] else { return "" }
        if isShort(value) {
            // MLflow's times are milliseconds.
            if key.hasSuffix("_time"), let time = value.integer, time > longAgo {
                return Instant(milliseconds: time).rfc3339
            }
            guard let path = link(key, row, in: collection) else { return text(value) }
            return "<a href=\"\(PlainPages.prefix)/\(HTMLText.escape(path))\">\(text(value))</a>"
        }
        let count = value.array?.count ?? value.object?.count ?? 0
        return
            "<details><summary>\(count) \(count == 1 ? "entry" : "entries")</summary>\(html(of: value, named: key))</details>"
    }

    /// What fits behind a name or into a cell.
    private static func isShort(_ value: JSONValue) -> Bool {
        switch value {
        case .object: false
        case .array(let elements): elements.allSatisfy { $0.object == nil && $0.array == nil }
        default: true
        }
    }

    private static func text(_ value: JSONValue) -> String {
        switch value {
        case .null: "–"
        case .bool(let flag): flag ? "yes" : "no"
        case .integer(let number): "\(number)"
        case .number(let number): figure(number)
        case .string(let text): HTMLText.escape(text)
        case .array(let elements): elements.isEmpty ? "–" : elements.map(text).joined(separator: ", ")
        case .object: ""
        }
    }

    /// Four significant digits, the rest on hovering.
    private static func figure(_ value: Double) -> String {
        guard value.isFinite, value != 0 else { return "\(value)" }
        let scale = pow(10, 3 - floor(log10(abs(value))))
        let rounded = scale.isFinite && scale > 0 ? (value * scale).rounded() / scale : value
        return "<span title=\"\(value)\">\(rounded)</span>"
    }

    private static func label(_ name: String) -> String {
        HTMLText.escape(name.replacing("_at_", with: "@").replacing("_", with: " "))
    }

    private static func sorted(_ names: some Sequence<String>) -> [String] {
        names.sorted { one, other in
            let (a, b) = (first.firstIndex(of: one) ?? first.count, first.firstIndex(of: other) ?? first.count)
            return a == b ? one < other : a < b
        }
    }

    /// The page below `/plain` that a member names.
    private static func link(_ key: String, _ row: [String: JSONValue], in collection: String) -> String? {
        guard let name = row[key]?.string else { return nil }
        let id = PlainPage.component(name)
        switch (key, collection) {
        case ("item", _): return "recommend/items/\(id)"
        case ("user", _): return "recommend/users/\(id)"
        case ("pipeline", _), ("id", "pipelines"): return "pipelines/\(id)"
        case ("name", "models"), ("name", "model"): return "models/\(id)"
        case ("experiment_id", _): return "experiments/\(id)"
        case ("run_id", _):
            return "experiments/\(PlainPage.component(row["experiment_id"]?.string ?? "-"))/runs/\(id)"
        case ("id", "runs"), ("id", "last_runs"), ("run", _):
            guard let pipeline = row["pipeline"]?.string else { return nil }
            return "pipelines/\(PlainPage.component(pipeline))/runs/\(id)"
        default: return nil
        }
    }
}
