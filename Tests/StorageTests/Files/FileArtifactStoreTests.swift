import Dispatch
import Foundation
import Registry
import Storage
import Synchronization
import TestKit
import Testing

struct FileArtifactStoreTests {
    private static func withStore(_ body: (any ArtifactStore, String) async throws -> Void) async throws {
        try await StorageFixture.withFolder { folder in
            let store = FileArtifactStore(root: folder + "/artifacts", queue: DispatchQueue(label: "test.artifacts"))
            try await store.prepare()
            try await body(store, folder)
        }
    }

    private static func put(_ text: String, at path: String, in store: any ArtifactStore) async throws {
        let upload = try await store.upload(to: ArtifactPath(path))
        try await upload.append(Array(text.utf8))
        try await upload.finish()
    }

    private static func text(at path: String, in store: any ArtifactStore) async throws -> String {
        let bytes = Mutex<[UInt8]>([])
        try await store.read(ArtifactPath(path)) { piece in bytes.withLock { $0 += piece } }
        return String(decoding: bytes.withLock { $0 }, as: UTF8.self)
    }

    @Test func `an upload is seen only once it is finished, and then whole`() async throws {
        try await Self.withStore { store, _ in
            let path = try ArtifactPath("0/r/artifacts/model/MLmodel")
            let upload = try await store.upload(to: path)
            try await upload.append(Array("ab".utf8))
            #expect(try await store.byteCount(of: path) == nil)
            #expect(try await store.list(.root).isEmpty)
            try await upload.append(Array("cd".utf8))
            try await upload.finish()
            #expect(try await store.byteCount(of: path) == 4)
            #expect(try await Self.text(at: path.description, in: store) == "abcd")
            await #expect(throws: RegistryError.self) { try await upload.append([1]) }
        }
    }

    @Test func `a cancelled upload leaves nothing, and the old file stays`() async throws {
        try await Self.withStore { store, folder in
            try await Self.put("old", at: "a/b", in: store)
            let upload = try await store.upload(to: ArtifactPath("a/b"))
            try await upload.append([1, 2, 3])
            await upload.cancel()
            await upload.cancel()
            #expect(try await Self.text(at: "a/b", in: store) == "old")
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "/artifacts/.uploads").isEmpty)
        }
    }

    @Test func `what a killed upload left is cleared away at the next start`() async throws {
        try await Self.withStore { store, folder in
            _ = try await store.upload(to: ArtifactPath("a/b"))
            let next = FileArtifactStore(root: folder + "/artifacts", queue: DispatchQueue(label: "test.next"))
            try await next.prepare()
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "/artifacts/.uploads").isEmpty)
        }
    }

    @Test func `an empty file and a large one come back byte for byte`() async throws {
        try await Self.withStore { store, _ in
            try await Self.put("", at: "empty", in: store)
            #expect(try await store.byteCount(of: ArtifactPath("empty")) == 0)
            let large = (0..<700_001).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ ($0 >> 8)) }
            let upload = try await store.upload(to: ArtifactPath("large"))
            try await upload.append(large)
            try await upload.finish()
            let pieces = Mutex<[[UInt8]]>([])
            try await store.read(ArtifactPath("large")) { piece in pieces.withLock { $0.append(piece) } }
            #expect(pieces.withLock { $0.flatMap(\.self) } == large)
            #expect(pieces.withLock { $0.count } > 1)
        }
    }

    @Test func `folders are listed with names, kinds and sizes; files and nothing are empty`() async throws {
        try await Self.withStore { store, _ in
            try await Self.put("123", at: "m/b.txt", in: store)
            try await Self.put("1", at: "m/a/c", in: store)
            #expect(
                try await store.list(ArtifactPath("m")) == [
                    ArtifactEntry(name: "a", isDirectory: true, byteCount: nil),
                    ArtifactEntry(name: "b.txt", isDirectory: false, byteCount: 3),
                ])
            #expect(try await store.list(.root).map(\.name) == ["m"])
            for path in ["none", "none/none", "m/b.txt", "m/b.txt/x"] {
                #expect(try await store.list(ArtifactPath(path)).isEmpty, "\(path)")
            }
            #expect(try await store.byteCount(of: ArtifactPath("m")) == nil)
        }
    }

    @Test func `missing files, folders and blocked places are told apart`() async throws {
        try await Self.withStore { store, _ in
            try await Self.put("1", at: "m/a", in: store)
            await #expect(throws: RegistryError.notFound("No such artifact: 'm/none'")) {
                try await Self.text(at: "m/none", in: store)
            }
            await #expect(throws: RegistryError.notFound("No such artifact: 'm/a/x'")) {
                try await Self.text(at: "m/a/x", in: store)
            }
            for path in ["m", "m/a/b", ".uploads/x"] {
                let error = await #expect(throws: RegistryError.self) { try await Self.put("2", at: path, in: store) }
                guard case .invalid = error else { Issue.record("\(path): \(String(describing: error))"); continue }
            }
            let error = await #expect(throws: RegistryError.self) { try await Self.text(at: "m", in: store) }
            guard case .invalid = error else { Issue.record("\(String(describing: error))"); return }
            await #expect(throws: RegistryError.self) { try await store.localFolder(of: ArtifactPath("m/a")) }
        }
    }

    @Test func `a symbolic link leads nowhere`() async throws {
        try await Self.withStore { store, folder in
            try "secret".write(toFile: folder + "/secret", atomically: true, encoding: .utf8)
            try await Self.put("1", at: "m/a", in: store)
            let manager = FileManager.default
            try manager.createSymbolicLink(atPath: folder + "/artifacts/m/out", withDestinationPath: folder)
            try manager.createSymbolicLink(
                atPath: folder + "/artifacts/m/file", withDestinationPath: folder + "/secret")
            for path in ["m/out/secret", "m/file"] {
                await #expect(throws: RegistryError.self, "\(path)") { try await Self.text(at: path, in: store) }
                #expect(try await store.byteCount(of: ArtifactPath(path)) == nil)
            }
            await #expect(throws: RegistryError.self) { try await Self.put("x", at: "m/out/new", in: store) }
            await #expect(throws: RegistryError.self) { try await store.localFolder(of: ArtifactPath("m/out")) }
            #expect(try await store.list(ArtifactPath("m")).map(\.name) == ["a"])
            try await Self.put("mine", at: "m/file", in: store)
            try await store.delete(ArtifactPath("m/out"))
            try await store.delete(ArtifactPath("m"))
            #expect(try String(contentsOfFile: folder + "/secret", encoding: .utf8) == "secret")
            #expect(!manager.fileExists(atPath: folder + "/new"))
        }
    }

    @Test func `deleting is recursive, and deleting nothing is fine; the root stays`() async throws {
        try await Self.withStore { store, _ in
            for path in ["m/a", "m/b/c/d", "n"] { try await Self.put("1", at: path, in: store) }
            for path in ["m", "m", "x/y"] { try await store.delete(ArtifactPath(path)) }
            #expect(try await store.list(.root).map(\.name) == ["n"])
            try await store.delete(ArtifactPath("n"))
            await #expect(throws: RegistryError.self) { try await store.delete(.root) }
        }
    }

    @Test func `a folder is adopted in one step, and a second call changes nothing`() async throws {
        try await Self.withStore { store, folder in
            let path = try ArtifactPath("0/r/artifacts/model")
            func prepare(_ text: String) throws -> String {
                let source = folder + "/work"
                try FileManager.default.createDirectory(atPath: source + "/data", withIntermediateDirectories: true)
                try text.write(toFile: source + "/data/x", atomically: true, encoding: .utf8)
                return source
            }
            await #expect(throws: RegistryError.self) { try await store.adopt(folder: folder + "/work", as: path) }
            try await store.adopt(folder: prepare("1"), as: path)
            #expect(try await Self.text(at: path.description + "/data/x", in: store) == "1")
            #expect(!FileManager.default.fileExists(atPath: folder + "/work"))
            try await store.adopt(folder: folder + "/work", as: path)
            try await store.adopt(folder: prepare("1"), as: path)
            #expect(!FileManager.default.fileExists(atPath: folder + "/work"))
            let other = try prepare("2")
            await #expect(throws: RegistryError.alreadyExists("Other files are at '\(path)' already.")) {
                try await store.adopt(folder: other, as: path)
            }
            #expect(try await Self.text(at: path.description + "/data/x", in: store) == "1")
            #expect(try await store.localFolder(of: path) == folder + "/artifacts/" + path.description)
        }
    }

    @Test func `a folder with a link in it is not adopted`() async throws {
        try await Self.withStore { store, folder in
            try FileManager.default.createDirectory(atPath: folder + "/work", withIntermediateDirectories: true)
            try FileManager.default.createSymbolicLink(atPath: folder + "/work/l", withDestinationPath: "/etc/passwd")
            await #expect(throws: RegistryError.self) {
                try await store.adopt(folder: folder + "/work", as: ArtifactPath("m"))
            }
            #expect(try await store.list(.root).isEmpty)
        }
    }

    @Test func `the integrity check misses the files of an aliased version`() async throws {
        try await Self.withStore { artifacts, folder in
            let store = try StorageFixture.open(folder)
            _ = try await store.makeRun(id: "r")
            _ = try await store.createVersion(
                ModelVersionRequest(name: "movies", source: "runs:/r/model", createModel: true))
            try await store.setAlias("production", to: 1, of: "movies", actor: "cli", reason: "")
            #expect(
                try await store.integrityReport(artifacts: artifacts).problems
                    == ["version 1 of movies has no files at 0/r/artifacts/model"])
            try await Self.put("x", at: "0/r/artifacts/model/MLmodel", in: artifacts)
            #expect(try await store.integrityReport(artifacts: artifacts).isSound)
            try store.close()
        }
    }
}
