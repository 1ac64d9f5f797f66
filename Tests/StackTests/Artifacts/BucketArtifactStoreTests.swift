import Dispatch
import Foundation
import Logging
import Registry
import Storage
import TestKit
import Testing
import Training
import Transfer

@testable import Stack

/// What `FileArtifactStore` promises, of a bucket; and what only a bucket can suffer.
struct BucketArtifactStoreTests {
    private static func withStore(
        _ body: (BucketArtifactStore, BucketServer, String) async throws -> Void
    ) async throws {
        let server = try BucketServer()
        try await StorageFixture.withFolder { folder in
            let store = try store(server, folder)
            try await store.prepare()
            server.forgetRequests()
            try await body(store, server, folder)
        }
    }

    private static func store(_ server: BucketServer, _ folder: String, home: String = "one") throws
        -> BucketArtifactStore
    {
        var client = try BucketClient(
            place: BucketPlace("s3://\(BucketServer.bucket)/p", endpoint: server.url),
            credentials: BucketCredentials(keyID: "key", secret: "secret"),
            queues: [DispatchQueue(label: "test.bucket")], digest: SHA256.hex(of:))
        client.patience.pauses = [.milliseconds(1)]
        let queue = DispatchQueue(label: "test.files")
        return BucketArtifactStore(
            client: client, cache: FolderCache(root: folder + "/cache", queue: queue), queue: queue, homeID: home,
            logger: .silent)
    }

    private static func put(_ text: String, at path: String, in store: any ArtifactStore) async throws {
        let upload = try await store.upload(to: try ArtifactPath(path))
        try await upload.append(Array(text.utf8))
        try await upload.finish()
    }

    private static func text(at path: String, in store: any ArtifactStore) async throws -> String {
        let bytes = Collected()
        try await store.read(try ArtifactPath(path)) { await bytes.add($0) }
        return String(decoding: await bytes.all, as: UTF8.self)
    }

    private actor Collected {
        var all: [UInt8] = []
        func add(_ bytes: [UInt8]) { all += bytes }
    }

    /// A folder with a model of three files, one of them empty.
    private static func source(_ folder: String, _ text: String = "weights") throws -> String {
        let source = folder + "/source"
        try FileManager.default.createDirectory(atPath: source + "/deep", withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(filePath: source + "/model.bin"))
        try Data("a b".utf8).write(to: URL(filePath: source + "/deep/naïve name.txt"))
        try Data().write(to: URL(filePath: source + "/empty"))
        return source
    }

    private static let keys = [
        "p/0/r/artifacts/model/\(names[0])", "p/0/r/artifacts/model/\(names[1])", "p/0/r/artifacts/model/\(names[2])",
    ]
    private static let names = ["deep/naïve name.txt", "empty", "model.bin"]
    private static func path() throws -> ArtifactPath { try ArtifactPath("0/r/artifacts/model") }

    // MARK: Files

    @Test func `a file is there when its upload is finished, and lies where MLflow's layout has it`() async throws {
        try await Self.withStore { store, server, _ in
            let path = try ArtifactPath("0/r/artifacts/a b.txt")
            let upload = try await store.upload(to: path)
            try await upload.append(Array("hello".utf8))
            #expect(try await store.byteCount(of: path) == nil)
            try await upload.finish()
            #expect(server.keys == ["p/0/r/artifacts/a b.txt"])
            #expect(try await store.byteCount(of: path) == 5)
            #expect(try await Self.text(at: path.description, in: store) == "hello")
            #expect(
                try await store.list(try ArtifactPath("0/r"))
                    == [ArtifactEntry(name: "artifacts", isDirectory: true, byteCount: nil)])
            try await store.delete(try ArtifactPath("0/r"))
            #expect(server.keys.isEmpty)
        }
    }

    @Test func `a large file goes in parts as it comes, and one that is given up leaves none`() async throws {
        try await Self.withStore { store, server, _ in
            let piece = [UInt8](repeating: 7, count: 5 << 20)
            let upload = try await store.upload(to: try ArtifactPath("0/r/large"))
            for _ in 0..<4 { try await upload.append(piece) }
            #expect(server.uploadKeys == ["p/0/r/large"])
            try await upload.finish()
            #expect(server.keys == ["p/0/r/large"])
            #expect(server.objects["p/0/r/large"]?.bytes.count == 20 << 20)
            let second = try await store.upload(to: try ArtifactPath("0/r/other"))
            for _ in 0..<2 { try await second.append(piece) }
            await second.cancel()
            #expect(server.uploadKeys.isEmpty && server.keys == ["p/0/r/large"])
        }
    }

    @Test func `damage in the bucket is found when a file is read`() async throws {
        try await Self.withStore { store, server, _ in
            try await Self.put("hello", at: "0/r/x", in: store)
            server.change("p/0/r/x") { $0[0] ^= 1 }
            await #expect(throws: RegistryError.self) { try await Self.text(at: "0/r/x", in: store) }
        }
    }

    @Test func `a part of a file is read without what is before it, and small pieces come of a large one`() async throws
    {
        try await Self.withStore { store, server, _ in
            server.place(Array(repeating: 7, count: 9 << 20), at: "p/0/r/x")
            let (path, bytes) = (try ArtifactPath("0/r/x"), Collected())
            try await store.read(path, range: Int64(8 << 20)..<Int64(8 << 20) + 4) { await bytes.add($0) }
            #expect(await bytes.all == [7, 7, 7, 7])
            #expect(server.heads.contains { $0.contains("Range: bytes=8388608-8388611\r\n") })
            #expect(server.requests.count == 2)
            try await store.read(path) { #expect($0.count <= 256 << 10) }
        }
    }

    @Test func `damage is found before the last byte of a whole file is handed on`() async throws {
        try await Self.withStore { store, server, _ in
            try await Self.put("hello", at: "0/r/x", in: store)
            server.change("p/0/r/x") { $0[0] ^= 1 }
            let bytes = Collected()
            await #expect(throws: RegistryError.self) {
                try await store.read(try ArtifactPath("0/r/x"), range: 0..<5) { await bytes.add($0) }
            }
            #expect(await bytes.all.isEmpty)
        }
    }

    @Test(arguments: [
        ("AccessDenied", 403, RegistryError.storage("")), ("SlowDown", 503, .unavailable("")),
    ])
    func `a store that is away is another thing than one that refuses`(
        _ code: String, _ status: Int, _ kind: RegistryError
    ) async throws {
        try await Self.withStore { store, server, _ in
            server.suffer(Array(repeating: .status(status, code: code), count: 9), on: "/models")
            let error = await #expect(throws: RegistryError.self) { try await store.list(try ArtifactPath("0")) }
            #expect(error?.publicAnswer == kind.publicAnswer)
        }
    }

    @Test func `dead uploads of others are left alone, whose names only begin as ours do`() async throws {
        try await Self.withStore { store, server, folder in
            for key in ["p2/0/r/x", "p/elsewhere/x", "p/0/r/x"] { _ = try await store.client.beginUpload(key) }
            try await Self.store(server, folder).prepare()
            #expect(server.uploadKeys == ["p/elsewhere/x", "p2/0/r/x"])
        }
    }

    @Test func `names that no path can have are neither listed nor fetched`() async throws {
        try await Self.withStore { store, server, _ in
            for key in ["../../etc/x", "a//b", "%2e%2e/x", "back\\slash", "nul\u{1}", "folder/", ".."] {
                server.place([1], at: "p/0/m/" + key)
            }
            try await Self.put("good", at: "0/m/good", in: store)
            #expect(try await store.list(try ArtifactPath("0/m")).map(\.name).sorted() == ["a", "folder", "good"])
            let folder = try await store.localFolder(of: try ArtifactPath("0/m"))
            #expect(try FileManager.default.subpathsOfDirectory(atPath: folder) == ["good"])
        }
    }

    @Test(arguments: [".mlstack", ".mlstack/pending/x"])
    func `the store's own place is nobody's path`(_ text: String) async throws {
        try await Self.withStore { store, _, _ in
            let path = try ArtifactPath(text)
            await #expect(throws: RegistryError.self) { _ = try await store.upload(to: path) }
            await #expect(throws: RegistryError.self) { try await store.delete(path) }
            await #expect(throws: RegistryError.self) { _ = try await store.list(path) }
        }
    }

    // MARK: Folders

    @Test func `a folder is adopted whole, and is here without being fetched`() async throws {
        try await Self.withStore { store, server, folder in
            let source = try Self.source(folder)
            try await store.adopt(folder: source, as: try Self.path())
            #expect(server.keys == Self.keys)
            #expect(!FileManager.default.fileExists(atPath: source))
            let local = try await store.localFolder(of: try Self.path())
            #expect(try String(contentsOfFile: local + "/model.bin", encoding: .utf8) == "weights")
            #expect(!server.requests.contains { $0.hasPrefix("GET") && $0.contains("model.bin") })
        }
    }

    @Test func `a second call with the same content changes nothing, and other content is refused`() async throws {
        try await Self.withStore { store, server, folder in
            try await store.adopt(folder: try Self.source(folder), as: try Self.path())
            let before = server.objects
            try await store.adopt(folder: try Self.source(folder), as: try Self.path())
            try await store.adopt(folder: folder + "/source", as: try Self.path())
            #expect(server.objects == before)
            #expect(!FileManager.default.fileExists(atPath: folder + "/source"))
            let other = try Self.source(folder, "WEIGHTS")
            await #expect(throws: RegistryError.self) { try await store.adopt(folder: other, as: try Self.path()) }
            #expect(FileManager.default.fileExists(atPath: other))
        }
    }

    @Test func `a folder that stops arriving in the middle is taken back, and arrives at the next attempt`()
        async throws
    {
        try await Self.withStore { store, server, folder in
            let source = try Self.source(folder)
            server.suffer([.status(403, code: "AccessDenied")], on: "PUT /models/p/0/r/artifacts/model/model.bin")
            await #expect(throws: RegistryError.self) { try await store.adopt(folder: source, as: try Self.path()) }
            #expect(server.keys.isEmpty)
            #expect(FileManager.default.fileExists(atPath: source + "/model.bin"))
            try await store.adopt(folder: source, as: try Self.path())
            #expect(server.keys == Self.keys)
        }
    }

    @Test func `while a folder arrives nobody sees a part of it`() async throws {
        try await Self.withStore { store, server, _ in
            let (path, above) = (try Self.path(), try ArtifactPath("0/r/artifacts"))
            let file = try path.appending(Self.names[0])
            #expect(store.hidden.add(path))
            server.place([1], at: Self.keys[0])
            let (inside, beside) = (try await store.list(path), try await store.list(above))
            #expect(inside.isEmpty && beside.isEmpty)
            let count = try await store.byteCount(of: file)
            #expect(count == nil)
            await #expect(throws: RegistryError.self) { _ = try await store.localFolder(of: path) }
        }
    }

    /// For every request of an adoption: the process dies right before it, and the next start finds the rest.
    @Test func `a kill at any request of an adoption leaves the whole folder or nothing`() async throws {
        var total = 0
        try await Self.withStore { store, server, folder in
            try await store.adopt(folder: try Self.source(folder), as: try Self.path())
            total = server.requests.count
        }
        #expect(total > 5)
        for count in 0..<total {
            try await Self.withStore { store, server, folder in
                let source = try Self.source(folder)
                // From some request on nothing gets through any more, neither what takes things back.
                server.die(after: count)
                try? await store.adopt(folder: source, as: try Self.path())
                server.recover()
                let next = try Self.store(server, folder)
                try await next.prepare()
                #expect(server.keys.isEmpty || server.keys == Self.keys, "\(count): \(server.keys)")
                try await next.adopt(folder: source, as: try Self.path())
                #expect(server.keys == Self.keys)
                let local = try await next.localFolder(of: try Self.path())
                #expect(try String(contentsOfFile: local + "/model.bin", encoding: .utf8) == "weights")
            }
        }
    }

    @Test func `a start ends what its own home left, and leaves that of others alone`() async throws {
        try await Self.withStore { store, server, folder in
            let piece = [UInt8](repeating: 7, count: 9 << 20)
            let upload = try await store.upload(to: try ArtifactPath("0/r/large"))
            try await upload.append(piece)
            let other = try Self.store(server, folder + "/other", home: "two")
            let theirs = try await other.record(.init(path: "0/r/artifacts/model", isFolder: true, files: ["x"]))
            server.place([1], at: "p/0/r/artifacts/model/x")
            try await Self.store(server, folder).prepare()
            #expect(server.uploadKeys.isEmpty)
            #expect(server.keys == [theirs, "p/0/r/artifacts/model/x"].sorted())
            try await other.prepare()
            #expect(server.keys.isEmpty)
        }
    }

    // MARK: The cache

    @Test func `an empty cache is filled from the bucket, and a damaged file in it is fetched again`() async throws {
        try await Self.withStore { store, server, folder in
            try await store.adopt(folder: try Self.source(folder), as: try Self.path())
            try FileManager.default.removeItem(atPath: folder + "/cache")
            let next = try Self.store(server, folder)
            try await next.prepare()
            let local = try await next.localFolder(of: try Self.path())
            #expect(try FileManager.default.subpathsOfDirectory(atPath: local).sorted() == ["deep"] + Self.names)
            try Data("Weights".utf8).write(to: URL(filePath: local + "/model.bin"))
            let again = try await next.localFolder(of: try Self.path())
            #expect(try String(contentsOfFile: again + "/model.bin", encoding: .utf8) == "weights")
        }
    }

    @Test func `what was changed in the bucket is fetched, and what does not fit its checksum is refused`() async throws
    {
        try await Self.withStore { store, server, folder in
            try await store.adopt(folder: try Self.source(folder), as: try Self.path())
            try await Self.put("newer", at: "0/r/artifacts/model/model.bin", in: store)
            let local = try await store.localFolder(of: try Self.path())
            #expect(try String(contentsOfFile: local + "/model.bin", encoding: .utf8) == "newer")
            try FileManager.default.removeItem(atPath: folder + "/cache")
            try await store.prepare()
            server.change("p/0/r/artifacts/model/model.bin") { $0[0] ^= 1 }
            await #expect(throws: RegistryError.self) { _ = try await store.localFolder(of: try Self.path()) }
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "/cache").isEmpty)
        }
    }

    @Test func `what was not used for longest leaves the cache first`() async throws {
        try await Self.withStore { store, server, folder in
            var small = store.cache
            small.limitBytes = 10
            let store = BucketArtifactStore(
                client: store.client, cache: small, queue: store.queue, homeID: "one", logger: .silent)
            for number in 0..<6 {
                try await Self.put("file \(number)", at: "0/m\(number)/x", in: store)
                _ = try await store.localFolder(of: try ArtifactPath("0/m\(number)"))
            }
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: folder + "/cache").count == FolderCache.leastFolders
            )
            server.forgetRequests()
            _ = try await store.localFolder(of: try ArtifactPath("0/m5"))
            #expect(server.requests.count == 1)
            try await store.delete(try ArtifactPath("0/m5"))
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: folder + "/cache").count
                    == FolderCache.leastFolders - 1)
        }
    }
}
