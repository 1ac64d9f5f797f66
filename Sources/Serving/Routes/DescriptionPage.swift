import Hummingbird

/// The human page of the API: no script, no other host.
enum DescriptionPage {
    /// Beside the style sheets of the pages.
    static let style = """
        h2 { margin: 1.5rem 0 0.5rem; text-transform: capitalize; }
        .entry { margin: 0 0 0.375rem; padding: 0.375rem 0.875rem; border: 1px solid var(--line); border-radius: 8px; background: var(--card); }
        .entry summary { display: grid; grid-template-columns: 3.5rem minmax(12rem, 30rem) 1fr; gap: 0 0.75rem; align-items: baseline; cursor: pointer; overflow-wrap: anywhere; }
        .entry[open] summary { margin-bottom: 0.625rem; }
        .entry summary span:last-child { color: var(--muted); font-size: 0.875rem; }
        .entry .method { font-size: 0.8125rem; font-weight: 700; }
        .entry .get { color: var(--accent); }
        .entry td, .entry th { vertical-align: top; font-size: 0.875rem; overflow-wrap: anywhere; }
        .entry th { width: 9rem; color: var(--muted); white-space: nowrap; }
        .entry td:nth-child(2) { width: 14rem; }
        .entry pre { margin: 0; padding: 0.5rem 0.75rem; border-radius: 6px; background: var(--ground); white-space: pre-wrap; overflow-wrap: anywhere; }
        .tags { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; text-transform: capitalize; }
        @media (max-width: 620px) { .entry summary { grid-template-columns: 3.5rem 1fr; } .entry summary span:last-child { grid-column: 2; } .entry th, .entry td:nth-child(2) { width: auto; } }
        """

    /// - Parameter examples: what stands for the names in paths.
    static func text(of table: RouteTable, version: String, examples: DescriptionExamples) -> String {
        var groups: [(tag: String, entries: String)] = []
        for route in table.routes {
            guard let documentation = route.documentation else { continue }
            let entry = entry(route, documentation, examples)
            if let place = groups.firstIndex(where: { $0.tag == documentation.tag }) {
                groups[place].entries += entry
            } else {
                groups.append((documentation.tag, entry))
            }
        }
        let sections = groups.map { "<h2 id=\"\($0.tag)\">\($0.tag)</h2>\n\($0.entries)" }.joined()
        let links = groups.map { "<a href=\"#\($0.tag)\">\($0.tag)</a>" }.joined(separator: " ")
        return """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <title>API · mlstack</title><link rel="icon" href="/favicon.svg" type="image/svg+xml">
            <link rel="stylesheet" href="/css/base.css"><link rel="stylesheet" href="/css/shell.css">
            <link rel="stylesheet" href="/docs/page.css"><script src="/js/theme.js"></script></head>
            <body><header class="top"><a class="brand" href="/"><img src="/favicon.svg" alt="" width="24" height="24">mlstack</a>
            <nav aria-label="Pages"><a href="/">Pages</a><a href="/docs" aria-current="page">API</a><a href="/openapi.json">OpenAPI 3.1</a></nav></header>
            <main><div class="page-head"><h1>The API of mlstack \(HTMLText.escape(version))</h1></div>
            <p>Names are snake_case, times RFC 3339 in UTC, ids the dataset's own, as text. Every error is
            <code>{"error":{"code","message","remedy"}}</code>. The MLflow REST API is under <code>/api/2.0/mlflow</code>.
            Every example can be pasted into a terminal and runs against this server as it is now.</p>
            <nav class="tags" aria-label="Groups">\(links)</nav>
            \(sections)</main></body></html>
            """
    }

    private static func entry(
        _ route: RouteTable.Route, _ documentation: RouteDocumentation, _ examples: DescriptionExamples
    ) -> String {
        let method = route.method.rawValue
        var rows = ""
        for name in route.parameterNames { rows += row(name, "path", "") }
        for parameter in documentation.query { rows += row(parameter.name, parameter.kind.rawValue, parameter.help) }
        if let body = documentation.body {
            rows += row("body", body.mediaTypes.joined(separator: ", "), shape(.named(body.schema)))
        }
        for answer in documentation.answers where answer.status < 300 {
            rows += row("answer", "\(answer.status) \(answer.mediaType)", answer.schema.map { shape(.named($0)) } ?? "")
        }
        let refusals = documentation.answers.filter { $0.status >= 300 }.map { String($0.status) }
        if !refusals.isEmpty { rows += row("refusals", refusals.joined(separator: ", "), "") }
        let command = HTMLText.escape(examples.command(method, route.pattern, documentation))
        let path = HTMLText.escape(examples.path(of: route.pattern))
        let isStream = documentation.answers.contains { $0.mediaType == "text/event-stream" }
        let link = method == "GET" && !isStream ? " <a href=\"\(path)\">Open the answer</a>" : ""
        return """
            <details class="entry"><summary><span class="method \(method.lowercased())">\(method)</span> <code>\(HTMLText.escape(route.pattern))</code>
            <span>\(HTMLText.escape(documentation.summary))</span></summary><pre>\(command)</pre>\(link)<table>\(rows)</table></details>

            """
    }

    private static func row(_ name: String, _ kind: String, _ help: String) -> String {
        "<tr><th>\(HTMLText.escape(name))</th><td>\(HTMLText.escape(kind))</td><td>\(HTMLText.escape(help))</td></tr>"
    }

    /// The shape in one line, e.g. `{ user, known, items: [{ item, score }] }`.
    private static func shape(_ schema: Schema) -> String {
        switch schema {
        case .named(let name):
            return APISchemas.all.first { $0.name == name }.map { shape($0.schema) } ?? name
        case .array(let element): return "[\(shape(element))]"
        case .nullable(let inner): return "\(shape(inner)) or null"
        case .map(let value): return "{ name: \(shape(value)) }"
        case .object(let required, let optional, let isOpen):
            let members =
                required.map { "\($0.name): \(shape($0.schema))" } + optional.map { "\($0.name)?: \(shape($0.schema))" }
            return "{ \((members + (isOpen ? ["…"] : [])).joined(separator: ", ")) }"
        case .choice(let values): return values.joined(separator: " | ")
        case .string: return "text"
        case .time: return "time"
        case .date: return "date"
        case .integer: return "whole number"
        case .number: return "number"
        case .boolean: return "true or false"
        case .any: return "anything"
        }
    }
}
