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

    private struct Content {
        var entries: [Key: Entry] = [:]
        var bytes = 0
    }

    /// What all entries may weigh before the cache starts afresh: 8 MiB.
    private static let limit = 8 << 20
    private let content = Mutex(Content())

    func body(for key: Key, history: HistoryVersion) -> ByteBuffer? {
        guard let entry = content.withLock({ $0.entries[key] }), entry.history == history else { return nil }
        return entry.body
    }

    func keep(_ body: ByteBuffer, for key: Key, history: HistoryVersion) {
        let weight = 256 + body.readableBytes
        content.withLock { content in
            // Whoever asks without end for new people makes no difference to memory; those who ask again come in again.
            if content.bytes + weight > AnswerCache.limit { content = Content() }
            content.bytes += weight
            content.entries[key] = Entry(history: history, body: body)
        }
    }
}
