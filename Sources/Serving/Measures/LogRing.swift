package import Logging
import Synchronization

/// The latest lines of the program's own log, in memory: what the terminal shows, and what is too quiet for it.
package final class LogRing: Sendable {
    package static let capacity = 4000
    /// Of one line: a stack trace of a library must not fill the memory.
    private static let longestMessage = 8 << 10

    /// A line with what stands beside its prose.
    package struct Entry: Sendable, Equatable {
        /// Ascending from 1, without gaps.
        package var id: Int
        package var atMilliseconds: Int64
        package var level: Logger.Level
        package var message: String
        package var facts: [String: String]
    }

    private struct Content {
        /// At most `capacity`; the entry `id` is at `(id - 1) % capacity`.
        var entries: [Entry] = []
        var lastID = 0
    }

    private let now: @Sendable () -> Int64
    private let content = Mutex(Content())

    /// - Parameter now: milliseconds since 1970 on the wall.
    package init(now: @escaping @Sendable () -> Int64) { self.now = now }

    /// A logger that writes to this ring and, whatever it is meant to show, to `logger`.
    package func attached(to logger: Logger) -> Logger {
        Logger(label: logger.label) { _ in RingLogHandler(ring: self, next: logger.handler) }
    }

    func add(_ level: Logger.Level, _ message: String, _ facts: [String: String]) {
        let at = now()
        content.withLock { content in
            content.lastID += 1
            let entry = Entry(
                id: content.lastID, atMilliseconds: at, level: level,
                message: String(message.prefix(LogRing.longestMessage)), facts: facts)
            if content.entries.count < LogRing.capacity {
                content.entries.append(entry)
            } else {
                content.entries[(entry.id - 1) % LogRing.capacity] = entry
            }
        }
    }

    /// What a reader asks for.
    struct Question: Sendable {
        /// Those after this one.
        var after = 0
        var level = Logger.Level.trace
        /// In the message or beside it, in any case; empty: everything.
        var text = ""
        /// The latest so many.
        var limit = 500
    }

    /// - Returns: oldest first; `lastID` is of the newest line, whether it was asked for or not.
    func entries(_ question: Question) -> (entries: [Entry], firstID: Int, lastID: Int) {
        let (all, lastID) = content.withLock { ($0.entries, $0.lastID) }
        let firstID = lastID - all.count + 1
        let text = question.text.lowercased()
        var found: [Entry] = []
        for id in stride(from: lastID, to: max(firstID - 1, question.after), by: -1) where found.count < question.limit
        {
            let entry = all[(id - 1) % LogRing.capacity]
            if entry.level >= question.level, text.isEmpty || entry.holds(text) { found.append(entry) }
        }
        return (found.reversed(), firstID, lastID)
    }
}

extension LogRing.Entry {
    /// - Parameter text: in lower case.
    fileprivate func holds(_ text: String) -> Bool {
        message.lowercased().contains(text)
            || facts.contains { $0.key.lowercased().contains(text) || $0.value.lowercased().contains(text) }
    }
}

/// Writes to a ring, and to another handler what that one is meant to show.
struct RingLogHandler: LogHandler {
    let ring: LogRing
    var next: any LogHandler

    /// Of the ring, however quiet the terminal is kept.
    var logLevel: Logger.Level {
        get { min(.info, next.logLevel) }
        set { next.logLevel = newValue }
    }

    var metadata: Logger.Metadata {
        get { next.metadata }
        set { next.metadata = newValue }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { next[metadataKey: key] }
        set { next[metadataKey: key] = newValue }
    }

    func log(event: LogEvent) {
        let facts = next.metadata.merging(event.metadata ?? [:]) { $1 }
        ring.add(event.level, "\(event.message)", facts.mapValues { "\($0)" })
        if event.level >= next.logLevel { next.log(event: event) }
    }
}
