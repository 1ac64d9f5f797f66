import Foundation
import Synchronization

/// An object store on loopback, as far as a client of buckets needs one, that does to its answers what a test tells it to.
///
/// It has one bucket and believes every signature.
package final class BucketServer: Sendable {
    /// What the answer to one request suffers from.
    package enum Fault: Sendable {
        /// Nothing is done, and the connection ends.
        case cut
        /// What was asked is done; then the connection ends without an answer.
        case cutAfter
        /// So many bytes of the body come.
        case cutBody(Int)
        case status(Int, code: String)
    }

    package struct Object: Sendable, Equatable {
        package var bytes: [UInt8]
        package var tag: String
        package var digest: String?
    }

    package static let bucket = "models"

    let memory = BucketMemory()
    private let server: ScriptedServer

    package init() throws {
        server = try ScriptedServer { [memory] peer in
            guard let (head, body) = peer.readMessage() else { return }
            memory.answer(peer, head, body)
        }
    }

    package var url: String { server.url }
    package var objects: [String: Object] { memory.state.withLock { $0.objects } }
    package var keys: [String] { objects.keys.sorted() }
    /// Of uploads that nobody has ended.
    package var uploadKeys: [String] { memory.state.withLock { $0.uploads.values.map(\.key).sorted() } }
    /// `PUT /models/key`, in order.
    package var requests: [String] { memory.state.withLock { $0.requests } }
    /// The heads of the same requests.
    package var heads: [String] { memory.state.withLock { $0.heads } }

    package func place(_ bytes: [UInt8], at key: String) {
        memory.state.withLock {
            $0.count += 1
            $0.objects[key] = Object(bytes: bytes, tag: "\"v\($0.count)\"", digest: nil)
        }
    }

    /// Damage that the store does not know of.
    package func change(_ key: String, _ body: (inout [UInt8]) -> Void) {
        memory.state.withLock { state in state.objects[key].map { _ in body(&state.objects[key, default: .none].bytes) }
        }
    }

    package func remove(_ key: String) { memory.state.withLock { $0.objects[key] = nil } }

    package func forgetRequests() { memory.state.withLock { ($0.requests, $0.heads) = ([], []) } }

    /// Makes the next requests suffer whose first line holds the text, one after the other.
    package func suffer(_ faults: [Fault], on text: String) {
        memory.state.withLock { $0.faults += faults.map { (text, $0) } }
    }

    /// Answers so many requests more, and then none.
    package func die(after count: Int) { memory.state.withLock { $0.last = $0.requests.count + count } }

    /// What the store calls its answer to a finished upload.
    package func name(completion: String) { memory.state.withLock { $0.completion = completion } }

    package func recover() { memory.state.withLock { ($0.faults, $0.last) = ([], .max) } }
}

extension BucketServer.Object {
    fileprivate static let none = BucketServer.Object(bytes: [], tag: "")
}

final class BucketMemory: Sendable {
    struct Upload {
        var key: String
        var digest: String?
        var parts: [Int: [UInt8]] = [:]
    }

    struct State {
        var objects: [String: BucketServer.Object] = [:]
        var uploads: [String: Upload] = [:]
        var requests: [String] = []
        var heads: [String] = []
        var faults: [(text: String, fault: BucketServer.Fault)] = []
        var count = 0
        var completion = "CompleteMultipartUploadResult"
        /// So many requests are answered.
        var last = Int.max
    }

    let state = Mutex(State())

    private struct Answer {
        var status = 200
        var headers: [String] = []
        var body: [UInt8] = []
        static func failure(_ status: Int, _ code: String) -> Answer {
            Answer(status: status, body: Array("<Error><Code>\(code)</Code><Message>no</Message></Error>".utf8))
        }
    }

    func answer(_ peer: Peer, _ head: String, _ body: [UInt8]) {
        let words = head.split(separator: " ", maxSplits: 2).map(String.init)
        guard words.count == 3, let target = URLComponents(string: "http://host" + words[1]) else { return }
        let fault: BucketServer.Fault? = state.withLock { state in
            state.requests.append("\(words[0]) \(words[1])")
            state.heads.append(head)
            if state.requests.count > state.last { return .cut }
            let index = state.faults.firstIndex { "\(words[0]) \(words[1])".contains($0.text) }
            return index.map { state.faults.remove(at: $0).fault }
        }
        var answer: Answer
        switch fault {
        case .cut?: return
        case .status(let status, let code)?: answer = .failure(status, code)
        default: answer = state.withLock { respond(&$0, words[0], target, head, body) }
        }
        if case .cutAfter? = fault { return }
        let lines = ["HTTP/1.1 \(answer.status) X", "Connection: close"] + answer.headers
        let length =
            answer.headers.contains { $0.hasPrefix("Content-Length") } ? [] : ["Content-Length: \(answer.body.count)"]
        peer.send((lines + length).joined(separator: "\r\n") + "\r\n\r\n")
        if words[0] == "HEAD" { return }
        if case .cutBody(let count)? = fault { answer.body = Array(answer.body.prefix(count)) }
        peer.send(answer.body)
    }

    private func respond(
        _ state: inout State, _ method: String, _ target: URLComponents, _ head: String, _ body: [UInt8]
    ) -> Answer {
        let path = target.path.dropFirst()
        guard path.split(separator: "/").first.map(String.init) == BucketServer.bucket else {
            return .failure(404, "NoSuchBucket")
        }
        let key = String(path.dropFirst(BucketServer.bucket.count + 1))
        var query: [String: String] = [:]
        for item in target.queryItems ?? [] { query[item.name] = item.value ?? "" }
        func header(_ name: String) -> String? {
            head.split(separator: "\r\n").first { $0.lowercased().hasPrefix(name + ":") }
                .map { $0.drop { $0 != ":" }.dropFirst().trimmingCharacters(in: .whitespaces) }
        }
        func tag() -> String {
            state.count += 1
            return "\"v\(state.count)\""
        }
        switch (method, key.isEmpty) {
        case ("GET", true) where query["uploads"] != nil:
            let entries = state.uploads.filter { $0.value.key.hasPrefix(query["prefix"] ?? "") }.map { id, upload in
                "<Upload><Key>\(upload.key)</Key><UploadId>\(id)</UploadId>"
                    + "<Initiated>2010-11-10T20:48:33.000Z</Initiated></Upload>"
            }
            return xml("ListMultipartUploadsResult", entries.joined())
        case ("GET", true): return list(state, query)
        case ("POST", false) where query["uploads"] != nil:
            state.count += 1
            state.uploads["u\(state.count)"] = Upload(key: key, digest: header("x-amz-meta-sha256"))
            return xml("InitiateMultipartUploadResult", "<UploadId>u\(state.count)</UploadId>")
        case ("POST", false):
            guard let upload = query["uploadId"].flatMap({ state.uploads.removeValue(forKey: $0) }) else {
                return .failure(404, "NoSuchUpload")
            }
            let tag = tag().dropLast() + "-\(upload.parts.count)\""
            let bytes = upload.parts.sorted { $0.key < $1.key }.flatMap(\.value)
            state.objects[key] = .init(bytes: bytes, tag: String(tag), digest: upload.digest)
            return xml(state.completion, "<ETag>\(tag.replacing("\"", with: "&quot;"))</ETag>")
        case ("PUT", false):
            if let id = query["uploadId"], let number = query["partNumber"].flatMap({ Int($0) }) {
                guard state.uploads[id] != nil else { return .failure(404, "NoSuchUpload") }
                state.uploads[id]?.parts[number] = body
                return Answer(headers: ["ETag: \(tag())"])
            }
            let object = BucketServer.Object(bytes: body, tag: tag(), digest: header("x-amz-meta-sha256"))
            state.objects[key] = object
            return Answer(headers: ["ETag: \(object.tag)"])
        case ("DELETE", false):
            if let id = query["uploadId"] {
                return state.uploads.removeValue(forKey: id) == nil
                    ? .failure(404, "NoSuchUpload") : Answer(status: 204)
            }
            state.objects[key] = nil
            return Answer(status: 204)
        case ("GET", false), ("HEAD", false):
            guard let object = state.objects[key] else { return .failure(404, "NoSuchKey") }
            if let wanted = header("if-match"), wanted != object.tag { return .failure(412, "PreconditionFailed") }
            var headers = ["ETag: \(object.tag)"]
            if let digest = object.digest { headers.append("x-amz-meta-sha256: \(digest)") }
            if method == "HEAD" {
                return Answer(headers: headers + ["Content-Length: \(object.bytes.count)"])
            }
            guard let range = header("range")?.wholeMatch(of: #/bytes=(\d+)-(\d+)/#), let first = Int(range.1),
                let last = Int(range.2), first < object.bytes.count
            else { return Answer(headers: headers, body: object.bytes) }
            let end = min(last, object.bytes.count - 1)
            headers.append("Content-Range: bytes \(first)-\(end)/\(object.bytes.count)")
            return Answer(status: 206, headers: headers, body: Array(object.bytes[first...end]))
        default: return .failure(405, "MethodNotAllowed")
        }
    }

    private func list(_ state: State, _ query: [String: String]) -> Answer {
        let (prefix, limit) = (query["prefix"] ?? "", query["max-keys"].flatMap { Int($0) } ?? 1000)
        // Folders stand among the names, as on a real store.
        var entries: [(name: String, object: BucketServer.Object?)] = []
        for (key, object) in state.objects.sorted(by: { $0.key < $1.key }) where key.hasPrefix(prefix) {
            if query["delimiter"] == "/", let slash = key.dropFirst(prefix.count).firstIndex(of: "/") {
                let folder = String(key[...slash])
                if entries.last?.name != folder { entries.append((folder, nil)) }
            } else {
                entries.append((key, object))
            }
        }
        let rest = entries.filter { $0.name > query["continuation-token"] ?? "" }
        let page = rest.prefix(limit)
        var body = "<EncodingType>url</EncodingType><IsTruncated>\(rest.count > limit)</IsTruncated>"
        if rest.count > limit, let last = page.last {
            body += "<NextContinuationToken>\(last.name)</NextContinuationToken>"
        }
        for (name, object) in page {
            let escaped = name.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
            body +=
                object.map {
                    "<Contents><Key>\(escaped)</Key><Size>\($0.bytes.count)</Size>"
                        + "<LastModified>2035-01-01T00:00:00.000Z</LastModified>"
                        + "<ETag>\($0.tag.replacing("\"", with: "&quot;"))</ETag></Contents>"
                } ?? "<CommonPrefixes><Prefix>\(escaped)</Prefix></CommonPrefixes>"
        }
        return xml("ListBucketResult", body)
    }

    private func xml(_ name: String, _ body: String) -> Answer {
        let text =
            "<?xml version=\"1.0\"?>\n<\(name) xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\(body)</\(name)>"
        return Answer(headers: ["Content-Type: application/xml"], body: Array(text.utf8))
    }
}
