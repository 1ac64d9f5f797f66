package import HTTPTypes
package import Hummingbird
package import NIOCore

extension Response {
    /// The fields of every answer in JSON. `no-store`: what is true now may be false in a moment.
    private static let jsonFields: HTTPFields = [
        .contentType: "application/json; charset=utf-8", .cacheControl: "no-store",
    ]

    /// What was written, one JSON value.
    package static func json(_ json: JSONWriter, status: HTTPResponse.Status = .ok) -> Response {
        .json(json.buffer, status: status)
    }

    /// Bytes that are one JSON value.
    package static func json(_ bytes: ByteBuffer, status: HTTPResponse.Status = .ok) -> Response {
        Response(status: status, headers: jsonFields, body: ResponseBody(byteBuffer: bytes))
    }

    /// One JSON object.
    package static func json(
        status: HTTPResponse.Status = .ok, capacity: Int = 512, _ members: (inout JSONWriter) throws -> Void
    ) rethrows -> Response {
        var json = JSONWriter(capacity: capacity)
        try json.object(members)
        return .json(json, status: status)
    }

    /// Text as it is.
    package static func text(
        _ text: String, type: String = "text/plain; charset=utf-8", status: HTTPResponse.Status = .ok
    ) -> Response {
        Response(
            status: status, headers: [.contentType: type, .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }

    /// A page.
    package static func html(_ text: String, status: HTTPResponse.Status = .ok) -> Response {
        .text(text, type: "text/html; charset=utf-8", status: status)
    }
}
