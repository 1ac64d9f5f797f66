import Dispatch
import Foundation
import TestKit
import Testing

@testable import Transfer

@Suite struct BucketClientTests {
    private static func client(
        _ url: String, bucket: String = BucketServer.bucket, token: String? = nil, pauses: Int = 3
    ) throws -> BucketClient {
        var client = try BucketClient(
            place: BucketPlace("s3://\(bucket)/home", endpoint: url),
            credentials: BucketCredentials(keyID: "key", secret: "secret", sessionToken: token),
            queues: [DispatchQueue(label: "test.bucket")]
        ) { "\($0.count)" }
        client.patience.pauses = Array(repeating: .milliseconds(1), count: pauses)
        return client
    }

    /// Bytes that differ from place to place.
    private static func bytes(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0 / 251 &+ $0) } }

    private static func whole(_ client: BucketClient, _ key: String) async throws -> [UInt8] {
        let object = try #require(try await client.head(key))
        var bytes: [UInt8] = []
        try await client.read(object) { bytes += $0 }
        return bytes
    }

    // MARK: Signing

    /// Amazon's own examples, which name date and host: "Signature Calculations for the Authorization Header".
    @Test(arguments: [
        ("/?lifecycle=", "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"),
        ("/?max-keys=2&prefix=J", "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"),
    ])
    func `a request is signed as Amazon's examples are`(_ path: String, _ signature: String) async throws {
        let server = try BucketServer()
        let order = try Order(
            method: "GET", url: server.url + path,
            headers: [
                ("Host", "examplebucket.s3.amazonaws.com"), ("x-amz-date", "20130524T000000Z"),
                ("x-amz-content-sha256", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ], body: nil, timeout: .seconds(5), connectTimeout: .seconds(5), maxResponseBytes: 1 << 20,
            followsRedirects: false,
            signature: RequestSignature(
                region: "us-east-1", keyID: "AKIAIOSFODNN7EXAMPLE", secret: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"))
        _ = try await HTTPTransfer(queue: DispatchQueue(label: "test.sign")).perform(order)
        let head = try #require(server.heads.first)
        #expect(head.contains("Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request"))
        #expect(head.contains("Signature=\(signature)\r\n"), "\(head)")
    }

    @Test func `digest and session token are sent and signed; what is not sent is not signed`() async throws {
        let server = try BucketServer()
        try await Self.client(server.url, token: "tok").put([1, 2, 3], as: "home/x", digest: "abc")
        let head = try #require(server.heads.first)
        #expect(head.contains("x-amz-security-token: tok\r\n") && head.contains("x-amz-content-sha256: 3\r\n"))
        #expect(
            head.contains(
                "SignedHeaders=content-type;host;x-amz-content-sha256;x-amz-date;x-amz-meta-sha256;x-amz-security-token"
            ))
        #expect(!head.contains("secret"))
    }

    // MARK: Objects

    @Test func `an object comes back as it was put there, and is gone once deleted`() async throws {
        let (server, key) = (try BucketServer(), "home/a b/naïve+模.json")
        let client = try Self.client(server.url)
        let tag = try await client.put(Self.bytes(1_000), as: key, digest: "d")
        #expect(server.objects[key]?.bytes == Self.bytes(1_000))
        #expect(
            try await client.head(key) == BucketObject(key: key, byteCount: 1_000, tag: tag, digest: "d"))
        #expect(try await Self.whole(client, key) == Self.bytes(1_000))
        try await client.delete(key)
        try await client.delete(key)
        #expect(try await client.head(key) == nil)
        #expect(try await client.get(key) == nil)
    }

    @Test func `a large object comes in ranges, and a cut one is asked for again alone`() async throws {
        let server = try BucketServer()
        let content = Self.bytes(2 * BucketClient.pieceLength + 5)
        server.place(content, at: "home/large")
        server.suffer([.cutBody(1_000_000), .cut], on: "GET /models/home/large")
        #expect(try await Self.whole(try Self.client(server.url), "home/large") == content)
        let ranges = server.heads.compactMap { $0.firstMatch(of: #/Range: bytes=(\d+)-/#).flatMap { Int($0.1) } }
        #expect(ranges == [0, 0, 0, BucketClient.pieceLength, 2 * BucketClient.pieceLength])
    }

    @Test func `an object that is replaced between two pieces is not read on`() async throws {
        let server = try BucketServer()
        server.place(Self.bytes(BucketClient.pieceLength + 1), at: "home/x")
        let client = try Self.client(server.url)
        let object = try #require(try await client.head("home/x"))
        await #expect(throws: BucketError.changed(key: "home/x")) {
            try await client.read(object) { _ in server.place([1], at: "home/x") }
        }
    }

    // MARK: Retries

    @Test(arguments: [
        BucketServer.Fault.cut, .cutAfter, .status(503, code: "SlowDown"), .status(500, code: "InternalError"),
        .status(429, code: ""),
    ])
    func `what fails in passing is tried again`(_ fault: BucketServer.Fault) async throws {
        let server = try BucketServer()
        server.suffer([fault, fault, fault], on: "PUT")
        try await Self.client(server.url).put([7], as: "home/x")
        #expect(server.objects["home/x"]?.bytes == [7])
        #expect(server.requests.count == 4)
    }

    @Test func `a store that goes on failing is given up, with what it said`() async throws {
        let server = try BucketServer()
        server.suffer(Array(repeating: .status(503, code: "SlowDown"), count: 3), on: "PUT")
        await #expect(throws: BucketError.unavailable(server: server.url, status: 503, code: "SlowDown")) {
            try await Self.client(server.url, pauses: 2).put([7], as: "home/x")
        }
        #expect(server.requests.count == 3)
    }

    @Test(arguments: [
        ("InvalidAccessKeyId", 403, BucketError.unknownKey(keyID: "key", server: "")),
        ("SignatureDoesNotMatch", 403, .wrongSecret(keyID: "key")), ("ExpiredToken", 400, .expiredToken),
        ("AccessDenied", 403, .forbidden(action: "write", place: "s3://models/home/x")),
        ("NoSuchBucket", 404, .noBucket(name: "models", server: "")),
        ("PermanentRedirect", 301, .wrongRegion(bucket: "models", asked: "us-east-1", right: nil)),
        ("RequestTimeTooSkewed", 403, .skewedClock(secondsBehind: nil)),
        ("NoSuchThing", 400, .refused(status: 400, code: "NoSuchThing", message: "no")),
    ])
    func `a refusal is told as what it is, at once`(_ code: String, _ status: Int, _ expected: BucketError) async throws
    {
        let server = try BucketServer()
        server.suffer([.status(status, code: code)], on: "PUT")
        let error = await #expect(throws: BucketError.self) {
            try await Self.client(server.url).put([7], as: "home/x")
        }
        switch expected {
        case .unknownKey(let key, _): #expect(error == .unknownKey(keyID: key, server: server.url))
        case .noBucket(let name, _): #expect(error == .noBucket(name: name, server: server.url))
        default: #expect(error == expected)
        }
        #expect(server.requests.count == 1)
        let (what, remedy) = (error?.errorDescription ?? "", error?.recoverySuggestion ?? "")
        #expect(
            !what.contains("\n") && what.hasSuffix(".") && !remedy.contains("\n") && remedy.hasSuffix("."), "\(what)")
    }

    @Test func `an endpoint where nobody listens is told as such`() async throws {
        try await ScriptedServer.withSilentPort { port in
            let url = "http://127.0.0.1:\(port)"
            let error = await #expect(throws: BucketError.self) {
                try await Self.client(url, pauses: 1).check(probe: "p")
            }
            guard case .unreachable(url, .connectionRefused)? = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }
    }

    @Test func `the check says whether the bucket can be worked with, and leaves nothing there`() async throws {
        let server = try BucketServer()
        try await Self.client(server.url).check(probe: "home/.mlstack/probe")
        #expect(server.keys.isEmpty)
        await #expect(throws: BucketError.noBucket(name: "others", server: server.url)) {
            try await Self.client(server.url, bucket: "others").check(probe: "home/.mlstack/probe")
        }
        let page = try ScriptedServer(answering: "HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n<html></html>")
        let error = await #expect(throws: BucketError.self) { try await Self.client(page.url).check(probe: "p") }
        guard case .unexpected? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    // MARK: Listings

    @Test func `a listing goes on from page to page, deep or of one level`() async throws {
        let server = try BucketServer()
        let keys = ["home/a/1", "home/a/2", "home/a b+c/x&<y>", "home/b", "home/模/\u{1}", "homeless"]
        for key in keys { server.place([1], at: key) }
        let client = try Self.client(server.url)
        let deep = try await client.list("home/", pageLimit: 2)
        #expect(deep.objects.map(\.key).sorted() == keys.dropLast().sorted())
        #expect(server.requests.count == 3)
        let shallow = try await client.list("home/", isShallow: true, pageLimit: 1)
        #expect(shallow.objects.map(\.key) == ["home/b"])
        #expect(shallow.folders == ["home/a b+c/", "home/a/", "home/模/"])
        #expect(try await client.list("home/a/").objects.first?.tag == server.objects["home/a/1"]?.tag)
    }

    @Test func `a listing that never ends is given up`() async throws {
        let body =
            "<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>x</NextContinuationToken>"
            + "</ListBucketResult>"
        let server = try ScriptedServer(answering: "HTTP/1.1 200 OK\r\nContent-Length: \(body.count)\r\n\r\n\(body)")
        await #expect(throws: BucketError.self) { try await Self.client(server.url).list("") }
    }

    // MARK: Parts

    @Test func `parts become one object at the end, also when the last answer is lost`() async throws {
        let (server, key) = (try BucketServer(), "home/large")
        let client = try Self.client(server.url)
        server.suffer([.cut, .status(503, code: "")], on: "partNumber=2")
        server.suffer([.cutAfter], on: "POST /models/home/large?uploadId")
        let upload = try await client.beginUpload(key, digest: "d")
        let tags = [
            try await client.put(part: 1, of: upload, [1, 2]), try await client.put(part: 2, of: upload, [3]),
        ]
        #expect(try await client.head(key) == nil)
        let tag = try await client.complete(upload, tags: tags, byteCount: 3)
        #expect(server.objects[key]?.bytes == [1, 2, 3])
        #expect(try await client.head(key) == BucketObject(key: key, byteCount: 3, tag: tag, digest: "d"))
        #expect(server.uploadKeys.isEmpty)
    }

    @Test(arguments: ["CompleteMultipartUploadResult", "CompleteMultipartUploadOutput"])
    func `whatever a store calls its yes to the parts, it is one`(_ name: String) async throws {
        let server = try BucketServer()
        server.name(completion: name)
        let client = try Self.client(server.url)
        let upload = try await client.beginUpload("home/large")
        let tag = try await client.put(part: 1, of: upload, [1, 2])
        _ = try await client.complete(upload, tags: [tag], byteCount: 2)
        #expect(server.objects["home/large"]?.bytes == [1, 2])
    }

    @Test func `of a part of an object no more is asked for than that part`() async throws {
        let server = try BucketServer()
        let client = try Self.client(server.url)
        var content = [UInt8](repeating: 0, count: 20 << 20)
        for place in 0..<3 { content[(19 << 20) + place] = UInt8(place + 1) }
        server.place(content, at: "home/x")
        let object = try #require(try await client.head("home/x"))
        server.forgetRequests()
        var bytes: [UInt8] = []
        try await client.read(object, range: Int64(19 << 20)..<Int64(19 << 20) + 3) { bytes += $0 }
        #expect(bytes == [1, 2, 3])
        #expect(server.heads.count == 1 && server.heads[0].contains("Range: bytes=19922944-19922946\r\n"))
        try await client.read(object, range: 5..<5) { _ in Issue.record("there is nothing to hand on") }
    }

    @Test func `an upload that is given up leaves no part behind`() async throws {
        let server = try BucketServer()
        let client = try Self.client(server.url)
        let upload = try await client.beginUpload("home/large")
        _ = try await client.put(part: 1, of: upload, [1])
        #expect(
            try await client.uploads("home/")
                == [BucketUploadEntry(upload: upload, startedAtSeconds: 1_289_422_113)])
        try await client.abort(upload)
        try await client.abort(upload)
        #expect(try await client.uploads("home/").isEmpty)
        #expect(server.uploadKeys.isEmpty)
        await #expect(throws: BucketError.noUpload(key: "home/large")) {
            try await client.complete(upload, tags: ["\"v\""], byteCount: 1)
        }
    }

    @Test func `a failure that comes with a status of success is one`() async throws {
        let body = "<Error><Code>InternalError</Code></Error>"
        let server = try ScriptedServer(answering: "HTTP/1.1 200 OK\r\nContent-Length: \(body.count)\r\n\r\n\(body)")
        await #expect(throws: BucketError.self) {
            try await Self.client(server.url).complete(BucketUpload(key: "x", id: "1"), tags: ["\"a\""], byteCount: 1)
        }
    }
}
