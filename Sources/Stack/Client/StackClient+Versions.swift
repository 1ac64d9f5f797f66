import Foundation
import Transfer

/// Versions of models, over the same routes as any MLflow client.
extension StackClient {
    /// Takes a version out of use; an alias `production` that named it goes with that.
    package func archive(_ model: String, version: Int) async throws -> String {
        _ = try Self.path(ofModel: model)
        return try await post(
            "/api/2.0/mlflow/model-versions/transition-stage",
            [
                "name": model, "version": "\(version)", "stage": "Archived", "archive_existing_versions": false,
            ])
    }

    private struct Location: Decodable { let artifactUri: String? }
    private struct Listing: Decodable {
        struct Entry: Decodable {
            let path: String
            let isDir: Bool
        }
        let files: [Entry]?
    }

    /// Writes the files of a version into a new folder; all of them or none.
    /// - Returns: how many files that were.
    package func export(_ model: String, version: Int, to folder: String) async throws -> Int {
        _ = try Self.path(ofModel: model)
        let target = Home(folder).path
        if access(target, F_OK) == 0 {
            throw StackError.usage("\(target) is there already.", remedy: "choose another --output.")
        }
        let location = try await get(
            "/api/2.0/mlflow/model-versions/get-download-uri?name=\(Self.escaped(model))&version=\(version)",
            as: Location.self)
        let scheme = "mlflow-artifacts:/"
        guard let uri = location.artifactUri, uri.hasPrefix(scheme) else {
            throw StackError.usage(
                "the files of version \(version) of \(model) are not kept by this server.",
                remedy: "take them from \(location.artifactUri ?? "where they are").")
        }
        let partial = "\(target).mlstack-tmp-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: partial) }
        let count = try await copy(folder: String(uri.dropFirst(scheme.count)), to: partial)
        guard count > 0 else {
            throw StackError.usage(
                "version \(version) of \(model) has no files.", remedy: "`mlstack doctor` tells what the home lacks.")
        }
        guard rename(partial, target) == 0 else { throw ArchiveError(writing: target) }
        return count
    }

    private func copy(folder: String, to target: String) async throws -> Int {
        let listing = try await get(
            "/api/2.0/mlflow-artifacts/artifacts?path=\(Self.escaped(folder))", as: Listing.self)
        try FileManager.default.createDirectory(atPath: target, withIntermediateDirectories: true)
        var count = 0
        for entry in listing.files ?? [] where !entry.path.contains("/") && entry.path != ".." && entry.path != "." {
            let (source, place) = ("\(folder)/\(entry.path)", "\(target)/\(entry.path)")
            if entry.isDir {
                count += try await copy(folder: source, to: place)
            } else {
                try await download(source, to: place)
                count += 1
            }
        }
        return count
    }

    private func download(_ source: String, to place: String) async throws {
        let target = try UnpackedFile(path: place)
        let path = source.split(separator: "/").map { Self.escaped(String($0)) }.joined(separator: "/")
        do {
            let reply = try await transfer.stream(
                "GET", "\(url)/api/2.0/mlflow-artifacts/artifacts/\(path)", headers: headers
            ) {
                try $0.withUnsafeBytes { try target.write($0) }
            }
            if !reply.isSuccess { throw refusal(reply.status, reply.text) }
        } catch let error as TransferError {
            throw StackError.serverRefused(url: url, reason: reason(error))
        }
    }
}
