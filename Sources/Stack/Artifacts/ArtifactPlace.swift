import Foundation
import Logging
import Registry
import Scheduling
import Storage
import Training
import Transfer

/// Where a stack keeps its artefacts: in the home or, when `mlstack.yaml` says so, in a bucket.
enum ArtifactPlace {
    /// - Parameters:
    ///   - settings: nil: the home.
    ///   - environment: keys (`AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`) and, where the settings are
    ///     silent, `AWS_ENDPOINT_URL_S3`, `AWS_ENDPOINT_URL`, `AWS_REGION` and `AWS_DEFAULT_REGION`.
    /// - Returns: a bucket after it has been seen to be there and open to the key.
    /// - Throws: `BucketError`, `StackError.placeOfAnotherHome`; what the home's disk says.
    static func open(
        _ settings: ProjectFile.ArtifactSettings?, home: Home, environment: [String: String], logger: Logger
    ) async throws -> any SearchableArtifactStore {
        guard let settings else {
            let files = FileArtifactStore(root: home.artifacts, queue: Queues.artifacts)
            try await files.prepare()
            return files
        }
        let id = try await Queues.files.perform { try homeID(home) }
        let store = try await bucket(settings, home: home, id: id, environment: environment, logger: logger)
        try await store.claim()
        try await store.prepare()
        return store
    }

    /// The store to look into. In a bucket an object of its own comes and goes, to see whether it can be written; nothing
    /// else is changed, here or there.
    static func look(
        _ settings: ProjectFile.ArtifactSettings?, home: Home, environment: [String: String]
    ) async throws -> any ArtifactStore {
        guard let settings else { return FileArtifactStore(root: home.artifacts, queue: Queues.artifacts) }
        let id = try await Queues.files.perform { readHomeID(home) ?? newHomeID() }
        return try await bucket(
            settings, home: home, id: id, environment: environment, logger: Logger(label: "mlstack"))
    }

    static func place(
        _ settings: ProjectFile.ArtifactSettings, _ environment: [String: String]
    ) throws(BucketError) -> BucketPlace {
        func first(_ names: String...) -> String? { names.lazy.compactMap { environment[$0] }.first { !$0.isEmpty } }
        return try BucketPlace(
            settings.place, endpoint: settings.endpoint ?? first("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"),
            region: settings.region ?? first("AWS_REGION", "AWS_DEFAULT_REGION"))
    }

    private static func bucket(
        _ settings: ProjectFile.ArtifactSettings, home: Home, id: String, environment: [String: String], logger: Logger
    ) async throws -> BucketArtifactStore {
        let client = try BucketClient(
            place: try place(settings, environment), credentials: try BucketCredentials(environment: environment),
            queues: Queues.bucket, digest: SHA256.hex(of:))
        try await client.check(probe: client.place.key("\(BucketArtifactStore.own)/probe-\(id)"))
        return BucketArtifactStore(
            client: client, cache: FolderCache(root: home.cache, queue: Queues.artifacts), queue: Queues.artifacts,
            homeID: id, logger: logger)
    }

    /// A word by which the bucket tells homes apart; made once. Blocks.
    private static func homeID(_ home: Home) throws -> String {
        if let id = readHomeID(home) { return id }
        let id = newHomeID()
        try AtomicFile.write(Array((id + "\n").utf8), to: home.bucketID)
        return id
    }

    private static func newHomeID() -> String { String(UInt64.random(in: .min ... .max), radix: 16) }

    /// nil for a home that has none, or none that is believable. Blocks.
    private static func readHomeID(_ home: Home) -> String? {
        guard let text = try? String(contentsOfFile: home.bucketID, encoding: .utf8) else { return nil }
        let id = text.filter { !$0.isWhitespace }
        let isPlain = id.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
        return !id.isEmpty && id.utf8.count <= 64 && isPlain ? id : nil
    }
}
