package import Foundation
import Transfer

/// Why a public dataset did not come, where what failed below does not already say it best.
package enum FetchError: Error, Equatable, Sendable {
    case unknown(name: String, known: [String])
    case licenceNotAccepted(name: String)
    /// A machine without a network, most likely.
    case offline(host: String, name: String)
    case unreachable(host: String, name: String, reason: String)
    /// The environment names a proxy, which may be what is wrong.
    case viaProxy(variable: String, host: String, reason: String)
    case noChecksum(url: String)
    case wrongChecksum(name: String, published: String, found: String)
    case noRatings(name: String)
    /// In an archive of which one dataset is to be made.
    case severalRatings(name: String, files: [String])
}

extension FetchError: LocalizedError {
    package var errorDescription: String? {
        switch self {
        case .unknown(let name, _): "\(name) is no public dataset that can be fetched."
        case .licenceNotAccepted(let name): "the licence of \(name) has not been accepted."
        case .offline(let host, _): "you seem to be offline: the name \(host) has no address."
        case .unreachable(let host, _, let reason): "\(host) cannot be reached: \(reason)."
        case .viaProxy(let variable, let host, let reason):
            "\(host) cannot be reached over the proxy that \(variable) names: \(reason)."
        case .noChecksum(let url): "\(url) holds no checksum; something else seems to have answered."
        case .wrongChecksum(let name, let published, let found):
            "what came is not \(name) as it is published: its MD5 is \(found), not \(published)."
        case .noRatings(let name):
            "\(name) holds no ratings: no ratings.csv, ratings.dat or u.data at its top or in a folder there."
        case .severalRatings(let name, let files):
            "\(name) holds ratings more than once: \(files.joined(separator: ", "))."
        }
    }

    package var recoverySuggestion: String? {
        switch self {
        case .unknown(_, let known):
            "fetch one of \(known.joined(separator: ", ")); others are taken with `mlstack data import PATH`."
        case .licenceNotAccepted(let name):
            "read it above, then say `mlstack data fetch \(name) --accept-licence`."
        case .offline(_, let name), .unreachable(_, let name, _):
            "try again when you are online, or download \(name).zip elsewhere and `mlstack data import \(name).zip`."
        case .viaProxy(let variable, _, _): "check or unset \(variable), or name the host in no_proxy."
        case .noChecksum: "check the address, and whether a proxy or a login page answers in its place."
        case .wrongChecksum: "it was removed; fetch it again, perhaps from another network."
        case .noRatings, .severalRatings: "unpack it, and import the file or folder with the ratings that you mean."
        }
    }

    /// The same failure in words that know what was being done.
    static func telling(_ error: TransferError, name: String, url: String, environment: [String: String]) -> any Error {
        let host = URL(string: url)?.host() ?? url
        let reason: String
        switch error {
        case .cannotResolve: reason = "its name has no address"
        case .connectionRefused: reason = "nothing listens there"
        case .cannotConnect(_, let why), .untrusted(_, let why): reason = why
        case .timedOut(_, let seconds, _): reason = "no connection came about within \(Int(seconds)) s"
        case .cannotResolveProxy: reason = "the proxy's name has no address"
        case .proxyRefused(_, let status) where status != 407: reason = "it answered with status \(status)"
        default: return error
        }
        if let variable = proxyVariable(for: url, environment) {
            return FetchError.viaProxy(variable: variable, host: host, reason: reason)
        }
        if case .cannotResolve = error { return FetchError.offline(host: host, name: name) }
        return FetchError.unreachable(host: host, name: name, reason: reason)
    }

    /// The variable by which libcurl finds the proxy of such an address; nil when there is none.
    private static func proxyVariable(for url: String, _ environment: [String: String]) -> String? {
        // `HTTP_PROXY` in capitals is not asked: a web server's CGI sets it from a header.
        let names = url.hasPrefix("https:") ? ["https_proxy", "HTTPS_PROXY"] : ["http_proxy"]
        return (names + ["all_proxy", "ALL_PROXY"]).first { !(environment[$0] ?? "").isEmpty }
    }
}
