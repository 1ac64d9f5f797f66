import Foundation
import Storage

/// The clock's state as one JSON value in the store.
struct SQLiteReplayStateStore: ReplayStateStore {
    static let key = "replay"
    let store: SQLiteStore

    init(store: SQLiteStore) { self.store = store }

    func save(_ state: ReplayState) async throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        try await store.setValue(String(decoding: try encoder.encode(state), as: UTF8.self), forKey: Self.key)
    }

    /// nil in a new home.
    func load() async throws -> ReplayState? {
        guard let text = try await store.value(forKey: Self.key) else { return nil }
        return try JSONDecoder().decode(ReplayState.self, from: Data(text.utf8))
    }
}

/// Where the clock's state is kept.
protocol ReplayStateStore: Sendable {
    func save(_ state: ReplayState) async throws
}
