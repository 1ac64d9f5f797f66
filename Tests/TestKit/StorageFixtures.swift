import Foundation
package import Scheduling
package import Storage
import Synchronization

/// Temporary folders and databases that check themselves when a test lets go of them.
package enum StorageFixture {
    /// What a database broke by the end of a test.
    package struct Unsound: Error, CustomStringConvertible {
        package var description: String
    }

    /// A fresh folder, removed afterwards.
    package static func withFolder<Value>(
        isolation: isolated (any Actor)? = #isolation, _ body: (String) async throws -> Value
    ) async throws -> Value {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "mlstack-test-\(UUID().uuidString)").path(percentEncoded: false)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        return try await body(folder)
    }

    /// A fresh store in a folder of its own, with a clock that moves on by a millisecond each time it is read.
    /// - Throws: `Unsound` when the database breaks a promise after `body`.
    package static func withStore<Value>(
        searchLimit: Duration = SQLiteStore.searchLimit,
        faultInjector: (@Sendable (FaultPoint) throws -> Void)? = nil,
        isolation: isolated (any Actor)? = #isolation, _ body: (SQLiteStore) async throws -> Value
    ) async throws -> Value {
        try await withFolder { folder in
            let store = try open(folder, searchLimit: searchLimit, faultInjector: faultInjector)
            let value = try await body(store)
            let report = try await store.integrityReport()
            try store.close()
            guard report.isSound else { throw Unsound(description: report.problems.joined(separator: "\n")) }
            return value
        }
    }

    /// Opens `<folder>/mlstack.db`.
    package static func open(
        _ folder: String, searchLimit: Duration = SQLiteStore.searchLimit,
        faultInjector: (@Sendable (FaultPoint) throws -> Void)? = nil
    ) throws -> SQLiteStore {
        let time = TickingTime()
        let random = CountedRandomness()
        return try SQLiteStore(
            path: folder + "/mlstack.db", now: { time.now() }, random: { random.next() },
            searchLimit: searchLimit, faultInjector: faultInjector)
    }
}

/// A wall clock for tests: the same moments in every run.
package final class TickingTime: Sendable {
    private let milliseconds: Mutex<Int64>

    package init(from instant: Instant = Instant(milliseconds: 1_700_000_000_000)) {
        milliseconds = Mutex(instant.milliseconds)
    }

    package func now() -> Instant {
        milliseconds.withLock {
            $0 += 1
            return Instant(milliseconds: $0)
        }
    }
}

/// The same "random" bits in every run (SplitMix64).
package final class CountedRandomness: Sendable {
    private let state: Mutex<UInt64>

    package init(seed: UInt64 = 1) { state = Mutex(seed) }

    package func next() -> UInt64 {
        state.withLock {
            $0 &+= 0x9E37_79B9_7F4A_7C15
            var bits = $0
            bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
            bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
            return bits ^ (bits >> 31)
        }
    }
}
