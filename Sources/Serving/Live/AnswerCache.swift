import NIOCore
import Synchronization

/// Answers of one model to people who ask again before anything has changed for them.
///
/// Belongs to one `LiveModel` and goes with it. An answer is given again only while the history it was made from stands, so it is
/// the answer that would be computed.
final class AnswerCache: Sendable {
    struct Key: Hashable, Sendable {
        var user: String
        var query: RecommendationQuery
    }

    private struct Entry {
        var history: HistoryVersion
        var body: ByteBuffer
    }

    /// What was kept or asked for lately, and what was before: when the young weigh enough they become the old, and who
    /// asks for one of the old makes it young again. So nobody is forgotten who comes back soon, at the cost of two maps.
    private struct Content {
        var young: [Key: Entry] = [:]
        var old: [Key: Entry] = [:]
        var youngBytes = 0

        mutating func keep(_ entry: Entry, for key: Key) {
            let weight = 256 + entry.body.readableBytes
            if youngBytes + weight > AnswerCache.generationLimit {
                (old, young, youngBytes) = (young, [:], 0)
            }
            youngBytes += weight
            young[key] = entry
        }

        mutating func entry(for key: Key) -> Entry? {
            if let entry = young[key] { return entry }
            guard let entry = old.removeValue(forKey: key) else { return nil }
            keep(entry, for: key)
            return entry
        }
    }

    /// What the entries of a generation may weigh: 8 MiB.
    private static let generationLimit = 8 << 20
    private let content = Mutex(Content())

    func body(for key: Key, history: HistoryVersion) -> ByteBuffer? {
        guard let entry = content.withLock({ $0.entry(for: key) }), entry.history == history else { return nil }
        return entry.body
    }

    func keep(_ body: ByteBuffer, for key: Key, history: HistoryVersion) {
        content.withLock { $0.keep(Entry(history: history, body: body), for: key) }
    }
}
