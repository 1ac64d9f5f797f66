import Foundation

/// A file that is sent as a body.
struct BodyFile: Sendable {
    var descriptor: Int32
    var length: Int
}

extension HTTPTransfer {
    /// Sends a file as the body, a piece at a time.
    ///
    /// - Parameters:
    ///   - file: a regular file that nobody changes meanwhile.
    ///   - timeout: of everything; nil, the default, is without end.
    /// - Throws: as `request`; `TransferError.failed` for a file that cannot be read or has become shorter.
    package func upload(
        _ method: String = "POST", _ url: String, file path: String, headers: [(name: String, value: String)] = [],
        timeout: Duration? = nil, connectTimeout: Duration = .seconds(10), maxResponseBytes: Int = 1 << 20
    ) async throws -> HTTPReply {
        // An empty body, so that everything is set up for one.
        let order = try Order(
            method: method, url: url, headers: headers, body: [], timeout: timeout, connectTimeout: connectTimeout,
            maxResponseBytes: maxResponseBytes, followsRedirects: false)
        return try await run { cancellation in
            let descriptor = open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else {
                throw TransferError.failed(url: url, reason: "\(path): \(String(cString: strerror(errno)))")
            }
            defer { close(descriptor) }
            let length = lseek(descriptor, 0, SEEK_END)
            guard length >= 0, lseek(descriptor, 0, SEEK_SET) == 0 else {
                throw TransferError.failed(url: url, reason: "\(path) is no file that can be sent")
            }
            var order = order
            order.file = BodyFile(descriptor: descriptor, length: Int(length))
            return try order.perform(cancellation: cancellation, onData: nil)
        }
    }
}
