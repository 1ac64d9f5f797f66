import Dispatch
import HTTPTypes
import Hummingbird
import NIOCore
import Testing

@testable import Serving

struct AnswerCompressionTests {
    private static let queue = DispatchQueue(label: "test.answers")

    private static func answer(_ text: String, path: String = "/api/v1/quality", _ fields: HTTPFields) async throws
        -> Response
    {
        let head = HTTPRequest(method: .get, scheme: nil, authority: nil, path: path, headerFields: fields)
        let request = Request(head: head, body: RequestBody(buffer: ByteBuffer()))
        let answer = Response.json(ByteBuffer(string: text))
        guard AnswerCompression.isMeant(answer, request) else { return answer }
        return try await AnswerCompression.compressed(answer, to: request, queue: queue)
    }

    private let long = "[" + String(repeating: "0.125,", count: 4000) + "0]"

    @Test func `a long answer goes out in gzip to who takes it, and as it is to others`() async throws {
        let gzip = try await Self.answer(long, [.acceptEncoding: "gzip"])
        #expect(gzip.headers[.contentEncoding] == "gzip")
        let length = try #require(gzip.body.contentLength)
        #expect(length < long.utf8.count / 10 && gzip.headers[.contentLength] == "\(length)")
        let plain = try await Self.answer(long, [:])
        #expect(plain.headers[.contentEncoding] == nil && plain.body.contentLength == long.utf8.count)
        for answer in [gzip, plain] { #expect(answer.headers[.vary] == "Accept-Encoding") }
    }

    @Test func `short answers, and those of MLflow's API, stay as they are`() async throws {
        let fields: HTTPFields = [.acceptEncoding: "gzip"]
        for answer in [
            try await Self.answer("{}", fields),
            try await Self.answer(long, path: "/api/2.0/mlflow/runs/search", fields),
        ] {
            #expect(answer.headers[.contentEncoding] == nil && answer.headers[.vary] == nil)
        }
    }
}
