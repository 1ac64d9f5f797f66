/// Where in an object store files are kept: a bucket, a prefix of names in it, and how it is reached.
package struct BucketPlace: Sendable, Equatable {
    package let bucket: String
    /// Without slashes at its ends; may be empty.
    package let prefix: String
    package let region: String
    /// `http://127.0.0.1:9000`, without a slash at its end; nil: Amazon's own.
    package let endpoint: String?

    package static let defaultRegion = "us-east-1"

    /// - Parameters:
    ///   - text: `s3://bucket` or `s3://bucket/prefix`.
    ///   - endpoint: nil or empty: Amazon's own.
    ///   - region: nil or empty: `us-east-1`, which most stores other than Amazon's take for anything.
    /// - Throws: `BucketError.badPlace`.
    package init(_ text: String, endpoint: String? = nil, region: String? = nil) throws(BucketError) {
        guard text.hasPrefix("s3://") else { throw .badPlace(text: text, reason: "it does not begin with s3://") }
        let rest = text.dropFirst("s3://".count)
        let bucket = rest.prefix { $0 != "/" }
        guard Self.isBucketName(String(bucket)) else {
            throw .badPlace(
                text: text, reason: "a bucket's name has 3 to 63 small letters, digits, dots and hyphens")
        }
        let parts = rest.dropFirst(bucket.count).split(separator: "/")
        guard parts.allSatisfy({ $0 != "." && $0 != ".." && $0.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F } }) else {
            throw .badPlace(text: text, reason: "its prefix holds a space, a control character, `.` or `..`")
        }
        (self.bucket, prefix) = (String(bucket), parts.joined(separator: "/"))
        let region = region ?? ""
        guard region.utf8.allSatisfy(Self.isPlain) else {
            throw .badPlace(text: region, reason: "a region is written like eu-central-1")
        }
        self.region = region.isEmpty ? Self.defaultRegion : region
        self.endpoint = try endpoint.flatMap { $0.isEmpty ? nil : $0 }.map(Self.checked)
    }

    /// `s3://bucket/prefix`, and the endpoint when it is not Amazon's.
    package var description: String {
        "s3://\(bucket)\(prefix.isEmpty ? "" : "/\(prefix)")\(endpoint.map { " at \($0)" } ?? "")"
    }

    /// The name of an object in the bucket.
    package func key(_ path: String) -> String { prefix.isEmpty || path.isEmpty ? prefix + path : "\(prefix)/\(path)" }

    /// For messages.
    var server: String { endpoint ?? host.address }

    /// - Parameters:
    ///   - key: of an object; empty for the bucket itself.
    ///   - query: sorted by their names here, as the signature wants them.
    func url(key: String, query: [(name: String, value: String)] = []) -> String {
        let base = endpoint ?? host.address
        let path = (endpoint == nil && host.namesBucket ? "/" : "/\(bucket)/") + Self.escaped(key, keeping: "/")
        let pairs = query.sorted { $0.name < $1.name }.map { name, value in
            "\(Self.escaped(name))=\(Self.escaped(value))"
        }
        // Without an object the bucket itself is meant, which some stores know without a slash at the end only.
        let place = key.isEmpty && path.hasSuffix("/") && path.count > 1 ? String(path.dropLast()) : path
        return base + place + (pairs.isEmpty ? "" : "?" + pairs.joined(separator: "&"))
    }

    /// Amazon wants the bucket in the host's name, except where a dot in it would not fit the certificate.
    private var host: (address: String, namesBucket: Bool) {
        let domain = region.hasPrefix("cn-") ? "amazonaws.com.cn" : "amazonaws.com"
        let namesBucket = !bucket.contains(".")
        return ("https://\(namesBucket ? bucket + "." : "")s3.\(region).\(domain)", namesBucket)
    }

    private static func checked(_ endpoint: String) throws(BucketError) -> String {
        let trimmed = String(endpoint.reversed().drop { $0 == "/" }.reversed())
        guard trimmed.hasPrefix("http://") || trimmed.hasPrefix("https://"), trimmed.utf8.allSatisfy({ $0 > 0x20 }),
            !trimmed.contains(where: { "?#@".contains($0) })
        else { throw .badPlace(text: endpoint, reason: "an endpoint is written like http://127.0.0.1:9000") }
        return trimmed
    }

    private static func isBucketName(_ text: String) -> Bool {
        (3...63).contains(text.utf8.count)
            && text.utf8.allSatisfy {
                isPlain($0) && !(UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) || $0 == UInt8(ascii: ".")
            } && text.first != "." && text.last != "." && !text.contains("..")
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    /// As the signature wants it: everything but RFC 3986's unreserved bytes, in capital digits.
    static func escaped(_ text: String, keeping kept: String = "") -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            if isPlain(byte) || "._~".utf8.contains(byte) || kept.utf8.contains(byte) {
                bytes.append(byte)
            } else {
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// What a listing escaped; nil for what is no text.
    static func unescaped(_ text: String) -> String? {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
