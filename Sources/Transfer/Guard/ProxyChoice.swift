/// Through which proxy a guarded request goes, decided here and told to libcurl.
///
/// Behind a proxy the address of the connection is the proxy's, so whether there is one must be known for certain, and not be
/// libcurl's own reading of the environment.
struct ProxyChoice: Equatable {
    /// nil: straight to the host.
    let url: String?

    /// - Source: the names and their order are curl's, which does not take `HTTP_PROXY` because a CGI server sets it from a header.
    init(scheme: String, host: String, environment: [String: String]) {
        let names =
            scheme == "https"
            ? ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"] : ["http_proxy", "all_proxy", "ALL_PROXY"]
        let proxy = names.lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
        let exceptions = environment["no_proxy"] ?? environment["NO_PROXY"] ?? ""
        url = proxy.flatMap { Self.isExcepted(host.lowercased(), exceptions.lowercased()) ? nil : $0 }
    }

    private static func isExcepted(_ host: String, _ exceptions: String) -> Bool {
        let address = NetworkAddress(host)
        // It could not reach this machine's own loopback.
        if host == "localhost" || address.map({ $0.bytes.first == 127 || $0 == NetworkAddress("::1") }) == true {
            return true
        }
        return exceptions.split(whereSeparator: { $0 == "," || $0 == " " }).contains { entry in
            if entry == "*" { return true }
            if let address, let range = NetworkRange(String(entry)) { return range.contains(address) }
            let name = entry.drop { $0 == "." }
            return !name.isEmpty && (host == name || host.hasSuffix("." + name))
        }
    }
}
