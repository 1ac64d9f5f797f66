import Dispatch
import Foundation
import Registry
import Scheduling
import Storage
import TestKit
import Testing

struct GarbageTests {
    private static func put(_ text: String, at path: String, in artifacts: FileArtifactStore) async throws {
        let upload = try await artifacts.upload(to: try ArtifactPath(path))
        try await upload.append(Array(text.utf8))
        try await upload.finish()
    }

    /// A store and artefacts beside it. The wall's time is that of the files.
    private static func with(_ body: (SQLiteStore, FileArtifactStore, String) async throws -> Void) async throws {
        try await StorageFixture.withFolder { folder in
            let time = TickingTime(from: .init(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)))
            let store = try SQLiteStore(path: folder + "/mlstack.db", now: { time.now() })
            let artifacts = FileArtifactStore(
                root: folder + "/artifacts", queue: DispatchQueue(label: "test.artifacts"))
            try await artifacts.prepare()
            try await body(store, artifacts, folder)
            try store.close()
        }
    }

    @Test func `files without a record go, everything that somebody may count on stays`() async throws {
        try await Self.with { store, artifacts, folder in
            #expect(try await store.removeGarbage(in: artifacts) == 0)
            let run = try await store.createRun(RunRequest(experimentID: "0", startTimeMilliseconds: 0)).id
            let pending = try await store.createLoggedModel(
                experimentID: "0", name: "m", modelType: "", sourceRunID: nil, params: [], tags: [:]
            ).id
            let none = String(repeating: "a", count: 32)
            let kept = [
                "0/\(run)/artifacts/a", "0/models/\(pending)/artifacts/b", "0/traces/tr-1/artifacts/traces.json",
                "notes/x", "0/\(none.dropLast())/y",
            ]
            let gone = ["0/\(none)/artifacts/a", "7/models/m-\(none)/artifacts/b/c"]
            for path in kept + gone { try await Self.put("x", at: path, in: artifacts) }
            #expect(try await store.removeGarbage(in: artifacts) == 2)
            for path in kept { #expect(try await artifacts.byteCount(of: try ArtifactPath(path)) == 1, "\(path)") }
            for path in gone { #expect(try await artifacts.byteCount(of: try ArtifactPath(path)) == nil, "\(path)") }
        }
    }

    @Test func `what is older than the database may belong to one that was moved aside`() async throws {
        try await Self.with { store, artifacts, folder in
            let none = String(repeating: "b", count: 32)
            try await Self.put("x", at: "0/\(none)/artifacts/a", in: artifacts)
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSinceNow: -86_400)], ofItemAtPath: "\(folder)/artifacts/0/\(none)")
            #expect(try await store.removeGarbage(in: artifacts) == 0)
            #expect(try await artifacts.byteCount(of: try ArtifactPath("0/\(none)/artifacts/a")) == 1)
        }
    }

    @Test func `a file that was being stored is there with its version or not at all`() async throws {
        try await Self.with { store, artifacts, _ in
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
            #expect(try await store.removeGarbage(in: artifacts) == 1)
            #expect(try await store.loggedModel(id: ids[0]).status == LoggedModel.ready)
            #expect(try await artifacts.byteCount(of: try ArtifactPath("0/models/\(ids[0])/artifacts/a.bin")) == 1)
            await #expect(throws: RegistryError.self) { try await store.loggedModel(id: ids[1]) }
            #expect(try await artifacts.list(try ArtifactPath("0/models/\(ids[1])")).isEmpty)
        }
    }
}
