import Hummingbird

/// The API's own description, for programs and for people.
struct DescriptionRoutes: RouteFamily {
    let surroundings: Surroundings

    func register(in table: inout RouteTable) {
        let surroundings = surroundings
        table.get("/openapi.json", RouteDocumentation("This description", tag: "status", text: "application/json")) {
            _ in
            .json(OpenAPI.document(of: surroundings.routes, version: surroundings.ports.facts.programVersion))
        }
        table.get("/docs", RouteDocumentation("This description, for people", tag: "status", text: "text/html")) { _ in
            .html(DescriptionPage.text(of: surroundings.routes, version: surroundings.ports.facts.programVersion))
        }
        table.get(
            "/schema/pipeline.json",
            RouteDocumentation(
                "The JSON Schema of pipeline files, for editors", tag: "status", text: "application/schema+json")
        ) { _ in .text(surroundings.ports.facts.pipelineSchema, type: "application/schema+json") }
        table.get("/docs/page.css") { _ in .text(DescriptionPage.style, type: "text/css; charset=utf-8") }
    }
}

/// The human page of the API: no script, no other host.
private enum DescriptionPage {
    static let style = """
        :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
        body { max-width: 60rem; margin: 0 auto; padding: 1rem; }
        h2 { margin-top: 2.5rem; text-transform: capitalize; }
        details { border: 1px solid color-mix(in srgb, currentColor 25%, transparent); border-radius: .4rem; margin: .4rem 0; padding: .4rem .8rem; }
        summary { cursor: pointer; overflow-wrap: anywhere; }
        code { font: .95em ui-monospace, monospace; }
        .method { display: inline-block; min-width: 3.5rem; font-weight: 700; }
        table { border-collapse: collapse; } td, th { text-align: left; vertical-align: top; padding: .15rem .8rem .15rem 0; }
        td { overflow-wrap: anywhere; }
        """

    static func text(of table: RouteTable, version: String) -> String {
        var groups: [(tag: String, entries: String)] = []
        for route in table.routes {
            guard let documentation = route.documentation else { continue }
            let entry = entry(route, documentation)
            if let place = groups.firstIndex(where: { $0.tag == documentation.tag }) {
                groups[place].entries += entry
            } else {
                groups.append((documentation.tag, entry))
            }
        }
        let sections = groups.map { "<h2>\($0.tag)</h2>\n\($0.entries)" }.joined()
        return """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <link rel="icon" href="/favicon.svg"><title>API - mlstack \(HTMLText.escape(version))</title><link rel="stylesheet" href="/docs/page.css"></head>
            <body><main><h1>The API of mlstack \(HTMLText.escape(version))</h1>
            <p><a href="/">Pages</a> &middot; <a href="/openapi.json">OpenAPI 3.1</a>. Names are snake_case, times RFC 3339 in UTC, ids the
            dataset's own, as text. Every error is <code>{"error":{"code","message","remedy"}}</code>.
            The MLflow REST API is under <code>/api/2.0/mlflow</code>.</p>
            \(sections)</main></body></html>
            """
    }

    private static func entry(_ route: RouteTable.Route, _ documentation: RouteDocumentation) -> String {
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
        return """
            <details><summary><span class="method">\(route.method.rawValue)</span> <code>\(HTMLText.escape(route.pattern))</code>
            \(HTMLText.escape(documentation.summary))</summary><table>\(rows)</table></details>

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
