import Foundation
import Logging
import Registry
import Training
import Transfer

// What a killed process, or one that lost the store in the middle, leaves in the bucket; and how it is found and removed.

extension BucketArtifactStore {
    /// What is on its way into the bucket, written down before it begins.
    struct Record: Codable, Equatable {
        var path: String
        /// A folder, of which nothing may stay; else a file in parts, of which the file that was there before stays.
        var isFolder: Bool
        /// Of a folder, by their paths in it.
        var files: [String] = []
    }

    /// Uploads in parts of homes that never came back are given up after this time.
    private static let longestUploadSeconds = 7 * 24 * 3600

    private var recordPrefix: String { client.place.key("\(Self.own)/pending/\(homeID)/") }

    /// - Returns: its name.
    func record(_ record: Record) async throws -> String {
        // A folder's name can be found again from its path; files may be written by several at once.
        let word = record.isFolder ? record.path : "\(record.path)\n\(UInt64.random(in: .min ... .max))"
        let name = recordName(record.isFolder, word)
        try await client.put(Array(try JSONEncoder().encode(record)), as: name)
        return name
    }

    /// The name of a folder's record that is there; nil when there is none.
    func record(ofFolder path: ArtifactPath) async throws -> String? {
        let name = recordName(true, path.description)
        return try await client.head(name) == nil ? nil : name
    }

    private func recordName(_ isFolder: Bool, _ word: String) -> String {
        "\(recordPrefix)\(isFolder ? "folder" : "file")-\(SHA256.hex(of: Array(word.utf8)).prefix(32)).json"
    }

    /// Makes the prefix this home's. Runs of the same pipeline and time have the same name in every home, so that two homes
    /// would get into each other's way.
    /// - Throws: `StackError.placeOfAnotherHome`.
    func claim() async throws {
        let key = client.place.key("\(Self.own)/home")
        guard let present = try await client.get(key) else {
            try await client.put(Array(homeID.utf8), as: key)
            return
        }
        guard present == Array(homeID.utf8) else {
            throw StackError.placeOfAnotherHome(place: client.place.description, key: key)
        }
    }

    /// Clears away what a killed process left half-done, here and in the bucket. Call it at the start, before any upload.
    func prepare() async throws {
        try await cache.prepare()
        for object in try await client.list(recordPrefix).objects { try await takeBack(object.key) }
        let now = Int(Date().timeIntervalSince1970)
        // Others may use the bucket too, below names that begin alike, and below this prefix in ways of their own.
        let prefix = try folderKey(.root)
        for entry in try await openUploads(prefix) {
            guard let start = entry.startedAtSeconds, now - start > Self.longestUploadSeconds,
                let path = try? ArtifactPath(String(entry.upload.key.dropFirst(prefix.count))), Self.isOurs(path)
            else { continue }
            try await client.abort(entry.upload)
        }
    }

    /// Whether a name is one that this store gives: below an experiment.
    private static func isOurs(_ path: ArtifactPath) -> Bool {
        path.components.count > 1 && path.components.first.map(ArtifactHolder.isExperiment) ?? false
    }

    /// Not every store lists them, and not every key may; nothing but room is lost then.
    private func openUploads(_ prefix: String) async throws -> [BucketUploadEntry] {
        do {
            return try await client.uploads(prefix)
        } catch let error as BucketError {
            switch error {
            case .forbidden, .refused, .unavailable(_, 501, _): break
            default: throw error
            }
            logger.warning("uploads that were cut off stay in the bucket: \(ErrorText(error).oneLine)")
            return []
        }
    }

    /// Removes what a record names, and the record last.
    func takeBack(_ name: String) async throws {
        guard let bytes = try await client.get(name, limit: 64 << 20) else { return }
        guard let record = try? JSONDecoder().decode(Record.self, from: Data(bytes)) else {
            // Not ours, or of a later version: whoever wrote it knows what it is about.
            return logger.warning("\(name) in the bucket is no record that this program understands; it is left alone.")
        }
        try await takeBack(name, record)
    }

    func takeBack(_ name: String, _ record: Record) async throws {
        let path = try ArtifactPath(record.path)
        let key = try key(path)
        for entry in try await openUploads(key)
        where record.isFolder ? entry.upload.key.hasPrefix(key + "/") : entry.upload.key == key {
            try await client.abort(entry.upload)
        }
        if record.isFolder {
            try await remove(try record.files.map { try self.key(try path.appending($0)) })
        }
        try await client.delete(name)
    }
}
