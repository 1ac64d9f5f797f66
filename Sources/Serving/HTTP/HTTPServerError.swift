import Foundation

/// Why the server could not begin to listen.
package enum HTTPServerError: Error, Equatable, Sendable {
    /// `owner` is the process that listens there, when it can be told: `python3 (process 4711)`.
    case portBusy(host: String, port: Int, owner: String?)
    case cannotListen(host: String, port: Int, reason: String)
    case tokenRequired(host: String)
}

extension HTTPServerError: LocalizedError {
    package var errorDescription: String? {
        switch self {
        case .portBusy(let host, let port, let owner):
            "port \(port) of \(host) is taken\(owner.map { " by \($0)" } ?? " by another process")."
        case .cannotListen(let host, let port, let reason): "cannot listen on \(host):\(port): \(reason)."
        case .tokenRequired(let host): "listening on \(host) lets other machines in, and no token protects it."
        }
    }

    package var recoverySuggestion: String? {
        switch self {
        case .portBusy: "choose another with --port, or any free one with --port 0."
        case .cannotListen: "choose an address of this machine with --host; 127.0.0.1 always works."
        case .tokenRequired: "give one with --token (a long random word), or listen on 127.0.0.1."
        }
    }
}
