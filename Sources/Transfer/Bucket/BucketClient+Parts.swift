/// An upload in parts: nothing is to be seen of it until it is completed.
package struct BucketUpload: Sendable, Equatable {
    package var key: String
    package var id: String
}

/// One that nobody has ended yet.
package struct BucketUploadEntry: Sendable, Equatable {
    package var upload: BucketUpload
    /// Seconds since 1970; nil when the store's words are no date.
    package var startedAtSeconds: Int?
}

extension BucketClient {
    package func beginUpload(_ key: String, digest: String? = nil) async throws -> BucketUpload {
        var headers = [(name: "Content-Type", value: "application/octet-stream")]
        if let digest { headers.append((name: Self.digestHeader, value: digest)) }
        let reply = try await send(
            "POST", key: key, query: [(name: "uploads", value: "")], headers: headers, body: [], action: "write")
        guard let answer = BucketXML(reply.body), let id = answer["UploadId"], !id.isEmpty else {
            throw BucketError.unexpected(server: place.server, what: "an upload in parts without a name")
        }
        return BucketUpload(key: key, id: id)
    }

    /// - Parameter number: from 1; every part but the last has `pieceLength` bytes.
    /// - Returns: the part's tag.
    package func put(part number: Int, of upload: BucketUpload, _ bytes: [UInt8]) async throws -> String {
        let reply = try await send(
            "PUT", key: upload.key,
            query: [(name: "partNumber", value: "\(number)"), (name: "uploadId", value: upload.id)],
            headers: [(name: "Content-Type", value: "application/octet-stream")], body: bytes, action: "write")
        guard let tag = reply.header("ETag"), !tag.isEmpty else {
            throw BucketError.unexpected(server: place.server, what: "a part without an ETag")
        }
        return tag
    }

    /// Makes an object of the parts, in the order of their tags.
    /// - Returns: its tag.
    package func complete(_ upload: BucketUpload, tags: [String], byteCount: Int64) async throws -> String {
        let parts = zip(1..., tags).map { number, tag in
            "<Part><PartNumber>\(number)</PartNumber><ETag>\(BucketXML.escaped(tag))</ETag></Part>"
        }
        let body = "<CompleteMultipartUpload>\(parts.joined())</CompleteMultipartUpload>"
        let reply: HTTPReply
        do {
            reply = try await send(
                "POST", key: upload.key, query: [(name: "uploadId", value: upload.id)],
                headers: [(name: "Content-Type", value: "application/xml")], body: Array(body.utf8), action: "write")
        } catch BucketError.noUpload {
            // A former attempt may have been answered into a cut connection.
            guard let object = try await head(upload.key), object.byteCount == byteCount,
                object.tag.hasSuffix("-\(tags.count)\"")
            else { throw BucketError.noUpload(key: upload.key) }
            return object.tag
        }
        // The store says yes before it begins, so that a failure comes with a status of success. What it calls its yes is
        // not the same in every store.
        let answer = BucketXML(reply.body)
        guard let answer, answer.name != "Error", let tag = answer["ETag"], !tag.isEmpty else {
            throw BucketError.refused(
                status: reply.status, code: answer?["Code"] ?? "",
                message: "the parts of \(upload.key) were not put together")
        }
        return tag
    }

    /// Gives back the room of its parts; nothing when it has ended already.
    package func abort(_ upload: BucketUpload) async throws {
        do {
            _ = try await send(
                "DELETE", key: upload.key, query: [(name: "uploadId", value: upload.id)], action: "write")
        } catch BucketError.noUpload {
        } catch BucketError.notFound {}
    }

    /// Those that nobody has ended, of names that begin so; page by page until the end.
    package func uploads(_ prefix: String) async throws -> [BucketUploadEntry] {
        var entries: [BucketUploadEntry] = []
        var marker: (key: String, id: String)?
        repeat {
            var query = [(name: "uploads", value: ""), (name: "prefix", value: prefix)]
            if let marker {
                query += [(name: "key-marker", value: marker.key), (name: "upload-id-marker", value: marker.id)]
            }
            let reply = try await send("GET", key: "", query: query, action: "list", limit: 8 << 20)
            guard let page = BucketXML(reply.body), page.name == "ListMultipartUploadsResult" else {
                throw BucketError.unexpected(server: place.server, what: "no listing of uploads came")
            }
            for entry in page.all("Upload") {
                guard let key = entry["Key"], let id = entry["UploadId"], key.hasPrefix(prefix) else { continue }
                entries.append(
                    BucketUploadEntry(
                        upload: BucketUpload(key: key, id: id),
                        startedAtSeconds: entry["Initiated"].flatMap(BucketDate.seconds)))
            }
            let former = marker
            marker = nil
            if page["IsTruncated"] == "true", let key = page["NextKeyMarker"], let id = page["NextUploadIdMarker"] {
                marker = (key, id)
            }
            if let former, let marker, former == marker {
                throw BucketError.unexpected(server: place.server, what: "the same page of uploads again and again")
            }
        } while marker != nil && entries.count < Self.mostObjects
        return entries
    }
}
