import HTTPTypes
import Hummingbird
import NIOCore
import Registry

/// `/api/2.0/mlflow-artifacts/artifacts…`: files of runs and models, streamed both ways.
struct MLflowArtifactRoutes: RouteFamily {
    let artifacts: any ArtifactStore

    /// Of one file: 5 GiB.
    private static let fileLimit = 5 << 30
    /// Pieces of the network are small; the disk gets larger ones.
    private static let pieceLength = 256 << 10

    func register(in table: inout RouteTable) {
        for prefix in ["/api", "/ajax-api"] {
            let folder = "\(prefix)/2.0/mlflow-artifacts/artifacts"
            on(&table, .get, folder, list)
            on(&table, .get, folder + "/{path...}", download)
            on(&table, .put, folder + "/{path...}", takesFiles: true, upload)
            on(&table, .delete, folder + "/{path...}") { call in
                try await artifacts.delete(try Self.path(of: call))
                return .mlflowDone
            }
        }
    }

    private func on(
        _ table: inout RouteTable, _ method: HTTPRequest.Method, _ pattern: String, takesFiles: Bool = false,
        _ handler: @escaping RouteHandler
    ) {
        table.on(method, pattern, takesFiles: takesFiles) { call in
            try await MLflowFailure.answering { try await handler(call) }
        }
    }

    /// MLflow's server refuses `#` too: it would end the path in every URI that names the file.
    private static func path(of call: HTTPCall) throws -> ArtifactPath {
        let text = call.parameter("path")
        if text.contains("#") { throw RegistryError.invalid("Invalid path: '\(text)': it holds `#`.") }
        return try ArtifactPath(text)
    }

    /// A folder may be written with a slash at its end.
    static func trimmed(_ path: String) -> String {
        path.hasSuffix("/") ? String(path.dropLast()) : path
    }

    // MARK: Listing

    /// What is in a folder of a run or of a logged model, with paths from the root of that.
    static func files(in folder: String, below root: String, of artifacts: any ArtifactStore) async throws -> Response {
        let folder = try ArtifactPath(trimmed(folder))
        let entries = try await artifacts.list(try ArtifactPath(artifactURI: root).appending(folder.description))
        return .json(capacity: 96 * (entries.count + 1)) { json in
            json.member("root_uri", root)
            json.present("files", entries.sorted { $0.name < $1.name }) { json, entry in
                json.member("path", folder == .root ? entry.name : "\(folder)/\(entry.name)")
                json.member("is_dir", entry.isDirectory)
                if let count = entry.byteCount { json.member("file_size", count) }
            }
        }
    }

    /// Only the last component of each path, as the client expects it here.
    private func list(_ call: HTTPCall) async throws -> Response {
        let path = try call.queryItems().last { $0.name == "path" }?.value ?? ""
        let entries = try await artifacts.list(try ArtifactPath(Self.trimmed(path)))
        return .json(capacity: 96 * (entries.count + 1)) { json in
            json.present("files", entries.sorted { $0.name < $1.name }) { json, entry in
                json.member("path", entry.name)
                json.member("is_dir", entry.isDirectory)
                if let count = entry.byteCount { json.member("file_size", count) }
            }
        }
    }

    // MARK: Downloads

    private func download(_ call: HTTPCall) async throws -> Response {
        let path = try Self.path(of: call)
        guard let length = try await artifacts.byteCount(of: path) else {
            let isFolder = try await !artifacts.list(path).isEmpty
            if isFolder || path == .root {
                throw RegistryError.invalid("Invalid path: '\(path)': it is a directory. List it with ?path=\(path).")
            }
            throw RegistryError.notFound("No such artifact: '\(path)'")
        }
        let name = path.components.last ?? ""
        var fields: HTTPFields = [
            .contentType: MediaType.guess(from: name), .contentDisposition: MediaType.attachment(named: name),
            .cacheControl: "no-store", .acceptRanges: "bytes",
        ]
        switch ByteRange.asked(by: call.request, of: length) {
        case .all: return Response(status: .ok, headers: fields, body: body(path, 0..<length))
        case .part(let range):
            fields[.contentRange] = "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(length)"
            return Response(status: .partialContent, headers: fields, body: body(path, range))
        case .none:
            var refusal = MLflowFailure.response(
                .rangeNotSatisfiable, "INVALID_PARAMETER_VALUE", "The artifact '\(path)' has \(length) bytes.")
            refusal.headers[.contentRange] = "bytes */\(length)"
            return refusal
        }
    }

    /// The server itself answers a HEAD with this length and never asks for the body.
    private func body(_ path: ArtifactPath, _ range: Range<Int64>) -> ResponseBody {
        ResponseBody(contentLength: range.count) { [artifacts] writer in
            let outlet = Outlet(writer, length: range.count, path: path)
            try await artifacts.read(path, range: range) { try await outlet.write($0) }
            try await outlet.finish()
        }
    }

    /// Carries pieces of a file to the connection, and no byte more or less than was announced: the file may have been
    /// replaced since, and the next answer on the connection would be taken for its rest.
    private final class Outlet: @unchecked Sendable {  // guarded by: the store hands on one piece after the other
        private var writer: any ResponseBodyWriter
        private var remaining: Int
        private let path: ArtifactPath

        init(_ writer: any ResponseBodyWriter, length: Int, path: ArtifactPath) {
            (self.writer, remaining, self.path) = (writer, length, path)
        }

        func write(_ piece: [UInt8]) async throws {
            remaining -= piece.count
            if remaining < 0 { throw changed }
            try await writer.write(ByteBuffer(bytes: piece))
        }

        func finish() async throws {
            if remaining != 0 { throw changed }
            try await writer.finish(nil)
        }

        private var changed: RegistryError { .invalid("The artifact '\(path)' was replaced while it was read.") }
    }

    // MARK: Uploads

    /// The file is to be seen when all of it is there, and not at all when the upload breaks off.
    private func upload(_ call: HTTPCall) async throws -> Response {
        let path = try Self.path(of: call)
        if path == .root { throw RegistryError.invalid("Invalid path: '': it names no file.") }
        if let length = call.declaredLength, length > Self.fileLimit {
            throw ServingFailure.bodyTooLarge(limit: Self.fileLimit)
        }
        let upload = try await artifacts.upload(to: path)
        do {
            try await copy(call, to: upload)
            try await upload.finish()
        } catch {
            await upload.cancel()
            throw error
        }
        return .mlflowDone
    }

    private func copy(_ call: HTTPCall, to upload: any ArtifactUpload) async throws {
        var total = 0
        var piece: [UInt8] = []
        for try await bytes in call.request.body {
            total += bytes.readableBytes
            if total > Self.fileLimit { throw ServingFailure.bodyTooLarge(limit: Self.fileLimit) }
            piece.append(contentsOf: bytes.readableBytesView)
            if piece.count >= Self.pieceLength {
                try await upload.append(piece)
                piece.removeAll(keepingCapacity: true)
            }
        }
        if let declared = call.declaredLength, total < declared {
            throw RegistryError.invalid("The upload ended after \(total) of \(declared) bytes. Send it again.")
        }
        if !piece.isEmpty { try await upload.append(piece) }
    }
}
