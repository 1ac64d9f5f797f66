import Foundation
import Training
import Transfer

/// Files as versions of a model.
extension StackClient {
    /// What goes with a file.
    package struct FileFacts: Sendable {
        package var score: Double?
        package var metric: String?
        package var tags: [String: String]
        package init(score: Double?, metric: String?, tags: [String: String]) {
            (self.score, self.metric, self.tags) = (score, metric, tags)
        }
    }

    private static func path(ofFileIn model: String) throws -> String { try path(ofModel: model) + "/file" }

    private static func query(_ items: [(String, String?)]) -> String {
        items.compactMap { name, value in value.map { "\(escaped(name))=\(escaped($0))" } }.joined(separator: "&")
    }

    /// A file as it is or compressed; a folder as one `.tar.gz`.
    /// - Returns: the answer's body.
    package func store(_ source: String, as model: String, _ facts: FileFacts, compresses: Bool) async throws -> String
    {
        let path = try Self.path(ofFileIn: model)
        let parcel = try await Queues.files.perform { try FileParcel(source, compresses: compresses) }
        defer { parcel.remove() }
        let query = Self.query(
            [
                ("file", parcel.name), ("sha256", parcel.sha256), ("compression", parcel.compression),
                ("score", facts.score.map { "\($0)" }), ("metric", facts.metric),
            ] + facts.tags.sorted { $0.key < $1.key }.map { ("tag." + $0.key, $0.value) })
        do {
            let reply = try await transfer.upload(
                "POST", url + path + "?\(query)", file: parcel.path,
                headers: headers + [(name: "Content-Type", value: "application/octet-stream")])
            if !reply.isSuccess { throw refusal(reply.status, reply.text) }
            return reply.text
        } catch let error as TransferError {
            throw StackError.serverRefused(url: url, reason: reason(error))
        }
    }

    /// What was fetched.
    package struct FetchedFile: Sendable, Equatable {
        package var path: String
        package var version: Int
        package var bytes: Int
        package var sha256: String

        package func json() throws -> String {
            try JSONText.object(["path": path, "version": version, "bytes": bytes, "sha256": sha256])
        }
    }

    /// Writes the file, unpacked, into a folder; whole and proven, or not at all.
    /// - Parameters:
    ///   - choice: `newest` or `best`.
    ///   - replaces: a file that is there.
    package func fetch(
        _ model: String, choice: String, tags: [String: String], into folder: String, replaces: Bool
    ) async throws -> FetchedFile {
        let query = Self.query(
            [("choose", choice)] + tags.sorted { $0.key < $1.key }.map { ("tag." + $0.key, $0.value) })
        let path = try Self.path(ofFileIn: model)
        let partial = "\(Home(folder).path)/.mlstack-tmp-\(UUID().uuidString)"
        try await Queues.files.perform {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        }
        defer { try? FileManager.default.removeItem(atPath: partial) }
        let target = try UnpackedFile(path: partial)
        let reply: HTTPReply
        do {
            reply = try await transfer.stream("GET", url + path + "?\(query)", headers: headers) {
                try $0.withUnsafeBytes { try target.write($0) }
            }
        } catch let error as TransferError {
            throw StackError.serverRefused(url: url, reason: reason(error))
        }
        guard reply.isSuccess else { throw refusal(reply.status, reply.text) }
        return try await Queues.files.perform {
            try FileDelivery(reply: reply, partial: partial, folder: Home(folder).path, replaces: replaces).deliver()
        }
    }
}
