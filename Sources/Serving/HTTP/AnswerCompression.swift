import Dispatch
import HTTPTypes
import Hummingbird
import NIOCore
import WebUI

/// Long answers of the API go out in gzip to who takes it: the quality curve of a year is a tenth of its size then.
///
/// MLflow's API is left alone: its clients ask for gzip by habit, from this machine, and would wait longer for it.
enum AnswerCompression {
    /// Shorter ones fit a few packets as they are.
    private static let worthwhile = 8 << 10
    /// Longer ones would hold up whoever waits for the queue.
    private static let longest = 16 << 20

    /// Whether an answer is of that kind; asked of every one, and said at once of most.
    static func isMeant(_ response: Response, _ request: Request) -> Bool {
        guard let length = response.body.contentLength, worthwhile...longest ~= length else { return false }
        return request.method == .get && response.status == .ok && request.head.path?.hasPrefix("/api/v1/") == true
            && response.headers[.contentType]?.hasPrefix("application/json") == true && response.headers[.eTag] == nil
    }

    /// - Parameter queue: where it computes.
    static func compressed(_ response: Response, to request: Request, queue: DispatchQueue) async throws -> Response {
        var fields = response.headers
        fields[.vary] = "Accept-Encoding"
        fields[.contentLength] = nil
        guard PageFiles.takesGzip(request.headers[.acceptEncoding] ?? "") else {
            return Response(status: .ok, headers: fields, body: response.body)
        }
        let collected = CollectedBody.Content()
        try await response.body.write(CollectedBody(content: collected))
        let plain = collected.bytes
        let gzip = await withCheckedContinuation { continuation in
            queue.async {
                continuation.resume(returning: plain.withUnsafeReadableBytes { Gzip.compressed($0, level: 1) })
            }
        }
        if gzip != nil { fields[.contentEncoding] = "gzip" }
        return Response(
            status: .ok, headers: fields, body: ResponseBody(byteBuffer: gzip.map { ByteBuffer(bytes: $0) } ?? plain))
    }
}

/// Keeps what a route writes.
struct CollectedBody: ResponseBodyWriter {
    final class Content { var bytes = ByteBuffer() }
    let content: Content

    mutating func write(_ buffer: ByteBuffer) async throws { content.bytes.writeImmutableBuffer(buffer) }
    consuming func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
