import Dispatch
import Foundation
import Synchronization
import TestKit
import Testing

@testable import Transfer

@Suite struct HTTPTransferTests {
    private let transfer = HTTPTransfer(queue: DispatchQueue(label: "test.transfer"))

    @Test func `an answer comes with its status, headers and body`() async throws {
        let server = try ScriptedServer(
            answering: "HTTP/1.1 404 Not Found\r\nX-Kind: one\r\nX-Kind:  two \r\nContent-Length: 5\r\n\r\nhello")
        let reply = try await transfer.request("GET", server.url + "/x")
        #expect(reply.status == 404)
        #expect(!reply.isSuccess)
        #expect(reply.header("x-kind") == "one")
        #expect(reply.headers.map(\.name) == ["X-Kind", "X-Kind", "Content-Length"])
        #expect(reply.text == "hello")
    }

    @Test func `method, headers and body are sent as given`() async throws {
        let server = try ScriptedServer { peer in
            let request = peer.readRequest()
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: \(request.utf8.count)\r\n\r\n\(request)")
        }
        let reply = try await transfer.request(
            "PATCH", server.url + "/a?b=c",
            headers: [("Content-Type", "text/x"), ("X-Empty", ""), ("X-Two", "1"), ("X-Two", "2")],
            body: Array("søme body".utf8))
        let lines = reply.text.split(separator: "\r\n", omittingEmptySubsequences: false).map(String.init)
        #expect(lines.first == "PATCH /a?b=c HTTP/1.1")
        for line in ["Content-Type: text/x", "X-Empty:", "X-Two: 1", "X-Two: 2", "Content-Length: 10"] {
            #expect(lines.contains(line), "\(lines)")
        }
        #expect(!reply.text.lowercased().contains("expect:"))
        #expect(lines.last == "søme body")
    }

    @Test func `an empty body is sent as a body of no bytes`() async throws {
        let server = try ScriptedServer { peer in
            let request = peer.readRequest()
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: \(request.utf8.count)\r\n\r\n\(request)")
        }
        let reply = try await transfer.request("POST", server.url, body: [])
        #expect(reply.text.contains("Content-Length: 0\r\n"))
    }

    @Test func `HEAD ends without waiting for the body that is declared`() async throws {
        let server = try ScriptedServer(answering: "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        let reply = try await transfer.request("HEAD", server.url)
        #expect(reply.header("content-length") == "1000")
        #expect(reply.body.isEmpty)
    }

    @Test func `an interim answer is passed over`() async throws {
        let server = try ScriptedServer(
            answering:
                "HTTP/1.1 100 Continue\r\nX-Interim: 1\r\n\r\nHTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nok")
        let reply = try await transfer.request("POST", server.url, body: [1])
        #expect(reply.status == 201)
        #expect(reply.header("x-interim") == nil)
    }

    @Test func `a redirect is followed only when asked for`() async throws {
        let server = try ScriptedServer { peer in
            let isFirst = peer.readRequest().hasPrefix("GET /old ")
            peer.send(
                isFirst
                    ? "HTTP/1.1 302 Found\r\nLocation: /new\r\nX-Old: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                    : "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nnew")
        }
        #expect(try await transfer.request("GET", server.url + "/old").status == 302)
        let reply = try await transfer.request("GET", server.url + "/old", followsRedirects: true)
        #expect(reply.text == "new")
        #expect(reply.header("x-old") == nil)
    }

    @Test func `a redirect to a file of this machine is refused`() async throws {
        let server = try ScriptedServer(
            answering:
                "HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await #expect(throws: TransferError.self) {
            try await transfer.request("GET", server.url, followsRedirects: true)
        }
    }

    // MARK: Failures

    @Test func `a port on which nobody listens is told as such`() async throws {
        try await ScriptedServer.withSilentPort { port in
            let url = "http://127.0.0.1:\(port)/x"
            await #expect(throws: TransferError.connectionRefused(url: url)) { try await transfer.request("GET", url) }
        }
    }

    @Test func `a server that says nothing is given up on after the timeout`() async throws {
        let server = try ScriptedServer { peer in
            peer.readRequest()
            peer.stall()
        }
        await #expect(throws: TransferError.timedOut(url: server.url, seconds: 0.05, isConnected: true)) {
            try await transfer.request("GET", server.url, timeout: .milliseconds(50))
        }
    }

    @Test func `a server that stops in the middle is given up on after the timeout`() async throws {
        let server = try ScriptedServer { peer in
            peer.readRequest()
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf")
            peer.stall()
        }
        await #expect(throws: TransferError.timedOut(url: server.url, seconds: 0.05, isConnected: true)) {
            try await transfer.request("GET", server.url, timeout: .milliseconds(50))
        }
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n40\r\nhalf",
        "", "HTTP/1.1 200 OK\r\nContent-Le", "HTTP/1.1 200 OK\r\n",
    ])
    func `an answer that is cut in the middle is no answer`(_ text: String) async throws {
        let server = try ScriptedServer(answering: text)
        let error = await #expect(throws: TransferError.self) { try await transfer.request("GET", server.url) }
        guard case .cutOff(let url, _)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(url == server.url)
    }

    @Test func `bytes beyond the declared length are not part of the answer`() async throws {
        let server = try ScriptedServer(answering: "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfour and more")
        #expect(try await transfer.request("GET", server.url).text == "four")
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nhello world",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nb\r\nhello world\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\nh",
    ])
    func `an answer beyond the limit is refused`(_ text: String) async throws {
        let server = try ScriptedServer(answering: text)
        await #expect(throws: TransferError.tooLarge(url: server.url, limitBytes: 10)) {
            try await transfer.request("GET", server.url, maxResponseBytes: 10)
        }
    }

    @Test func `a head without end is refused`() async throws {
        let server = try ScriptedServer { peer in
            peer.readRequest()
            peer.send("HTTP/1.1 200 OK\r\n")
            let line = "X-Filler: " + String(repeating: "x", count: 8_000) + "\r\n"
            for _ in 0..<64 { peer.send(line) }
        }
        await #expect(throws: TransferError.self) { try await transfer.request("GET", server.url) }
    }

    @Test(arguments: [
        "file:///etc/passwd", "ftp://127.0.0.1/x", "http://", "http://127.0.0.1:99999/", "http://a b/", "",
    ])
    func `what is no address of HTTP is refused`(_ url: String) async throws {
        let error = await #expect(throws: TransferError.self) { try await transfer.request("GET", url) }
        guard case .badURL? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test(arguments: [
        ("GET\r\nX: y", "X", "v"), ("GET", "X\r\nY", "v"), ("GET", "X", "v\r\nY: z"), ("", "X", "v"), ("GET", "", "v"),
    ])
    func `a line end in a header or method never reaches the wire`(_ method: String, _ name: String, _ value: String)
        async throws
    {
        let error = await #expect(throws: TransferError.self) {
            try await transfer.request(method, "http://127.0.0.1:1/", headers: [(name, value)])
        }
        guard case .badRequest? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func `messages hold no password`() async throws {
        try await ScriptedServer.withSilentPort { port in
            let error = await #expect(throws: TransferError.self) {
                try await transfer.request("GET", "http://me:secret@127.0.0.1:\(port)/x")
            }
            #expect(error == .connectionRefused(url: "http://127.0.0.1:\(port)/x"))
        }
    }

    // MARK: Cancelling and streams

    @Test func `a cancelled task ends its transfer`() async throws {
        let (arrivals, arrived) = AsyncStream<Void>.makeStream()
        let server = try ScriptedServer { peer in
            peer.readRequest()
            arrived.yield()
            peer.stall()
        }
        let (transfer, url) = (transfer, server.url)
        let task = Task { try await transfer.request("GET", url, timeout: nil) }
        for await _ in arrivals { break }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test func `a stream is handed on piece by piece while it lasts`() async throws {
        let server = try ScriptedServer { peer in
            peer.readRequest()
            peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\none\n\r\n")
            // Goes on when the client has shown that the first piece arrived.
            guard peer.read() == nil else { return }
        }
        let seen = Mutex("")
        struct Enough: Error {}
        await #expect(throws: Enough.self) {
            try await transfer.stream("GET", server.url) { piece in
                seen.withLock { $0 += String(decoding: piece, as: UTF8.self) }
                throw Enough()
            }
        }
        #expect(seen.withLock { $0 } == "one\n")
    }

    @Test func `a stream may be longer than what a reply may hold`() async throws {
        let server = try ScriptedServer(answering: "HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nhello world")
        let count = Mutex(0)
        let reply = try await transfer.stream("GET", server.url, maxResponseBytes: 3) { piece in
            count.withLock { $0 += piece.count }
        }
        #expect(count.withLock { $0 } == 11)
        #expect(reply.body.isEmpty)
    }

    @Test func `the body of a refusal is kept, not streamed`() async throws {
        let server = try ScriptedServer(answering: "HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\nnone")
        let reply = try await transfer.stream("GET", server.url) { _ in Issue.record("a refusal was streamed") }
        #expect(reply.status == 404)
        #expect(reply.text == "none")
    }

    @Test(arguments: [
        (
            TransferError.connectionRefused(url: "http://h:1/"),
            "the connection to http://h:1/ was refused: nothing listens there.",
            "check the port, and whether the server is running."
        ),
        (
            .timedOut(url: "http://h/", seconds: 2, isConnected: false), "http://h/ could not be reached within 2 s.",
            "check the address, and whether it can be reached."
        ),
        (
            .tooLarge(url: "http://h/", limitBytes: 10),
            "the answer of http://h/ is larger than the 10 bytes that are taken.", "ask for less at once."
        ),
    ])
    func `an error says what is wrong and what to do`(_ error: TransferError, _ text: String, _ remedy: String) {
        #expect(error.errorDescription == text)
        #expect(error.recoverySuggestion == remedy)
    }
}
