import Foundation

/// A file that comes over HTTP in as many attempts as it takes, each going on where the one before ended.
///
/// - Source: RFC 9110, sections 13.1.5 (`If-Range`) and 14 (ranges): a server that does not know ranges, or whose file has
///   changed since, sends the whole file, which then replaces what had come.
package struct FileDownload: Sendable {
    package var url: String
    /// Where it lands; `<path>.json` beside it says what it is a part of. Both stay for the next attempt, and afterwards.
    package var path: String
    /// A file that is larger is refused.
    package var maxBytes: Int
    /// Without a byte, until an attempt is given up.
    package var stallSeconds = 30
    /// How long is waited before each further attempt; the count begins anew whenever one of them brought something.
    package var pauses: [Duration] = [.seconds(1), .seconds(3), .seconds(10)]

    /// What a download came to.
    package struct Outcome: Sendable, Equatable {
        package var bytes: Int
        /// Whether a part of it came in an earlier run, so that it may be of another file after all.
        package var isContinued: Bool
    }

    /// However much each attempt brings: a server that always cuts is given up some time.
    private static let mostAttempts = 100

    package init(url: String, path: String, maxBytes: Int) {
        (self.url, self.path, self.maxBytes) = (url, path, maxBytes)
    }

    /// - Parameter onProgress: bytes so far, and of the whole if the server said; called on the transfer's queue.
    /// - Throws: `TransferError`, `DownloadError`, `CancellationError`; what came is kept.
    package func run(
        over transfer: HTTPTransfer, onProgress: @escaping @Sendable (_ bytes: Int, _ total: Int?) -> Void = { _, _ in }
    ) async throws -> Outcome {
        let file = try await transfer.run { _ in try PartialFile(path: path, url: Order.withoutCredentials(url)) }
        let isContinued = try await transfer.run { _ in file.count > 0 }
        var failures = 0
        for _ in 0..<FileDownload.mostAttempts {
            let before = try await transfer.run { _ in file.count }
            do {
                let bytes = try await transfer.run { cancellation in
                    do {
                        return try attempt(file, cancellation, onProgress)
                    } catch is PartOfAnotherFile {
                        return try attempt(file, cancellation, onProgress)
                    }
                }
                return Outcome(bytes: bytes, isContinued: isContinued)
            } catch let error where FileDownload.isPassing(error) {
                let after = try await transfer.run { _ in file.count }
                failures = after > before ? 0 : failures + 1
                guard let pause = pauses.dropFirst(failures).first else { throw error }
                try await Task.sleep(for: pause)
            }
        }
        throw TransferError.cutOff(url: Order.withoutCredentials(url), reason: "again and again")
    }

    /// Whether trying again soon may help.
    private static func isPassing(_ error: any Error) -> Bool {
        switch error {
        case TransferError.cutOff, TransferError.stalled: true
        case DownloadError.refused(_, let status): [429, 502, 503, 504].contains(status)
        default: false
        }
    }

    /// The server's answer does not fit what came before. That has been dropped, so it happens once.
    private struct PartOfAnotherFile: Error {}

    private func attempt(
        _ file: PartialFile, _ cancellation: Cancellation, _ onProgress: @escaping @Sendable (Int, Int?) -> Void
    ) throws -> Int {
        if file.isWhole { return file.count }
        let offset = file.count
        var headers = [(name: "Accept-Encoding", value: "identity")]
        if offset > 0, let validator = file.origin.validator {
            headers += [(name: "Range", value: "bytes=\(offset)-"), (name: "If-Range", value: validator)]
        }
        let order = try Order(
            method: "GET", url: url, headers: headers, body: nil, timeout: nil, connectTimeout: .seconds(20),
            maxResponseBytes: 64 << 10, declaredLimit: maxBytes, stallTimeoutSeconds: stallSeconds,
            followsRedirects: true)
        var hasBegun = false
        let reply = try order.perform(
            cancellation: cancellation,
            onReply: {
                hasBegun = true
                try begin(file, $0, offset)
                onProgress(file.count, file.origin.totalBytes)
            },
            onData: {
                try file.append($0)
                guard file.count <= maxBytes else {
                    throw TransferError.tooLarge(url: Order.withoutCredentials(url), limitBytes: maxBytes)
                }
                onProgress(file.count, file.origin.totalBytes)
            })
        if reply.isSuccess, !hasBegun { try begin(file, reply, offset) }
        if reply.status == 416, offset > 0 {
            // What is there is all there is, or is not of this file.
            if ContentRange(reply.header("Content-Range") ?? "")?.totalBytes == offset { return offset }
            try file.begin(file.origin)
            throw PartOfAnotherFile()
        }
        guard reply.isSuccess else {
            throw DownloadError.refused(url: Order.withoutCredentials(url), status: reply.status)
        }
        if let total = file.origin.totalBytes, total != file.count {
            throw TransferError.cutOff(
                url: Order.withoutCredentials(url), reason: "\(file.count) of \(total) bytes came")
        }
        var origin = file.origin
        origin.totalBytes = file.count
        try file.describe(origin)
        return file.count
    }

    /// Makes the part ready for the body that comes.
    private func begin(_ file: PartialFile, _ reply: HTTPReply, _ offset: Int) throws {
        switch reply.status {
        case 206:
            let range = ContentRange(reply.header("Content-Range") ?? "")
            guard offset > 0 else { throw unexpected("a part of it came that was not asked for") }
            guard let range, range.firstByte == offset, range.totalBytes == file.origin.totalBytes else {
                try file.begin(.init(url: file.origin.url, validator: nil, totalBytes: nil))
                throw PartOfAnotherFile()
            }
        case 200:
            let length = reply.header("Content-Length").flatMap { Int($0) }
            try file.begin(
                .init(url: file.origin.url, validator: FileDownload.validator(reply), totalBytes: length))
        default: throw unexpected("status \(reply.status)")
        }
    }

    private func unexpected(_ reason: String) -> DownloadError {
        .unexpected(url: Order.withoutCredentials(url), reason: reason)
    }

    /// A weak ETag says nothing of the bytes.
    private static func validator(_ reply: HTTPReply) -> String? {
        if let tag = reply.header("ETag"), tag.hasPrefix("\"") { return tag }
        return reply.header("Last-Modified")
    }
}

/// `bytes 5-9/10`, or `bytes */10` of a refusal; nil for anything else.
struct ContentRange: Equatable {
    var firstByte: Int?
    /// nil when the server does not know.
    var totalBytes: Int?

    init?(_ text: String) {
        guard let match = text.wholeMatch(of: #/bytes (?:(\d{1,18})-(\d{1,18})|\*)/(\d{1,18}|\*)/#) else { return nil }
        firstByte = match.1.flatMap { Int($0) }
        totalBytes = Int(match.3)
    }
}
