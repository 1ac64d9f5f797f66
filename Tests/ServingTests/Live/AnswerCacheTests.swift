import NIOCore
import Testing

@testable import Serving

@Suite struct AnswerCacheTests {
    private let key = AnswerCache.Key(user: "1", query: RecommendationQuery(count: 10))
    private let history = HistoryVersion(generation: 0, rows: 1, feedback: 0)
    private let none = HistoryVersion(generation: 0, rows: 0, feedback: 0)

    @Test func `an answer is given again only to the same question from the same history`() {
        let cache = AnswerCache()
        let body = ByteBuffer(string: "{}")
        cache.keep(body, for: key, history: history)
        #expect(cache.body(for: key, history: history) == body)
        #expect(cache.body(for: key, history: none) == nil)
        #expect(cache.body(for: key, history: HistoryVersion(generation: 0, rows: 1, feedback: 1)) == nil)
        #expect(cache.body(for: key, history: HistoryVersion(generation: 1, rows: 1, feedback: 0)) == nil)
        for other in [
            RecommendationQuery(count: 11), RecommendationQuery(count: 10, excludesSeen: false),
            RecommendationQuery(count: 10, genre: "drama"), RecommendationQuery(count: 10, explains: true),
        ] {
            #expect(cache.body(for: AnswerCache.Key(user: "1", query: other), history: history) == nil)
        }
        #expect(cache.body(for: AnswerCache.Key(user: "2", query: key.query), history: history) == nil)
    }

    @Test func `what is kept has a bound`() {
        let cache = AnswerCache()
        let body = ByteBuffer(repeating: 0x20, count: 1 << 20)
        for user in 1...100 {
            cache.keep(body, for: AnswerCache.Key(user: "\(user)", query: key.query), history: none)
        }
        let kept = (1...100).count { user in
            cache.body(for: AnswerCache.Key(user: "\(user)", query: key.query), history: none) != nil
        }
        #expect(kept > 0 && kept <= 16)
    }

    @Test func `who asks again is kept while others come and go`() {
        let cache = AnswerCache()
        let body = ByteBuffer(repeating: 0x20, count: 1 << 20)
        cache.keep(body, for: key, history: none)
        for user in 2...100 {
            cache.keep(body, for: AnswerCache.Key(user: "\(user)", query: key.query), history: none)
            if user.isMultiple(of: 3) { #expect(cache.body(for: key, history: none) == body) }
        }
    }
}
