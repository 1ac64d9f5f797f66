import Foundation

/// An address of the internet protocol: four bytes (version 4) or sixteen (version 6).
package struct NetworkAddress: Sendable, Hashable {
    /// In network order.
    package let bytes: [UInt8]

    /// An address of version 6 that only wraps one of version 4 (`::ffff:10.0.0.1`, NAT64, 6to4) becomes that one: whoever
    /// connects to it reaches the other.
    package init?(bytes: [UInt8]) {
        guard bytes.count == 4 || bytes.count == 16 else { return nil }
        self.bytes = Self.wrapped(bytes) ?? bytes
    }

    /// `10.0.0.1`, `fd00::1`; with or without brackets. Short and octal forms of version 4 are no addresses here.
    package init?(_ text: String) {
        var name = Substring(text)
        if name.hasPrefix("["), name.hasSuffix("]") { name = name.dropFirst().dropLast() }
        var four = in_addr()
        var six = in6_addr()
        if inet_pton(AF_INET, String(name), &four) == 1 {
            self.init(bytes: withUnsafeBytes(of: four) { Array($0) })
        } else if inet_pton(AF_INET6, String(name), &six) == 1 {
            self.init(bytes: withUnsafeBytes(of: six) { Array($0) })
        } else {
            return nil
        }
    }

    private static func wrapped(_ bytes: [UInt8]) -> [UInt8]? {
        guard bytes.count == 16 else { return nil }
        let mapped = [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF]
        let translated: [UInt8] = [0, 0x64, 0xFF, 0x9B] + [UInt8](repeating: 0, count: 8)
        if bytes.starts(with: mapped) || bytes.starts(with: translated) { return Array(bytes[12...]) }
        if bytes.starts(with: [0x20, 0x02]) { return Array(bytes[2..<6]) }
        return nil
    }
}

extension NetworkAddress: CustomStringConvertible {
    package var description: String {
        if bytes.count == 4 { return bytes.map(String.init).joined(separator: ".") }
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        guard inet_ntop(AF_INET6, bytes, &text, socklen_t(text.count)) != nil else { return "\(bytes)" }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

/// A stretch of addresses: `10.0.0.0/8`, `fd00::/8`, or one address alone.
package struct NetworkRange: Sendable, Hashable {
    package let base: NetworkAddress
    package let prefixLength: Int

    package init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = parts.first, let base = NetworkAddress(String(address)) else { return nil }
        let bits = base.bytes.count * 8
        self.base = base
        if parts.count == 1 {
            prefixLength = bits
        } else {
            guard let length = Int(parts[1]), (0...bits).contains(length) else { return nil }
            prefixLength = length
        }
    }

    package func contains(_ address: NetworkAddress) -> Bool {
        guard address.bytes.count == base.bytes.count else { return false }
        for (index, (one, other)) in zip(address.bytes, base.bytes).enumerated() {
            let bits = min(8, max(0, prefixLength - 8 * index))
            let mask = UInt8(truncatingIfNeeded: 0xFF00 >> bits)
            if one & mask != other & mask { return false }
        }
        return true
    }
}
