import Foundation
import Synchronization
import TestKit
import Testing

@testable import Stack

/// Standard input for a test, and the word that ends it.
private final class TestInput: Sendable {
    private let input = Pipe()
    private let wake = Pipe()

    init(_ text: String, isClosed: Bool = true) throws {
        try input.fileHandleForWriting.write(contentsOf: Data(text.utf8))
        if isClosed { try input.fileHandleForWriting.close() }
    }

    var descriptor: Int32 { input.fileHandleForReading.fileDescriptor }
    var wakeDescriptor: Int32 { wake.fileHandleForReading.fileDescriptor }
    func stop() throws { try wake.fileHandleForWriting.write(contentsOf: Data([1])) }
}

struct FeedbackFollowerTests {
    private final class Record: Sendable {
        let rejections = Mutex<[FeedbackFollower.Rejection]>([])
        let pauses = Mutex<[Duration]>([])
        let requests = Mutex<[String]>([])
        var lines: [Int] { rejections.withLock { $0.map(\.line) } }
    }

    private func follower(_ url: String, _ record: Record) throws -> FeedbackFollower {
        let client = try StackClient(url: url, home: Home("/nowhere"), token: nil)
        var follower = FeedbackFollower(client: client) { rejection in
            record.rejections.withLock { $0.append(rejection) }
        }
        follower.pause = { pause in record.pauses.withLock { $0.append(pause) } }
        return follower
    }

    private func follow(
        _ text: String, at url: String, _ record: Record
    ) async throws -> FeedbackFollower.Summary {
        let input = try TestInput(text)
        let summary = try await follower(url, record).run(input.descriptor, wake: input.wakeDescriptor) { false }
        withExtendedLifetime(input) {}
        return summary
    }

    /// Answers as the closure says; an empty answer is a connection that ends.
    private func server(_ record: Record, _ answer: @escaping @Sendable (_ number: Int, _ request: String) -> String)
        throws -> ScriptedServer
    {
        try ScriptedServer { peer in
            let request = peer.readRequest()
            let number = record.requests.withLock {
                $0.append(request)
                return $0.count - 1
            }
            peer.send(answer(number, request))
        }
    }

    private static func answer(_ status: String, _ body: String, _ field: String = "X: y") -> String {
        "HTTP/1.1 \(status)\r\nContent-Length: \(body.utf8.count)\r\n\(field)\r\nConnection: close\r\n\r\n\(body)"
    }

    @Test func `every event reaches a running stack, and the bad lines are named and put aside`() async throws {
        try await RunningStack.withDataset { folder in
            try await RunningStack.run(RunningStack.configuration(folder)) { stack in
                var lines = (1...2500).map { #"{"user":"u\#($0 % 7)","item":"\#($0)","rating":4}"# }
                lines[99] = "nonsense"
                lines[1999] = #"{"user":"u1","item":"1","rating":9}"#
                lines[2000] = ""
                lines += [
                    #"{"user":"new","item":"1","rating":4,"id":"mine"}"#,
                    #"{"user":"new","item":"1","rating":4,"id":"mine"}"#,
                    #"{"user":"new","item":"2","rating":4}"#, #"{"user":"new","item":"2","type":"delete"}"#,
                    #"{"user":"new","item":"1","rating":2,"type":"update"}"#,
                ]
                let record = Record()
                let text = lines.joined(separator: "\r\n")
                let file = folder + "/lines"
                try text.write(toFile: file, atomically: true, encoding: .utf8)
                let handle = try #require(FileHandle(forReadingAtPath: file))
                let idle = Pipe()
                let summary = try await follower(stack.url, record).run(
                    handle.fileDescriptor, wake: idle.fileHandleForReading.fileDescriptor
                ) { false }
                withExtendedLifetime((handle, idle)) {}
                #expect(summary == .init(acknowledged: 2502, duplicates: 1, rejected: 2, lastLine: 2505))
                #expect(record.lines == [100, 2000])
                let reasons = record.rejections.withLock { $0.map(\.reason) }
                #expect(reasons.first?.hasPrefix("it is not JSON") == true)
                #expect(reasons.last == "`rating` of it is out of range.")
                let person = try await stack.client.get("/api/v1/users/new")
                #expect(person.contains(#""ratings":1"#) && person.contains(#""rating":2"#))
            }
        }
    }

    @Test func `a busy server is asked again when it says so, and a lost answer is no second event`() async throws {
        let record = Record()
        let server = try server(record) { number, _ in
            switch number {
            case 0: Self.answer("429 Busy", "{}", "Retry-After: 7")
            case 1: Self.answer("503 Away", "{}")
            case 2: ""
            default: Self.answer("200 OK", #"{"accepted":1,"duplicates":1}"#)
            }
        }
        let summary = try await follow("{\"user\":\"1\"}\n {\"id\":\"x\"}", at: server.url, record)
        #expect(summary == .init(acknowledged: 2, duplicates: 1, rejected: 0, lastLine: 2))
        #expect(record.pauses.withLock { $0 } == [.seconds(7), .seconds(1), .seconds(1)])
        let bodies = record.requests.withLock { $0.map { $0.components(separatedBy: "\r\n\r\n")[1] } }
        #expect(Set(bodies).count == 1 && bodies.count == 4)
        #expect(bodies[0].wholeMatch(of: #/\{"id":"follow-\w+-1","user":"1"\}\n \{"id":"x"\}/#) != nil)
    }

    @Test func `what cannot be sent is told by its line`() async throws {
        let record = Record()
        let server = try server(record) { number, _ in
            number == 0
                ? Self.answer("422 No", #"{"error":{"code":"c","message":"line 1 is odd.","remedy":"r"}}"#)
                : number == 1
                    ? Self.answer("200 OK", #"{"accepted":1,"duplicates":0}"#)
                    : Self.answer(
                        "401 No", #"{"error":{"code":"c","message":"a token is missing.","remedy":"give it."}}"#)
        }
        let error = await #expect(throws: FeedbackUnsent.self) {
            _ = try await follow("{\"a\":1}\n{\"b\":1}\n", at: server.url, record)
        }
        #expect(
            error?.errorDescription
                == "1 events are stored; line 2 and those after it are not: a token is missing.")
        #expect(error?.recoverySuggestion?.hasPrefix("give it. Then send the input again from line 2") == true)
    }

    @Test func `a server that is gone for good is given up after a while`() async throws {
        try await ScriptedServer.withSilentPort { port in
            let record = Record()
            await #expect(throws: FeedbackUnsent.self) {
                _ = try await follow("{\"a\":1}\n", at: "http://127.0.0.1:\(port)", record)
            }
            #expect(record.pauses.withLock { $0.count } == 59)
        }
    }

    @Test func `asked to end, it sends what has come and leaves the line that is not whole`() async throws {
        let record = Record()
        let server = try server(record) { _, _ in Self.answer("200 OK", #"{"accepted":2,"duplicates":0}"#) }
        let input = try TestInput("{\"a\":1}\n{\"b\":1}\n{\"c\":", isClosed: false)
        try input.stop()
        let summary = try await follower(server.url, record).run(input.descriptor, wake: input.wakeDescriptor) { true }
        #expect(summary == .init(acknowledged: 2, duplicates: 0, rejected: 0, lastLine: 2))
    }
}

struct LineInputTests {
    @Test func `lines keep their numbers past blank ones, long ones and a missing end`() throws {
        let long = String(repeating: "x", count: 3 * LineInput.longestLine)
        try Self.read("one\n\n  \r\n\(long)\nfive\n\(long)\nseven") { lines in
            #expect(lines.map(\.number) == [1, 4, 5, 6, 7])
            #expect(lines.map(\.isTooLong) == [false, true, false, true, false])
            #expect(String(decoding: lines[2].bytes, as: UTF8.self) == "five")
            #expect(String(decoding: lines[4].bytes, as: UTF8.self) == "seven")
        }
    }

    @Test func `no more than asked for is handed on at once, and none is lost`() throws {
        let text = (1...10_000).map { "line \($0)\n" }.joined()
        try Self.read(text, most: 7) { lines in
            #expect(lines.count == 10_000)
            #expect(lines.allSatisfy { String(decoding: $0.bytes, as: UTF8.self) == "line \($0.number)" })
        }
    }

    private static func read(_ text: String, most: Int = 1000, _ check: ([InputLine]) -> Void) throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "mlstack-test-\(UUID().uuidString)")
        try Data(text.utf8).write(to: path)
        defer { try? FileManager.default.removeItem(at: path) }
        let (file, idle) = (try FileHandle(forReadingFrom: path), Pipe())
        let input = LineInput(descriptor: file.fileDescriptor, wake: idle.fileHandleForReading.fileDescriptor)
        var lines: [InputLine] = []
        while !input.hasEnded {
            let more = try input.next(most: most, within: 0)
            #expect(more.count <= most)
            lines += more
        }
        withExtendedLifetime((file, idle)) {}
        check(lines)
    }
}
