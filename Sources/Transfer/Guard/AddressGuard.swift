/// Which addresses may be reached with an URL that somebody else wrote.
///
/// Whoever may write a webhook into a pipeline must not thereby ask this machine's other services, the network behind it or the
/// cloud's metadata service (server-side request forgery). What counts is the address that is connected to, at the moment of the
/// connection, and not what a name resolved to a moment ago: a name may be made to change in between (DNS rebinding).
package struct AddressGuard: Sendable, Equatable {
    /// Allowed wherever they lead; lowercased.
    package var hosts: Set<String>
    package var ranges: [NetworkRange]
    package var allowsEverything: Bool

    /// Addresses of the public internet alone.
    package static let publicOnly = AddressGuard()
    package static let everything = AddressGuard(allowsEverything: true)

    package init(hosts: Set<String> = [], ranges: [NetworkRange] = [], allowsEverything: Bool = false) {
        (self.hosts, self.ranges) = (Set(hosts.map { $0.lowercased() }), ranges)
        self.allowsEverything = allowsEverything
    }

    /// - Parameter host: as the URL names it.
    package func allows(_ address: NetworkAddress, of host: String) -> Bool {
        allowsEverything || hosts.contains(host.lowercased()) || ranges.contains { $0.contains(address) }
            || !Self.reserved.contains { $0.contains(address) }
    }

    /// Everything that is not the public internet.
    /// - Source: IANA's registries of special-purpose addresses (RFC 6890), multicast, and the clouds' metadata services, which
    ///   stand in the link-local, shared and unique-local networks except for Azure's.
    private static let reserved: [NetworkRange] = [
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "224.0.0.0/4", "240.0.0.0/4", "168.63.129.16/32",
        // `::/96` holds the unspecified address, loopback and the old wrapping of version 4.
        "::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "3fff::/20", "5f00::/16", "fc00::/7",
        "fe80::/10", "fec0::/10", "ff00::/8",
    ].map { text in
        guard let range = NetworkRange(text) else { preconditionFailure("\(text) is no range of addresses") }
        return range
    }
}
