import Dispatch
import Foundation
import Registry
import Scheduling
import Storage
import Synchronization
import TestKit
import Testing

struct GarbageTests {
    private static func put(_ text: String, at path: String, in artifacts: FileArtifactStore) async throws {
        let upload = try await artifacts.upload(to: try ArtifactPath(path))
        try await upload.append(Array(text.utf8))
        try await upload.finish()
    }

    /// A clock that begins with the files' own.
    private final class Time: Sendable {
        private let passed = Mutex<Int64>(0)
        private let start = Int64(Date().timeIntervalSince1970 * 1000)
        func pass(days: Int) { passed.withLock { $0 += Int64(days) * 86_400_000 } }
        var now: Instant { Instant(milliseconds: start + passed.withLock { $0 }) }
    }

    /// A store and artefacts beside it.
    private static func with(
        _ body: (SQLiteStore, FileArtifactStore, Time, String) async throws -> Void
    ) async throws {
        try await StorageFixture.withFolder { folder in
            let time = Time()
            let store = try SQLiteStore(path: folder + "/mlstack.db", now: { time.now })
            let artifacts = FileArtifactStore(
                root: folder + "/artifacts", queue: DispatchQueue(label: "test.artifacts"))
            try await artifacts.prepare()
            try await body(store, artifacts, time, folder)
            try store.close()
        }
    }

    private static let none = String(repeating: "a", count: 32)

    @Test func `files without a record go after some days, everything that somebody may count on stays`() async throws {
        try await Self.with { store, artifacts, time, _ in
            #expect(try await store.removeGarbage(in: artifacts) == GarbageReport())
            let run = try await store.createRun(RunRequest(experimentID: "0", startTimeMilliseconds: 0)).id
            let pending = try await store.createLoggedModel(
                experimentID: "0", name: "m", modelType: "", sourceRunID: nil, params: [], tags: [:]
            ).id
            let kept = [
                "0/\(run)/artifacts/a", "0/models/\(pending)/artifacts/b", "0/traces/tr-1/artifacts/traces.json",
                "notes/x", "0/\(Self.none.dropLast())/y",
            ]
            let gone = ["0/\(Self.none)/artifacts/a", "7/models/m-\(Self.none)/artifacts/b/c"]
            for path in kept + gone { try await Self.put("x", at: path, in: artifacts) }
            #expect(try await store.removeGarbage(in: artifacts) == GarbageReport(kept: 2, new: 2))
            time.pass(days: SQLiteStore.garbageDays)
            #expect(try await store.removeGarbage(in: artifacts) == GarbageReport(kept: 2))
            time.pass(days: 1)
            #expect(try await store.removeGarbage(in: artifacts) == GarbageReport(removed: 2))
            #expect(try await store.removeGarbage(in: artifacts) == GarbageReport())
            for path in kept { #expect(try await artifacts.byteCount(of: try ArtifactPath(path)) == 1, "\(path)") }
            for path in gone { #expect(try await artifacts.byteCount(of: try ArtifactPath(path)) == nil, "\(path)") }
        }
    }

    @Test func `what is older than the database may belong to one that was moved aside`() async throws {
        try await Self.with { store, artifacts, time, folder in
            try await Self.put("x", at: "0/\(Self.none)/artifacts/a", in: artifacts)
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSinceNow: -86_400)],
                ofItemAtPath: "\(folder)/artifacts/0/\(Self.none)")
            for _ in 0..<2 {
                #expect(try await store.removeGarbage(in: artifacts) == GarbageReport())
                time.pass(days: 30)
            }
            #expect(try await artifacts.byteCount(of: try ArtifactPath("0/\(Self.none)/artifacts/a")) == 1)
        }
    }

    @Test func `an older database that is put back removes nothing that came after it, and the newer one finds all`()
        async throws
    {
        try await Self.with { store, artifacts, time, folder in
            _ = try await store.removeGarbage(in: artifacts)
            try DatabaseCopy.make(from: folder + "/mlstack.db", to: folder + "/older.db")
            let run = try await store.createRun(RunRequest(experimentID: "0", startTimeMilliseconds: 0)).id
            try await Self.put("x", at: "0/\(run)/artifacts/a", in: artifacts)
            time.pass(days: 20)
            _ = try await store.removeGarbage(in: artifacts)
            let older = try SQLiteStore(path: folder + "/older.db", now: { time.now })
            #expect(try await older.removeGarbage(in: artifacts) == GarbageReport(kept: 1, new: 1))
            time.pass(days: SQLiteStore.garbageDays)
            #expect(try await older.removeGarbage(in: artifacts) == GarbageReport(kept: 1))
            try older.close()
            time.pass(days: 30)
            #expect(try await store.removeGarbage(in: artifacts) == GarbageReport())
            #expect(try await artifacts.byteCount(of: try ArtifactPath("0/\(run)/artifacts/a")) == 1)
        }
    }

    @Test func `what a purge could not remove goes with the next look`() async throws {
        try await Self.with { store, artifacts, _, _ in
            _ = try await store.removeGarbage(in: artifacts)
            let run = try await store.createRun(RunRequest(experimentID: "0", startTimeMilliseconds: 0)).id
            try await Self.put("x", at: "0/\(run)/artifacts/a", in: artifacts)
            try await store.setRunLifecycle(.deleted, id: run)
            #expect(try await store.purge(isDryRun: false, actor: "api").runs == 1)
            #expect(try await store.removeGarbage(in: artifacts) == GarbageReport(removed: 1))
            #expect(try await artifacts.list(try ArtifactPath("0/\(run)")).isEmpty)
        }
    }

    @Test func `a file that was being stored is there with its version or not at all`() async throws {
        try await Self.with { store, artifacts, _, _ in
            var ids: [String] = []
            for _ in 0..<2 {
                let id = try await store.createLoggedModel(
                    experimentID: "0", name: "file", modelType: "file", sourceRunID: nil, params: [],
                    tags: [StoredFile.markerTag: "movies"]
                ).id
                try await Self.put("x", at: "0/models/\(id)/artifacts/a.bin", in: artifacts)
                ids.append(id)
            }
            _ = try await store.createVersion(
                ModelVersionRequest(name: "movies", source: "models:/\(ids[0])", createModel: true))
            try await store.settleStoredFiles()
            #expect(try await store.removeGarbage(in: artifacts) == GarbageReport(removed: 1))
            #expect(try await store.loggedModel(id: ids[0]).status == LoggedModel.ready)
            #expect(try await artifacts.byteCount(of: try ArtifactPath("0/models/\(ids[0])/artifacts/a.bin")) == 1)
            await #expect(throws: RegistryError.self) { try await store.loggedModel(id: ids[1]) }
            #expect(try await artifacts.list(try ArtifactPath("0/models/\(ids[1])")).isEmpty)
        }
    }
}
