import Dispatch
import Foundation
import Logging
import Scheduling
import Synchronization
import TestKit
import Transfer

@testable import Stack

/// A notifier with an outbox in memory and a clock that stands still.
final class NotifierWorld: Sendable {
    let outbox: MemoryOutbox
    let clock = ManualClock()
    let logged: LoggedLines
    private let notifier: Notifier

    init(
        outbox: MemoryOutbox = MemoryOutbox(), addresses: AddressGuard = .everything, timeout: Duration = .seconds(10),
        log: String = "line 1\nline 2\nline 3\n"
    ) {
        let lines = LoggedLines()
        (self.outbox, logged) = (outbox, lines)
        let queue = DispatchQueue(label: "test.notifications")
        let folder = FileManager.default.temporaryDirectory.appending(path: "mlstack-notifier-\(UUID().uuidString).log")
        let sender = WebhookSender(
            transfer: HTTPTransfer(queue: queue), addresses: addresses,
            excerpts: LogExcerpts(queue: queue) { _, _, _ in
                try log.write(to: folder, atomically: true, encoding: .utf8)
                return folder.path(percentEncoded: false)
            }, pages: { "http://127.0.0.1:8080" }, timeout: timeout)
        notifier = Notifier(
            .init(
                outbox: outbox, sender: sender, clock: clock,
                logger: Logger(label: "test") { _ in CollectingLogHandler(lines: lines) }))
        logFile = folder
    }

    private let logFile: URL
    deinit { try? FileManager.default.removeItem(at: logFile) }

    /// Sends while `body` runs, then is killed.
    func run(isolation: isolated (any Actor)? = #isolation, _ body: () async -> Void) async {
        let work = Task { [notifier] in await notifier.run() }
        await body()
        work.cancel()
        await work.value
    }

    func notification(_ id: String, to webhook: String?) -> Scheduling.Notification {
        Notification(
            id: id, event: .failure, webhook: webhook, pipelineID: "daily", environment: .research, runID: "daily-1",
            state: .failed, logicalDate: Instant(seconds: 1_420_761_600), taskID: "train", attempt: 2,
            message: "exit code 1", logLines: 2, createdAt: clock.now)
    }
}

/// A webhook that answers with one status after another, the last for ever, and keeps what it was sent.
final class Receiver: Sendable {
    private let server: ScriptedServer
    private let seen: Requests

    private final class Requests: Sendable {
        let texts = Mutex<[String]>([])
    }

    init(_ statuses: [String]) throws {
        let requests = Requests()
        seen = requests
        server = try ScriptedServer { peer in
            let request = peer.readRequest()
            let count = requests.texts.withLock { texts in
                texts.append(request)
                return texts.count
            }
            let status = statuses[min(count, statuses.count) - 1]
            peer.send("HTTP/1.1 \(status)\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        }
    }

    var url: String { server.url + "/hook" }
    var requests: [String] { seen.texts.withLock { $0 } }

    static func body(of request: String) -> Data {
        Data((request.firstRange(of: "\r\n\r\n").map { String(request[$0.upperBound...]) } ?? "").utf8)
    }
}

final class LoggedLines: Sendable {
    private let lines = Mutex<[String]>([])
    func withLock<Value>(_ body: ([String]) -> Value) -> Value { lines.withLock { body($0) } }
    func add(_ line: String) { lines.withLock { $0.append(line) } }
}

struct CollectingLogHandler: LogHandler {
    let lines: LoggedLines
    var logLevel = Logger.Level.trace
    var metadata: Logger.Metadata = [:]

    init(lines: LoggedLines) { self.lines = lines }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(
        level: Logger.Level, message: Logger.Message, metadata: Logger.Metadata?, source: String, file: String,
        function: String, line: UInt
    ) { lines.add("\(level) \(message)") }
}
