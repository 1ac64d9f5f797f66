import HTTPTypes
import Hummingbird

/// What keeps other people's web pages out: the names by which this server may be called, and where changing requests come from.
///
/// A page on the internet can make a browser send requests to 127.0.0.1. Its own name bound to 127.0.0.1 (DNS rebinding) shows in
/// the Host header; a plain cross-site request shows in the Origin header.
struct RequestGuards: Sendable {
    /// nil: any name will do, because every request must show a token.
    let names: Set<String>?
    let port: Int
    /// How clients write the names with the port, which most requests have: known without being taken apart.
    private let usual: Set<String>

    /// - Parameters:
    ///   - host: what the server was told to listen on.
    ///   - hasToken: whether every request must show one.
    init(host: String, port: Int, hasToken: Bool) {
        self.port = port
        if hasToken, !HTTPServer.isLoopback(host) {
            names = nil
        } else {
            names = ["localhost", "127.0.0.1", "::1", host.lowercased()]
        }
        usual = ["localhost:\(port)", "127.0.0.1:\(port)"]
    }

    func check(_ request: Request) throws {
        guard let authority = request.head.authority, !authority.isEmpty else {
            throw ServingFailure(
                status: 400, code: "no_host", message: "the request has no Host header.",
                remedy: "send one, as HTTP/1.1 asks.")
        }
        if request.headers.contains(HTTPField.Name.host) {
            throw ServingFailure(
                status: 400, code: "two_hosts", message: "the request has more than one Host header.",
                remedy: "send one.")
        }
        if let names, !usual.contains(authority) {
            guard let (name, port) = RequestGuards.split(authority), names.contains(name),
                port ?? self.port == self.port
            else {
                throw ServingFailure(
                    status: 403, code: "host_not_allowed",
                    message: "the Host header \"\(authority.prefix(100))\" is not a name of this server.",
                    remedy:
                        "use http://127.0.0.1:\(self.port), or start the server with --host and --token for other names."
                )
            }
        }
        let isReading = request.method == .get || request.method == .head || request.method == .options
        guard !isReading, let origin = request.headers.value(of: .origin) else { return }
        guard
            origin.lowercased() == "http://\(authority.lowercased())"
                || origin.lowercased() == "https://\(authority.lowercased())"
        else {
            throw ServingFailure(
                status: 403, code: "origin_not_allowed",
                message: "a page of \(origin.prefix(100)) may not change anything here.",
                remedy: "send the request from this server's own page, or without an Origin header.")
        }
    }

    /// `name:port`, `name`, `[::1]:port`. The name is lowercased, without brackets and without the dot at its end.
    static func split(_ authority: String) -> (name: String, port: Int?)? {
        var name = Substring(authority.lowercased())
        var port: Int?
        if name.hasPrefix("[") {
            guard let end = name.firstIndex(of: "]") else { return nil }
            let rest = name[name.index(after: end)...]
            name = name[name.index(after: name.startIndex)..<end]
            if !rest.isEmpty {
                guard rest.hasPrefix(":"), let number = Int(rest.dropFirst()) else { return nil }
                port = number
            }
        } else if let colon = name.firstIndex(of: ":") {
            guard let number = Int(name[name.index(after: colon)...]) else { return nil }
            port = number
            name = name[..<colon]
        }
        if name.hasSuffix(".") { name = name.dropLast() }
        return name.isEmpty ? nil : (String(name), port)
    }
}

extension HTTPField.Name {
    /// The first Host header becomes the request's authority; a second one stays among the fields.
    static let host = name("host")
    static let referrerPolicy = name("referrer-policy")

    private static func name(_ text: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(text) else { preconditionFailure("\(text) is no name of an HTTP field") }
        return name
    }
}
