/// What is below a prefix.
package struct BucketListing: Sendable, Equatable {
    package var objects: [BucketObject] = []
    /// Names up to the next slash and with it, where only one level was asked for.
    package var folders: [String] = []
}

extension BucketClient {
    /// More below one prefix is no folder of a model or a run.
    static let mostObjects = 200_000

    /// Page by page until the end.
    /// - Parameters:
    ///   - prefix: of names in the bucket.
    ///   - isShallow: only the level right below, which a slash in the rest of a name ends.
    ///   - limit: of a page, for tests.
    /// - Throws: `BucketError`; names that are no text are left out.
    package func list(_ prefix: String, isShallow: Bool = false, pageLimit: Int = 1_000) async throws -> BucketListing {
        var listing = BucketListing()
        var token: String?
        repeat {
            let page = try await page(prefix, isShallow, token, pageLimit)
            for entry in page.all("Contents") {
                guard let key = name(entry["Key"], in: page), let size = entry["Size"].flatMap({ Int64($0) }),
                    let tag = entry["ETag"], key.hasPrefix(prefix)
                else { continue }
                listing.objects.append(
                    BucketObject(
                        key: key, byteCount: size, tag: tag,
                        modifiedAtSeconds: entry["LastModified"].flatMap(BucketDate.seconds)))
            }
            listing.folders += page.all("CommonPrefixes").compactMap { name($0["Prefix"], in: page) }
            let next = page["IsTruncated"] == "true" ? page["NextContinuationToken"] : nil
            if let next, next == token {
                throw BucketError.unexpected(server: place.server, what: "the same page of a listing again and again")
            }
            guard listing.objects.count + listing.folders.count <= Self.mostObjects else {
                throw BucketError.unexpected(
                    server: place.server, what: "more than \(Self.mostObjects) objects below \(prefix)")
            }
            token = next
        } while token != nil
        return listing
    }

    private func page(_ prefix: String, _ isShallow: Bool, _ token: String?, _ limit: Int) async throws -> BucketXML {
        // XML cannot write every name; so the store is asked to escape them.
        var query = [
            (name: "encoding-type", value: "url"), (name: "list-type", value: "2"),
            (name: "max-keys", value: "\(limit)"),
            (name: "prefix", value: prefix),
        ]
        if isShallow { query.append((name: "delimiter", value: "/")) }
        if let token { query.append((name: "continuation-token", value: token)) }
        let reply = try await send("GET", key: "", query: query, action: "list", limit: 8 << 20)
        guard let page = BucketXML(reply.body), page.name == "ListBucketResult" else {
            throw BucketError.unexpected(server: place.server, what: "no listing of the bucket came")
        }
        return page
    }

    private func name(_ text: String?, in page: BucketXML) -> String? {
        page["EncodingType"] == "url" ? text.flatMap(BucketPlace.unescaped) : text
    }
}
