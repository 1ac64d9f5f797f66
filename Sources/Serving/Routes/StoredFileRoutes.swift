import HTTPTypes
import Hummingbird
import NIOCore
import Registry
import Training

/// Files as versions of a model: stored and fetched in one request each, streamed, and checked by their digest.
struct StoredFileRoutes: RouteFamily {
    let surroundings: Surroundings
    private var ports: ServingPorts { surroundings.ports }

    /// Of one file: 50 GiB.
    private static let fileLimit = 50 << 30
    private static let pieceLength = 256 << 10
    private static let pageLength = 1000
    /// Where the first is wanted, which is a stored file unless the model has versions that came otherwise.
    private static let shortPage = 10
    /// Of those that belong to no experiment.
    private static let experiment = "0"

    func register(in table: inout RouteTable) {
        table.on(
            .post, "/api/v1/models/{name}/file",
            RouteDocumentation(
                "Stores the body as a new version of the model, which is made if need be; file and version appear together or not at all",
                tag: "models",
                query: [
                    .init("file", .string, "The file's name."),
                    .init("score", .string, "A number, by which the best one is found."),
                    .init("metric", .string, "What the score is of; of an error or a loss less is better."),
                    .init(
                        "compression", .string, "`gzip` when the body is compressed so, `tar.gz` when it is a folder."),
                    .init("sha256", .string, "Of the body; what does not match is refused."),
                    .init("tag.KEY", .string, "A tag of the version; any number of them."),
                ], body: .init("FileContent", mediaTypes: ["application/octet-stream"]), answers: "StoredFile",
                status: 201, failures: [400, 404, 413, 422]),
            takesFiles: true, handler: store)
        table.get(
            "/api/v1/models/{name}/file",
            RouteDocumentation(
                "The newest or the best file that was stored for the model; X-Mlstack-Version, -Sha256, -Compression and Content-Disposition say which",
                tag: "models",
                query: [
                    .init("choose", .string, "`newest` (when absent) or `best`, by its score."),
                    .init("tag.KEY", .string, "Only versions with this tag; any number of them."),
                ], text: "application/octet-stream", failures: [404, 422]),
            handler: fetch)
    }

    // MARK: Storing

    /// What the query says of a file.
    private struct Wish {
        var file: String
        var score: Double?
        var metric: String?
        var compression: String?
        var sha256: String?
        var tags: [String: String]

        init(_ call: HTTPCall) throws {
            var fields = try QueryFields(call)
            guard let file = fields.string("file") else {
                throw ServingFailure.unprocessable("the query names no `file`.", remedy: "add ?file=NAME.")
            }
            guard try ArtifactPath(file).components == [file] else {
                throw ServingFailure.unprocessable(
                    "`file` is no name of a file.", remedy: "give a name without slashes.")
            }
            self.file = file
            (metric, compression) = (fields.string("metric"), fields.string("compression"))
            sha256 = fields.string("sha256")?.lowercased()
            if let text = fields.string("score") {
                guard let number = Double(decimal: text), number.isFinite else {
                    throw ServingFailure.unprocessable("`score` is no number.", remedy: "give one, such as 0.125.")
                }
                score = number
            }
            guard compression.map({ ["gzip", "tar.gz"].contains($0) }) ?? true else {
                throw ServingFailure.unprocessable(
                    "`compression` is unknown.", remedy: "give gzip or tar.gz, or leave it out.")
            }
            tags = fields.prefixed("tag.")
            try fields.finish()
            for (key, value) in tags {
                try RegisteredModel.checkTag(key, value: value)
                if StoredFile.isReserved(key) {
                    throw ServingFailure.unprocessable(
                        "the tag `\(key)` is set by the server.", remedy: "leave it out.")
                }
            }
        }
    }

    private func store(_ call: HTTPCall) async throws -> Response {
        let (wish, name) = (try Wish(call), call.parameter("name"))
        try RegisteredModel.checkName(name)
        if let length = call.declaredLength, length > Self.fileLimit {
            throw ServingFailure.bodyTooLarge(limit: Self.fileLimit)
        }
        // Pending until the version is there: what a crash leaves is found by that at the next start.
        let holder = try await ports.loggedModels.createLoggedModel(
            experimentID: Self.experiment, name: "file", modelType: "file", sourceRunID: nil, params: [],
            tags: [StoredFile.markerTag: name])
        let folder = try ArtifactPath(artifactURI: holder.artifactURI)
        let version: ModelVersion
        do {
            let (bytes, sha256) = try await receive(call, wish, to: try folder.appending(wish.file))
            version = try await ports.registry.createVersion(
                ModelVersionRequest(
                    name: name, source: "models:/\(holder.id)",
                    tags: wish.tags.merging(
                        StoredFile.tags(
                            name: wish.file, sha256: sha256, bytes: bytes, compression: wish.compression,
                            score: wish.score, metric: wish.metric)
                    ) { $1 }, createModel: true))
        } catch {
            // What of this fails is done at the next start.
            try? await ports.artifacts.delete(folder)
            _ = try? await ports.loggedModels.finishLoggedModel(id: holder.id, status: LoggedModel.uploadFailed)
            throw error
        }
        // The version stands; should this fail, the next start says that its files are whole.
        _ = try? await ports.loggedModels.finishLoggedModel(id: holder.id, status: LoggedModel.ready)
        return Self.answer(version)
    }

    private func receive(
        _ call: HTTPCall, _ wish: Wish, to path: ArtifactPath
    ) async throws -> (bytes: Int, sha256: String) {
        let upload = try await ports.artifacts.upload(to: path)
        do {
            var (digest, total, piece) = (SHA256(), 0, [UInt8]())
            for try await bytes in call.request.body {
                total += bytes.readableBytes
                if total > Self.fileLimit { throw ServingFailure.bodyTooLarge(limit: Self.fileLimit) }
                bytes.withUnsafeReadableBytes { digest.update($0) }
                piece.append(contentsOf: bytes.readableBytesView)
                if piece.count >= Self.pieceLength {
                    try await upload.append(piece)
                    piece.removeAll(keepingCapacity: true)
                }
            }
            if let declared = call.declaredLength, total < declared {
                throw ServingFailure.unprocessable(
                    "the body ended after \(total) of \(declared) bytes.", remedy: "send it again.")
            }
            let sha256 = digest.hex()
            if let wanted = wish.sha256, wanted != sha256 {
                throw ServingFailure.unprocessable(
                    "the body's SHA-256 is \(sha256), not what `sha256` says.", remedy: "send it again.")
            }
            if !piece.isEmpty { try await upload.append(piece) }
            try await upload.finish()
            return (total, sha256)
        } catch {
            await upload.cancel()
            throw error
        }
    }

    private static func answer(_ version: ModelVersion) -> Response {
        let file = StoredFile(version)
        return .json(status: .created) { json in
            json.member("name", version.name)
            json.member("version", version.version)
            json.member("file", file?.name)
            json.member("bytes", file.map { Int($0.bytes) })
            json.member("sha256", file?.sha256)
            json.member("compression", file?.compression)
            json.member("score", file?.score)
            json.member("metric", file?.metric)
            json.member("tags", version.tags.filter { !StoredFile.isReserved($0.key) })
        }
    }

    // MARK: Fetching

    private func fetch(_ call: HTTPCall) async throws -> Response {
        var fields = try QueryFields(call)
        let word = fields.string("choose") ?? StoredFile.Choice.newest.rawValue
        let tags = fields.prefixed("tag.")
        try fields.finish()
        guard let choice = StoredFile.Choice(rawValue: word) else {
            throw ServingFailure.unprocessable("`choose` is unknown.", remedy: "give newest or best.")
        }
        let name = call.parameter("name")
        let files = try await files(of: name, with: tags, for: choice)
        guard let file = StoredFile.choose(choice, among: files) else {
            throw ServingFailure.notFound(
                files.isEmpty
                    ? "\(name) has no stored file\(tags.isEmpty ? "" : " with these tags")."
                    : "no file of \(name) was stored with a score.",
                remedy: files.isEmpty
                    ? "store one with `mlstack model store FILE \(name)`."
                    : "ask for the newest, or store one with a score.")
        }
        let path = try file.path
        guard let length = try await ports.artifacts.byteCount(of: path), length == file.bytes else {
            throw ServingFailure.notFound(
                "the file of version \(file.version.version) of \(name) is missing or has another length.",
                remedy: "restore a backup, or delete that version.")
        }
        var headers: HTTPFields = [
            .contentType: "application/octet-stream", .cacheControl: "no-store",
            .contentDisposition: MediaType.attachment(named: file.name),
        ]
        for (field, value) in [
            ("X-Mlstack-Version", "\(file.version.version)"), ("X-Mlstack-Sha256", file.sha256),
            ("X-Mlstack-Compression", file.compression ?? "none"),
            ("X-Mlstack-File", PercentEncoding.encode(file.name)),
        ] {
            if let field = HTTPField.Name(field) { headers[field] = value }
        }
        let body = ResponseBody(contentLength: Int(length)) { [artifacts = ports.artifacts] writer in
            let outlet = CheckedOutlet(writer, file)
            try await artifacts.read(path) { try await outlet.write($0) }
            try await outlet.finish()
        }
        return Response(status: .ok, headers: headers, body: body)
    }

    /// Newest first; of the newest alone no more is read than it takes to find it.
    private func files(
        of name: String, with tags: [String: String], for choice: StoredFile.Choice
    ) async throws -> [StoredFile] {
        _ = try await ports.registry.registeredModel(named: name)
        var (files, token): ([StoredFile], String?) = ([], nil)
        repeat {
            let page = try await ports.registry.versions(
                of: name, runID: nil, tags: tags, maxResults: choice == .newest ? Self.shortPage : Self.pageLength,
                pageToken: token)
            files += page.items.compactMap(StoredFile.init)
            token = page.nextPageToken
        } while token != nil && !(choice == .newest && !files.isEmpty)
        return files
    }

    /// Holds the last piece back until the digest of all is known: damaged bytes never make a whole answer.
    private final class CheckedOutlet: @unchecked Sendable {  // guarded by: the store, one piece after the other
        private var writer: any ResponseBodyWriter
        private var digest = SHA256()
        private var count: Int64 = 0
        private var last: [UInt8] = []
        private let file: StoredFile

        init(_ writer: any ResponseBodyWriter, _ file: StoredFile) { (self.writer, self.file) = (writer, file) }

        func write(_ piece: [UInt8]) async throws {
            piece.withUnsafeBytes { digest.update($0) }
            count += Int64(piece.count)
            if count > file.bytes { throw damage }
            if !last.isEmpty { try await writer.write(ByteBuffer(bytes: last)) }
            last = piece
        }

        func finish() async throws {
            guard count == file.bytes, digest.hex() == file.sha256 else { throw damage }
            if !last.isEmpty { try await writer.write(ByteBuffer(bytes: last)) }
            try await writer.finish(nil)
        }

        private var damage: RegistryError {
            .storage("The file of version \(file.version.version) of \(file.version.name) is damaged on the disk.")
        }
    }
}
