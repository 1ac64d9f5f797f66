import HTTPTypes
package import Hummingbird
package import NIOCore

/// One request, matched to its route.
package struct HTTPCall: Sendable {
    package let request: Request
    /// As it came, percent escapes and all, without the query.
    package let path: Substring
    /// The text after `?`, undecoded.
    package let rawQuery: Substring
    let names: [String]
    let values: [String]

    /// How much of a body is taken when the route says nothing else: 1 MiB.
    package static let bodyLimit = 1 << 20

    /// A path parameter, decoded. Asking for one that the pattern lacks is a mistake in the program.
    package func parameter(_ name: String) -> String {
        guard let index = names.firstIndex(of: name) else {
            preconditionFailure("a handler asked for {\(name)}, which its route's pattern does not have")
        }
        return values[index]
    }

    // MARK: Query

    /// Every `name=value` of the query in order, decoded.
    /// - Throws: `ServingFailure` (400) for malformed escapes.
    package func queryItems() throws -> [(name: String, value: String)] {
        try HTTPCall.items(rawQuery, of: "the query")
    }

    /// The fields of a body in `application/x-www-form-urlencoded`; of one that stands twice, the last.
    /// - Throws: `ServingFailure` (400) for malformed escapes.
    static func formFields(_ text: Substring) throws -> [String: String] {
        Dictionary(try items(text, of: "the body")) { $1 }
    }

    private static func items(_ text: Substring, of what: String) throws -> [(name: String, value: String)] {
        try text.split(separator: "&").map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let value = parts.count > 1 ? parts[1] : ""
            guard
                let name = PercentEncoding.decode(parts[0], plusIsSpace: true),
                let value = PercentEncoding.decode(value, plusIsSpace: true)
            else {
                throw ServingFailure(
                    status: 400, code: "bad_query", message: "\(what) holds a malformed percent escape.",
                    remedy: "escape every byte that is not a letter, a digit, or one of -._~ as %XX of its UTF-8.")
            }
            return (name, value)
        }
    }

    /// A header's value by its name in lower case.
    func header(_ name: String) -> String? { HTTPField.Name(name).flatMap { request.headers[$0] } }

    // MARK: Body

    /// The media type, lowercased, without its parameters.
    package var contentType: String? {
        guard let field = request.headers.value(of: .contentType) else { return nil }
        // What nearly everybody sends.
        if field == "application/json" { return field }
        let type = field.prefix { $0 != ";" }
        return type.lowercased().filter { $0 != " " && $0 != "\t" }
    }

    package var declaredLength: Int? { request.headers.value(of: .contentLength).flatMap { Int($0) } }

    /// The whole body.
    /// - Parameter willTake: told the length of each piece before it is kept; what it throws refuses the body.
    /// - Throws: `ServingFailure`: 413 when it is longer than `limit`, 400 when it ended before its declared length.
    package func body(
        upTo limit: Int = HTTPCall.bodyLimit, willTake: (Int) throws -> Void = { _ in }
    ) async throws -> ByteBuffer {
        let declaredLength = declaredLength
        if let declaredLength, declaredLength > limit { throw ServingFailure.bodyTooLarge(limit: limit) }
        var whole = ByteBuffer()
        for try await piece in request.body {
            guard whole.readableBytes + piece.readableBytes <= limit else {
                throw ServingFailure.bodyTooLarge(limit: limit)
            }
            try willTake(piece.readableBytes)
            if whole.readableBytes == 0 { whole = piece } else { whole.writeImmutableBuffer(piece) }
        }
        if let declaredLength, whole.readableBytes < declaredLength {
            throw ServingFailure(
                status: 400, code: "body_cut_off",
                message: "the body ended after \(whole.readableBytes) of \(declaredLength) bytes.",
                remedy: "send it again.")
        }
        return whole
    }

    /// The body as JSON.
    /// - Throws: `ServingFailure`: 415 for another content type, 400 for what is no JSON, 413 for too much of it.
    package func json(upTo limit: Int = HTTPCall.bodyLimit) async throws -> JSONValue {
        guard let contentType, contentType == "application/json" else {
            throw ServingFailure.unsupportedMediaType(contentType, expected: "application/json")
        }
        let bytes = try await body(upTo: limit)
        do throws(JSONSyntaxError) {
            return try bytes.withUnsafeReadableBytes { raw throws(JSONSyntaxError) in
                try JSONParser.parse(raw.bindMemory(to: UInt8.self))
            }
        } catch {
            throw ServingFailure(
                status: 400, code: "bad_json",
                message: "the body is not JSON: \(error.message) (byte \(error.offset)).",
                remedy: "send one JSON value in UTF-8.")
        }
    }

    /// The body as a JSON object, to be taken apart strictly. An absent body is an empty object when `optional`.
    package func fields(optional: Bool = false, upTo limit: Int = HTTPCall.bodyLimit) async throws -> JSONFields {
        if optional, contentType == nil, (declaredLength ?? 0) == 0, request.headers[.transferEncoding] == nil {
            return JSONFields([:], of: "the body")
        }
        return try JSONFields(try await json(upTo: limit), of: "the body")
    }
}

extension HTTPFields {
    /// What the subscript gives, without its detours over sequences: fields that every request is asked for stand once.
    func value(of name: HTTPField.Name) -> String? {
        var value: String?
        for field in self where field.name == name {
            if value != nil { return self[name] }
            value = field.value
        }
        return value
    }
}
