import CTransfer
import Foundation

/// One request's way to a host that somebody else named: straight there, each address asked for, or through a proxy.
struct GuardedConnection: Sendable {
    let host: String
    /// nil: straight to the host.
    let proxy: String?
    private let addresses: AddressGuard

    init(
        url: String, shownURL: String, addresses: AddressGuard,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(TransferError) {
        var scheme = [CChar](repeating: 0, count: 16)
        // Longer is no name of the domain name system.
        var host = [CChar](repeating: 0, count: 512)
        guard mls_transfer_split(url, &scheme, scheme.count, &host, host.count) else {
            throw .badURL(url: shownURL, reason: "it has no scheme or no host")
        }
        self.host = Self.text(host).lowercased()
        self.addresses = addresses
        proxy = ProxyChoice(scheme: Self.text(scheme).lowercased(), host: self.host, environment: environment).url
    }

    func allows(_ address: NetworkAddress) -> Bool { addresses.allows(address, of: host) }

    /// Behind a proxy it is the proxy that resolves the name and connects, so no connection of ours can be looked at: what the
    /// name means here is the best that is known. Blocks.
    func checkBeforeProxy(shownURL: String) throws(TransferError) {
        guard proxy != nil else { return }
        // A name that has no address here may have one at the proxy, whose business it then is.
        if let refused = Self.resolved(host).first(where: { !allows($0) }) {
            throw .addressRefused(url: shownURL, address: refused.description)
        }
    }

    static func resolved(_ host: String) -> [NetworkAddress] {
        let name = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        final class Found { var addresses: [NetworkAddress] = [] }
        let found = Found()
        _ = withExtendedLifetime(found) {
            mls_transfer_resolve(name, Unmanaged.passUnretained(found).toOpaque()) { context, bytes, count in
                guard let context else { return false }
                let address = NetworkAddress(bytes: Array(UnsafeBufferPointer(start: bytes, count: count)))
                if let address { Unmanaged<Found>.fromOpaque(context).takeUnretainedValue().addresses.append(address) }
                return true
            }
        }
        return found.addresses
    }

    private static func text(_ characters: [CChar]) -> String {
        String(decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
