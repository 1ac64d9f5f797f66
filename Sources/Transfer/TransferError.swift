import Foundation

/// Why no whole answer came. An answer with a status of failure is not among them: that is an `HTTPReply`.
///
/// URLs in the cases are without user name and password.
package enum TransferError: Error, Equatable, Sendable {
    case badURL(url: String, reason: String)
    /// A method, or a header's name or value, that HTTP does not allow.
    case badRequest(what: String)
    case cannotResolve(url: String)
    /// The host is on a network that may not be asked.
    case addressRefused(url: String, address: String)
    /// The proxy that the environment names has no address.
    case cannotResolveProxy(url: String)
    /// The proxy did not let the request through.
    case proxyRefused(url: String, status: Int)
    /// The machine is there, and nothing listens on the port.
    case connectionRefused(url: String)
    case cannotConnect(url: String, reason: String)
    /// `isConnected` is whether the server had at least been reached.
    case timedOut(url: String, seconds: Double, isConnected: Bool)
    /// Not a byte came for so long.
    case stalled(url: String, seconds: Int)
    case tooLarge(url: String, limitBytes: Int)
    /// The server closed the connection before the answer was whole.
    case cutOff(url: String, reason: String)
    /// The certificate is not trusted, or there is no agreement on encryption.
    case untrusted(url: String, reason: String)
    case failed(url: String, reason: String)
}

extension TransferError: LocalizedError {
    package var errorDescription: String? {
        switch self {
        case .badURL(let url, let reason): "\"\(url)\" is no URL that can be asked: \(reason)."
        case .badRequest(let what): "\(what) cannot be sent over HTTP."
        case .cannotResolve(let url): "the name of the host in \(url) has no address."
        case .addressRefused(let url, let address):
            "\(url) leads to \(address), which is no address of the public internet."
        case .cannotResolveProxy(let url): "the proxy on the way to \(url) has no address."
        case .proxyRefused(let url, let status): "the proxy on the way to \(url) answered with status \(status)."
        case .connectionRefused(let url): "the connection to \(url) was refused: nothing listens there."
        case .cannotConnect(let url, let reason): "no connection to \(url): \(reason)."
        case .timedOut(let url, let seconds, let isConnected):
            isConnected
                ? "\(url) did not answer in full within \(Self.text(seconds)) s."
                : "\(url) could not be reached within \(Self.text(seconds)) s."
        case .stalled(let url, let seconds): "\(url) sent nothing for \(seconds) s in the middle of its answer."
        case .tooLarge(let url, let limit): "the answer of \(url) is larger than the \(limit) bytes that are taken."
        case .cutOff(let url, let reason): "\(url) closed the connection in the middle of its answer: \(reason)."
        case .untrusted(let url, let reason): "no trusted connection to \(url): \(reason)."
        case .failed(let url, let reason): "the transfer of \(url) failed: \(reason)."
        }
    }

    package var recoverySuggestion: String? {
        switch self {
        case .badURL: "write it as http://host:port/path or https://…"
        case .badRequest: "leave out line ends and control characters."
        case .cannotResolve: "check the spelling of the host, and whether this machine is online."
        case .addressRefused:
            "if that is meant, name the host or its network under `allow_private_webhooks` in mlstack.yaml."
        case .cannotResolveProxy: "check the environment variables https_proxy, http_proxy and all_proxy."
        case .proxyRefused(_, let status):
            status == 407
                ? "give the proxy's user name and password: https_proxy=http://user:password@host:port."
                : "ask who runs the proxy, or name the host in the environment variable no_proxy."
        case .connectionRefused: "check the port, and whether the server is running."
        case .cannotConnect: "check the address, and whether a firewall is in between."
        case .timedOut(_, _, let isConnected):
            isConnected
                ? "try again when the server has less to do." : "check the address, and whether it can be reached."
        case .stalled: "try again."
        case .tooLarge: "ask for less at once."
        case .cutOff: "try again; if it happens again, look at the server's log."
        case .untrusted: "check the address and this machine's clock and certificates."
        case .failed: "try again."
        }
    }

    /// `2`, `0.25`
    private static func text(_ seconds: Double) -> String {
        seconds == seconds.rounded() ? String(Int(seconds)) : String(seconds)
    }
}
