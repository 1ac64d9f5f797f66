import Storage
import TestKit
import Testing

struct FeedbackRunTests {
    private static func append(_ numbers: Range<Int>, to store: SQLiteStore) async throws {
        _ = try await store.appendFeedback(
            numbers.map { number in
                FeedbackEvent(
                    user: "u\(number % 3)", item: "i\(number % 2)", rating: 4, timestampSeconds: Int64(number),
                    receivedAtMilliseconds: 0, type: "insert")
            })
    }

    @Test func `runs find the feedback of a user and of an item in the order of arrival`() async throws {
        try await StorageFixture.withStore { store in
            try await Self.append(0..<6, to: store)
            try await store.indexFeedback(through: 4)
            try await Self.append(6..<9, to: store)
            try await store.indexFeedback(through: 8)
            #expect(try await store.lastIndexedFeedback() == 8)
            #expect(try await store.lastFeedback() == 9)
            func times(_ subject: FeedbackSubject, through last: Int64 = 8) async throws -> [Int64] {
                try await store.indexedFeedback(of: subject, through: last).map(\.timestampSeconds)
            }
            #expect(try await times(.user("u0")) == [0, 3, 6])
            #expect(try await times(.item("i1")) == [1, 3, 5, 7])
            // An id that a user and an item have in common is not mixed up, and what is in no run is not found.
            #expect(try await times(.user("i1")).isEmpty)
            #expect(try await times(.user("u2")) == [2, 5])
            #expect(try await times(.user("u0"), through: 4) == [0, 3])
        }
    }

    @Test func `a run that is there already is not made again`() async throws {
        try await StorageFixture.withStore { store in
            try await Self.append(0..<6, to: store)
            try await store.indexFeedback(through: 4)
            try await store.indexFeedback(through: 4)
            try await store.indexFeedback(through: 3)
            #expect(try await store.indexedFeedback(of: .item("i0"), through: 4).map(\.sequence) == [1, 3])
        }
    }
}
