import Logging
import Synchronization
import Testing

@testable import Serving

@Suite struct LogRingTests {
    /// Keeps the messages it was given.
    private struct Collector: LogHandler {
        final class Box: Sendable { let messages = Mutex<[String]>([]) }
        let box: Box
        var logLevel = Logger.Level.notice
        var metadata: Logger.Metadata = [:]
        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }
        func log(event: LogEvent) { box.messages.withLock { $0.append("\(event.message)") } }
    }

    @Test func `the ring keeps what the terminal is too quiet for, and the terminal shows what it did`() {
        let (ring, box) = (LogRing { 5 }, Collector.Box())
        let logger = ring.attached(to: Logger(label: "test") { _ in Collector(box: box) })
        logger.info("quiet", metadata: ["run": "7"])
        logger.warning("loud")
        logger.debug("too quiet for both")
        #expect(box.messages.withLock { $0 } == ["loud"])
        let found = ring.entries(.init())
        #expect(found.entries.map(\.message) == ["quiet", "loud"])
        #expect(found.entries.first?.facts == ["run": "7"])
        #expect(found.entries.map(\.atMilliseconds) == [5, 5])
    }

    @Test func `the oldest lines go, and the ids go on`() {
        let ring = LogRing { 0 }
        for number in 1...LogRing.capacity + 10 { ring.add(.notice, "\(number)", [:]) }
        let found = ring.entries(.init(limit: LogRing.capacity))
        #expect((found.firstID, found.lastID) == (11, LogRing.capacity + 10))
        #expect(found.entries.count == LogRing.capacity)
        #expect(found.entries.first?.message == "11")
        #expect(found.entries.allSatisfy { "\($0.id)" == $0.message })
    }
}
