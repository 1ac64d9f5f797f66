import HTTPTypes
import Hummingbird
import NIOCore

/// What the pages tell, as plain HTML, for browsers without scripts: below `/plain`, the same addresses.
///
/// A page is a few answers of the public API, written out by `PlainHTML`, which knows none of them by name.
struct PlainPages: RouteFamily {
    let surroundings: Surroundings

    static let prefix = "/plain"

    func register(in table: inout RouteTable) {
        table.get(PlainPages.prefix) { try await page([], $0) }
        table.get("\(PlainPages.prefix)/{page...}") { call in
            // Each part by itself: a name may hold a slash.
            let parts = call.path.dropFirst(PlainPages.prefix.count).split(separator: "/")
            return try await page(try parts.map { try PercentEncoding.decodePathComponent($0) }, call)
        }
    }

    private func page(_ parts: [String], _ call: HTTPCall) async throws -> Response {
        guard let page = PlainPage(at: parts) else {
            throw ServingFailure.notFound(
                "there is no page at \(call.path.prefix(200)).", remedy: "begin at \(PlainPages.prefix).")
        }
        var body = ""
        for section in page.sections {
            body += "<section class=\"card\"><h2>\(HTMLText.escape(section.title))</h2>\n"
            do {
                body += PlainHTML.html(of: try await answer(to: section, call), named: section.member)
                if section.body == nil {
                    body += "<p class=\"muted\"><a href=\"\(HTMLText.escape(section.path))\">As JSON</a></p>"
                }
            } catch {
                let failure = FailureResponse.failure(of: error)
                // What is not for the reader is for the log, which the door writes.
                if failure.detail != nil { throw error }
                body += "<p class=\"problem\"><strong>\(HTMLText.escape(failure.message))</strong><br>"
                body += "\(HTMLText.escape(failure.remedy))</p>"
            }
            body += "</section>\n"
        }
        return .html(PlainPages.text(page, body: body))
    }

    /// Asks the route itself, in this process.
    private func answer(to section: PlainPage.Section, _ call: HTTPCall) async throws -> JSONValue {
        let target = section.path[...]
        let question = target.firstIndex(of: "?") ?? target.endIndex
        let path = target[..<question]
        let method: HTTPRequest.Method = section.body == nil ? .get : .post
        guard case .found(let index, let values) = try surroundings.routes.match(method, path) else {
            throw ServingFailure.notFound("there is nothing at \(path).", remedy: "see /docs.")
        }
        let route = surroundings.routes.routes[index]
        var request = call.request
        if let body = section.body {
            request = Request(
                head: HTTPRequest(
                    method: .post, scheme: nil, authority: nil, path: section.path,
                    headerFields: [.contentType: "application/json"]),
                body: RequestBody(buffer: ByteBuffer(string: body)))
        }
        let collected = CollectedBody.Content()
        let response = try await route.handler(
            HTTPCall(
                request: request, path: path, rawQuery: target[question...].dropFirst(),
                names: route.parameterNames, values: values))
        try await response.body.write(CollectedBody(content: collected))
        do {
            return try JSONParser.parse(String(buffer: collected.bytes))
        } catch {
            throw ServingFailure(
                status: 500, code: "no_json", message: "the answer of \(path) is no JSON: \(error.message)",
                remedy: "look at the server's log.")
        }
    }

    private static func text(_ page: PlainPage, body: String) -> String {
        let links = PlainPage.menu.map { name, path in
            let mark = path == page.menuPath ? " aria-current=\"page\"" : ""
            return "<a href=\"\(prefix)\(path)\"\(mark)>\(name)</a>"
        }
        let title = HTMLText.escape(page.title)
        return """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(title) · mlstack</title><link rel="icon" href="/favicon.svg" type="image/svg+xml">
            <link rel="stylesheet" href="/css/base.css"><link rel="stylesheet" href="/css/shell.css"></head>
            <body class="plain"><header class="top"><a class="brand" href="\(prefix)">mlstack</a><nav aria-label="Pages">\(links.joined(separator: " "))</nav></header>
            <main><div class="page-head"><h1>\(title)</h1>
            <p class="muted">As of now, without scripts. <a href="\(HTMLText.escape(page.liveAddress))">The live page</a> ·
            <a href="/docs">API</a></p></div>
            \(body)</main></body></html>
            """
    }
}
