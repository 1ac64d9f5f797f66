package import Hummingbird

/// Answers one request. Throws `ServingFailure`, or anything else that `FailureResponse` knows how to tell.
package typealias RouteHandler = @Sendable (HTTPCall) async throws -> Response

/// Every route there is: what requests are matched against, what metrics are counted by, and what `/openapi.json` describes.
///
/// A pattern is a path whose components are either literal or `{name}`; a last component `{name...}` takes the whole rest, slashes
/// included. Literal components win over `{name}`, `{name}` over `{name...}`.
package struct RouteTable: Sendable {
    /// A method and a pattern, and what answers them.
    package struct Route: Sendable {
        package var method: HTTPRequest.Method
        package var pattern: String
        /// nil: left out of `/openapi.json`.
        package var documentation: RouteDocumentation?
        /// Whether it takes files of any length, piece by piece.
        var takesFiles: Bool
        var parameterNames: [String]
        let measure = RouteMeasure()
        var handler: RouteHandler
    }

    private struct Node: Sendable {
        var literals: [String: Int] = [:]
        var parameter: Int?
        var rest: Int?
        /// Indices in `routes`, by method.
        var routes: [HTTPRequest.Method: Int] = [:]
    }

    enum Match: Sendable {
        /// `routes[index]`; `values` are the decoded path parameters in the pattern's order.
        case found(index: Int, values: [String])
        case wrongMethod(allowed: [HTTPRequest.Method])
        case none
    }

    package private(set) var routes: [Route] = []
    private var nodes = [Node()]
    /// The nodes of patterns without parameters, by the whole path: most calls are found with one look.
    private var literals: [Substring: Int] = [:]

    package init() {}

    /// - Parameters:
    ///   - pattern: must be new for the method; two routes for the same request are a mistake in the program.
    ///   - takesFiles: of any length, piece by piece; a client that asks whether it may send one is told to.
    package mutating func on(
        _ method: HTTPRequest.Method, _ pattern: String, _ documentation: RouteDocumentation? = nil,
        takesFiles: Bool = false, handler: @escaping RouteHandler
    ) {
        precondition(pattern.hasPrefix("/"), "the route \(pattern) must begin with a slash")
        var node = 0
        var names: [String] = []
        for component in pattern.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            if component.hasPrefix("{"), component.hasSuffix("...}") {
                names.append(String(component.dropFirst().dropLast(4)))
                node = child(of: node, \.rest)
            } else if component.hasPrefix("{"), component.hasSuffix("}") {
                names.append(String(component.dropFirst().dropLast()))
                node = child(of: node, \.parameter)
            } else {
                node = child(of: node, \.literals[String(component)])
            }
        }
        precondition(nodes[node].routes[method] == nil, "the route \(method) \(pattern) is registered twice")
        nodes[node].routes[method] = routes.count
        if names.isEmpty { literals[pattern[...]] = node }
        routes.append(
            Route(
                method: method, pattern: pattern, documentation: documentation, takesFiles: takesFiles,
                parameterNames: names, handler: handler))
    }

    package mutating func get(
        _ pattern: String, _ documentation: RouteDocumentation? = nil, handler: @escaping RouteHandler
    ) { on(.get, pattern, documentation, handler: handler) }

    package mutating func post(
        _ pattern: String, _ documentation: RouteDocumentation? = nil, handler: @escaping RouteHandler
    ) { on(.post, pattern, documentation, handler: handler) }

    private mutating func child(of node: Int, _ place: WritableKeyPath<Node, Int?>) -> Int {
        if let existing = nodes[node][keyPath: place] { return existing }
        nodes.append(Node())
        nodes[node][keyPath: place] = nodes.count - 1
        return nodes.count - 1
    }

    /// - Parameter path: as it came, percent escapes and all, without the query.
    /// - Throws: `ServingFailure` (400) when a component's escapes are malformed.
    func match(_ method: HTTPRequest.Method, _ path: Substring) throws -> Match {
        var values: [String] = []
        var found = literals[path]
        if found == nil {
            let components = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
            found = try descend(0, components[...], &values)
        }
        guard let node = found else { return .none }
        let available = nodes[node].routes
        // What GET can answer, HEAD can: the same without the body.
        if let index = available[method] ?? (method == .head ? available[.get] : nil) {
            return .found(index: index, values: values)
        }
        let allowed = Set(available.keys).union(available[.get] == nil ? [] : [.head])
        return .wrongMethod(allowed: allowed.sorted { $0.rawValue < $1.rawValue })
    }

    private func descend(_ node: Int, _ components: ArraySlice<Substring>, _ values: inout [String]) throws -> Int? {
        guard let component = components.first else { return nodes[node].routes.isEmpty ? nil : node }
        let rest = components.dropFirst()
        if let next = nodes[node].literals[String(component)], let end = try descend(next, rest, &values) { return end }
        if let next = nodes[node].parameter, !component.isEmpty {
            values.append(try PercentEncoding.decodePathComponent(component))
            if let end = try descend(next, rest, &values) { return end }
            values.removeLast()
        }
        if let next = nodes[node].rest {
            values.append(try components.map { try PercentEncoding.decodePathComponent($0) }.joined(separator: "/"))
            return next
        }
        return nil
    }
}

/// A group of routes that belong together; one file each.
package protocol RouteFamily: Sendable {
    func register(in table: inout RouteTable)
}
