import Dispatch
import Foundation
import Logging
import Registry
import Scheduling
import Serving
import Storage
import Synchronization
import TestKit
import Testing
import Training
import Transfer

@testable import Stack

/// What is left in a bucket by what died, and what must not be taken for it.
struct BucketGarbageTests {
    private final class Time: Sendable {
        private let days = Mutex(0)
        func pass(days count: Int) { days.withLock { $0 += count } }
        var now: Instant { Instant(milliseconds: 1_800_000_000_000 + Int64(days.withLock { $0 }) * 86_400_000) }
    }

    private static func with(
        _ body: (SQLiteStore, BucketArtifactStore, BucketServer, Time) async throws -> Void
    ) async throws {
        let (server, time) = (try BucketServer(), Time())
        try await StorageFixture.withFolder { folder in
            let store = try SQLiteStore(path: folder + "/mlstack.db", now: { time.now })
            var client = try BucketClient(
                place: BucketPlace("s3://\(BucketServer.bucket)/p", endpoint: server.url),
                credentials: BucketCredentials(keyID: "key", secret: "secret"),
                queues: [DispatchQueue(label: "test.bucket")], digest: SHA256.hex(of:))
            client.patience.pauses = []
            let queue = DispatchQueue(label: "test.files")
            let artifacts = BucketArtifactStore(
                client: client, cache: FolderCache(root: folder + "/cache", queue: queue), queue: queue, homeID: "one",
                logger: .silent)
            _ = try await store.removeGarbage(in: artifacts)
            try await body(store, artifacts, server, time)
            try store.close()
        }
    }

    private static let none = String(repeating: "a", count: 32)

    @Test func `what no record names goes after some days, and nothing else`() async throws {
        try await Self.with { store, artifacts, server, time in
            let run = try await store.createRun(RunRequest(experimentID: "0", startTimeMilliseconds: 0)).id
            let kept = [
                "p/0/\(run)/artifacts/a", "p/.mlstack/home", "p/0/traces/tr/x", "p/notes/\(Self.none)/x",
                "p2/0/\(Self.none)/x", "p/0/deep/\(Self.none)/x",
            ]
            let gone = ["p/0/\(Self.none)/artifacts/a", "p/7/models/m-\(Self.none)/artifacts/b/c"]
            for key in kept + gone { server.place([1], at: key) }
            #expect(try await store.removeGarbage(in: artifacts) == GarbageReport(kept: 2, new: 2))
            #expect(server.keys == (kept + gone).sorted())
            time.pass(days: SQLiteStore.garbageDays + 1)
            #expect(try await store.removeGarbage(in: artifacts) == GarbageReport(removed: 2))
            #expect(server.keys == kept.sorted())
        }
    }

    @Test func `a file that was being stored when the program died goes at the next start`() async throws {
        try await Self.with { store, artifacts, server, _ in
            var ids: [String] = []
            for _ in 0..<2 {
                ids.append(
                    try await store.createLoggedModel(
                        experimentID: "0", name: "file", modelType: "file", sourceRunID: nil, params: [],
                        tags: [StoredFile.markerTag: "movies"]
                    ).id)
            }
            let keys = ids.map { "p/0/models/\($0)/artifacts/a.bin" }
            for key in keys { server.place([1], at: key) }
            _ = try await store.createVersion(
                ModelVersionRequest(name: "movies", source: "models:/\(ids[0])", createModel: true))
            try await store.settleStoredFiles()
            #expect(try await store.removeGarbage(in: artifacts) == GarbageReport(removed: 1))
            #expect(server.keys == [keys[0]])
        }
    }

    @Test func `a purge says what it could not remove, and the next look removes it`() async throws {
        try await Self.with { store, artifacts, server, _ in
            let run = try await store.createRun(RunRequest(experimentID: "0", startTimeMilliseconds: 0)).id
            let key = "p/0/\(run)/artifacts/a"
            server.place([1, 2, 3], at: key)
            try await store.setRunLifecycle(.deleted, id: run)
            let purge = ExperimentPurge(store: store, artifacts: artifacts, logger: .silent)
            server.suffer([.status(403, code: "AccessDenied")], on: "DELETE /models/\(key)")
            let outcome = try await purge.purge(isDryRun: false, actor: "api")
            #expect((outcome.bytes, outcome.unremoved) == (3, 1))
            #expect(server.keys == [key])
            #expect(try await store.removeGarbage(in: artifacts) == GarbageReport(removed: 1))
            #expect(server.keys.isEmpty)
        }
    }
}
