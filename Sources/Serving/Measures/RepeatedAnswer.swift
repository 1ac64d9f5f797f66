import NIOCore
import Training

/// How long somebody takes who asks again before anything has changed: for measurements.
package enum RepeatedAnswer {
    /// - Parameter rounds: over a hundred people in turn.
    /// - Returns: seconds for an answer out of the cache that serving has, in process.
    package static func seconds(rounds: Int) -> Double {
        let cache = AnswerCache()
        let query = RecommendationQuery(count: 10)
        let version = HistoryVersion(generation: 0, rows: 200, feedback: 0)
        let keys = (0..<100).map { AnswerCache.Key(user: "\($0)", query: query) }
        let body = ByteBuffer(repeating: 0x20, count: 1500)
        for key in keys { cache.keep(body, for: key, history: version) }
        let clock = ContinuousClock()
        let began = clock.now
        var found = 0
        for round in 0..<rounds where cache.body(for: keys[round % keys.count], history: version) != nil { found += 1 }
        precondition(found == rounds, "a cache of answers lost what it has room for")
        return (clock.now - began) / .seconds(1) / Double(rounds)
    }
}
