/// An object, without its bytes.
package struct BucketObject: Sendable, Equatable {
    /// Its name in the bucket, prefix included.
    package var key: String
    package var byteCount: Int64
    /// Changes whenever the bytes do.
    package var tag: String
    /// SHA-256 of the bytes as whoever put them there said; nil: they did not, or it is from a listing.
    package var digest: String?
    /// Seconds since 1970, in a listing; nil when the store's words are no date.
    package var modifiedAtSeconds: Int?

    package init(key: String, byteCount: Int64, tag: String, digest: String? = nil, modifiedAtSeconds: Int? = nil) {
        (self.key, self.byteCount, self.tag, self.digest) = (key, byteCount, tag, digest)
        self.modifiedAtSeconds = modifiedAtSeconds
    }
}

extension BucketClient {
    /// Of a file, in bytes: larger ones travel in pieces. The least that a part of an upload may have is 5 MiB.
    package static let pieceLength = 8 << 20
    /// The header under which the digest of a whole object is kept.
    static let digestHeader = "x-amz-meta-sha256"

    /// Puts an object there, whole or not at all, in place of what had its name.
    /// - Returns: its tag.
    @discardableResult package func put(
        _ bytes: [UInt8], as key: String, digest: String? = nil
    ) async throws -> String {
        var headers = [(name: "Content-Type", value: "application/octet-stream")]
        if let digest { headers.append((name: Self.digestHeader, value: digest)) }
        return try tag(try await send("PUT", key: key, headers: headers, body: bytes, action: "write"))
    }

    /// nil when there is none.
    package func head(_ key: String) async throws -> BucketObject? {
        do {
            let reply = try await send("HEAD", key: key, action: "read")
            guard let length = reply.header("Content-Length").flatMap({ Int64($0) }), length >= 0 else {
                throw BucketError.unexpected(server: place.server, what: "no length of \(key)")
            }
            return BucketObject(
                key: key, byteCount: length, tag: try tag(reply), digest: reply.header(Self.digestHeader))
        } catch BucketError.notFound {
            return nil
        }
    }

    /// A small object whole; nil when there is none.
    package func get(_ key: String, limit: Int = 1 << 20) async throws -> [UInt8]? {
        do {
            return try await send("GET", key: key, action: "read", limit: limit).body
        } catch BucketError.notFound {
            return nil
        }
    }

    /// Hands on the object's bytes in pieces, each asked for by itself: after a cut connection the piece comes again.
    /// - Parameter range: of the bytes, from the first on and before the last; nil: all.
    /// - Returns: the digest that the whole object was put there with; nil when it was without one, or no bytes came.
    /// - Throws: `BucketError.changed` when the object is no longer the one that was meant.
    @discardableResult package func read(
        _ object: BucketObject, range: Range<Int64>? = nil, _ consume: ([UInt8]) async throws -> Void
    ) async throws -> String? {
        let range = (range ?? 0..<object.byteCount).clamped(to: 0..<object.byteCount)
        var offset = range.lowerBound
        var digest: String?
        while offset < range.upperBound {
            let end = min(offset + Int64(Self.pieceLength), range.upperBound)
            var headers = [(name: "If-Match", value: object.tag)]
            let isWhole = offset == 0 && end == object.byteCount
            if !isWhole { headers.append((name: "Range", value: "bytes=\(offset)-\(end - 1)")) }
            let reply = try await send(
                "GET", key: object.key, headers: headers, action: "read", limit: Self.pieceLength)
            guard Int64(reply.body.count) == end - offset else { throw BucketError.changed(key: object.key) }
            if !isWhole, ContentRange(reply.header("Content-Range") ?? "")?.firstByte != Int(offset) {
                throw BucketError.unexpected(server: place.server, what: "a part that was not asked for")
            }
            try await consume(reply.body)
            offset = end
            digest = reply.header(Self.digestHeader)
        }
        return digest
    }

    /// Nothing when there is none.
    package func delete(_ key: String) async throws {
        do { _ = try await send("DELETE", key: key, action: "delete") } catch BucketError.notFound {}
    }

    private func tag(_ reply: HTTPReply) throws -> String {
        guard let tag = reply.header("ETag"), !tag.isEmpty else {
            throw BucketError.unexpected(server: place.server, what: "an object without an ETag")
        }
        return tag
    }
}
