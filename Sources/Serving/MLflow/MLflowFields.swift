import HTTPTypes
import Hummingbird
import NIOCore
import Registry

/// The fields of a request, read as MLflow's server reads them: from the query of a GET and from the JSON body of any other.
///
/// Unknown fields are passed over and null is absence; `camelCase` is understood, except where a field is required. A number
/// where text is due is refused, while a whole number may come as text.
struct MLflowFields: Sendable {
    private enum Source: Sendable {
        /// Apart, so that the elements of a batch, which have no call, are small.
        indirect case body(JSONMembers, HTTPCall)
        indirect case query([String: [String]], HTTPCall)
        /// `list[index]` of the body.
        case element(JSONMembers, list: String, index: Int)
    }

    private let source: Source

    /// A batch of 1,000 metrics is 120 KB.
    static let bodyLimit = 8 << 20
    /// The same has 8,000; a search names as many experiments as it may in 10,000.
    static let mostValues = 100_000

    /// - Throws: `RegistryError.invalid` for another content type and for what is no JSON object; `ServingFailure` for a body
    ///   that is too long.
    init(reading call: HTTPCall) async throws {
        if call.request.method == .get || call.request.method == .head {
            let values = Dictionary(grouping: try call.queryItems(), by: \.name).mapValues { $0.map(\.value) }
            source = .query(values, call)
        } else {
            source = .body(try await Self.body(of: call), call)
        }
    }

    private init(_ members: JSONMembers, list: String, index: Int) {
        source = .element(members, list: list, index: index)
    }

    private var call: HTTPCall? {
        switch source {
        case .body(_, let call), .query(_, let call): call
        case .element: nil
        }
    }

    private static func body(of call: HTTPCall) async throws -> JSONMembers {
        // A page of somebody else can make a browser post, but not with this type: it is the guard against such requests.
        // The client deletes without a body and then names no type; a browser asks first whether it may delete.
        let type = call.contentType
        if let type {
            guard type == "application/json" else { throw wrongType("is \(type.prefix(100))") }
        } else if call.request.method != .delete {
            throw wrongType("is missing")
        }
        let bytes = try await call.body(upTo: bodyLimit)
        if bytes.readableBytes == 0 { return [:] }
        guard type != nil else { throw wrongType("is missing") }
        let value: JSONValue
        do throws(JSONSyntaxError) {
            value = try bytes.withUnsafeReadableBytes { raw throws(JSONSyntaxError) in
                try JSONParser.parse(raw.bindMemory(to: UInt8.self), atMost: mostValues)
            }
        } catch {
            if error.isTooMuch {
                throw RegistryError.invalid("The body holds \(error.message), and no call takes as many. Send fewer.")
            }
            throw RegistryError.invalid("The body is not JSON: \(error.message) (byte \(error.offset)).")
        }
        guard let members = value.object else {
            throw RegistryError.invalid("The body must be a JSON object, not \(value.kind).")
        }
        return members
    }

    private static func wrongType(_ what: String) -> RegistryError {
        .invalid("Bad Request. Content-Type must be one of ['application/json'], but it \(what).")
    }

    /// Who asks, for the history.
    var actor: String { call?.actor ?? "api" }

    /// A part of the path, decoded.
    func pathParameter(_ name: String) -> String { call?.parameter(name) ?? "" }

    /// Whether it was sent at all, and not as null.
    func has(_ name: String) -> Bool {
        switch source {
        case .query(let values, _): values[name] != nil
        case .body(let members, _), .element(let members, _, _):
            (Self.member(name, of: members) ?? .null) != .null
        }
    }

    // MARK: Text

    func string(_ name: String) throws(RegistryError) -> String? {
        switch try value(name) {
        case nil: nil
        case .string(let text): text
        case .some(let value): throw wrongType(name, value, "a string")
        }
    }

    /// - Parameter older: a name under which older clients send it.
    /// - Throws: `.invalid` when it is absent or empty.
    func required(_ name: String, or older: String? = nil) throws(RegistryError) -> String {
        var value = try value(name, camelCase: false)
        if value == nil, let older { value = try self.value(older, camelCase: false) }
        switch value {
        case .string(let text) where !text.isEmpty: return text
        case nil, .string: throw missing(name)
        case .some(let value): throw wrongType(name, value, "a string")
        }
    }

    /// Empty when absent.
    /// - Parameter limit: a longer list is refused before it is looked at.
    func strings(_ name: String, atMost limit: Int = .max) throws(RegistryError) -> [String] {
        let texts = try texts(name, atMost: limit)
        if texts.contains(where: { $0.utf8.contains(0) }) {
            throw .invalid("Invalid value for parameter '\(place(name))' supplied: it holds a zero byte.")
        }
        return texts
    }

    private func texts(_ name: String, atMost limit: Int) throws(RegistryError) -> [String] {
        if case .query(let values, _) = source {
            let texts = values[name] ?? []
            try checkCount(texts.count, of: name, atMost: limit)
            return texts
        }
        switch try value(name) {
        case nil: return []
        case .array(let elements):
            try checkCount(elements.count, of: name, atMost: limit)
            var texts: [String] = []
            texts.reserveCapacity(elements.count)
            for element in elements {
                guard let text = element.string else { throw wrongType(name, element, "a list of strings") }
                texts.append(text)
            }
            return texts
        case .some(let value): throw wrongType(name, value, "a list of strings")
        }
    }

    /// A name of an enumeration, or its number in MLflow's definition.
    /// - Parameter numbered: its values, from number 1 on.
    func word<Word: RawRepresentable<String>>(_ name: String, numbered: [Word]) throws(RegistryError) -> Word? {
        guard let value = try value(name) else { return nil }
        if let text = value.string, let word = Word(rawValue: text) { return word }
        let number = value.integer ?? value.string.flatMap { Int64($0) } ?? 0
        guard (1...Int64(numbered.count)).contains(number) else {
            throw wrongValue(name, value, "it must be one of \(numbered.map(\.rawValue).joined(separator: ", "))")
        }
        return numbered[Int(number) - 1]
    }

    // MARK: Numbers

    func int(_ name: String) throws(RegistryError) -> Int64? {
        guard let value = try value(name) else { return nil }
        switch value {
        case .integer(let number): return number
        case .number(let number):
            if let number = Int64(exactly: number) { return number }
        case .string(let text):
            if let number = Int64(text) { return number }
        default: break
        }
        throw wrongType(name, value, "a whole number")
    }

    func requiredInt(_ name: String) throws(RegistryError) -> Int64 {
        guard let number = try int(name) else { throw missing(name) }
        return number
    }

    /// JSON has no NaN and no infinities: they come as text.
    func requiredDouble(_ name: String) throws(RegistryError) -> Double {
        guard let value = try value(name) else { throw missing(name) }
        if let number = value.double { return number }
        switch value.string {
        case "NaN": return .nan
        case "Infinity": return .infinity
        case "-Infinity": return -.infinity
        case .some(let text):
            if let number = Double(decimal: text) { return number }
        case nil: break
        }
        throw wrongType(name, value, "a number")
    }

    func bool(_ name: String) throws(RegistryError) -> Bool? {
        switch try value(name) {
        case nil: return nil
        case .bool(let flag): return flag
        case .string("true"): return true
        case .string("false"): return false
        case .some(let value): throw wrongType(name, value, "a boolean")
        }
    }

    // MARK: Objects

    /// How many a list has; 0 when it is absent, or no list.
    func count(_ name: String) throws(RegistryError) -> Int { try value(name)?.array?.count ?? 0 }

    /// The objects of a list; empty when absent.
    /// - Parameter limit: a longer list is refused before it is looked at.
    func elements(_ name: String, atMost limit: Int = .max) throws(RegistryError) -> [MLflowFields] {
        guard let value = try value(name) else { return [] }
        guard let elements = value.array else { throw wrongType(name, value, "a list of objects") }
        try checkCount(elements.count, of: name, atMost: limit)
        var fields: [MLflowFields] = []
        fields.reserveCapacity(elements.count)
        for (index, element) in elements.enumerated() {
            guard let members = element.object else { throw wrongType(name, element, "a list of objects") }
            fields.append(MLflowFields(members, list: name, index: index))
        }
        return fields
    }

    func requiredObject(_ name: String) throws(RegistryError) -> MLflowFields {
        guard let value = try value(name) else { throw missing(name) }
        guard let members = value.object else { throw wrongType(name, value, "an object") }
        return MLflowFields(members, list: name, index: 0)
    }

    /// A list of `{"key", "value"}`. Of a key that is given twice the last counts.
    func tags(_ name: String = "tags") throws(RegistryError) -> [String: String] {
        var tags: [String: String] = [:]
        for pair in try pairs(name) { tags[pair.key] = pair.value }
        return tags
    }

    /// A list of `{"key", "value"}` in its order.
    func pairs(_ name: String) throws(RegistryError) -> [(key: String, value: String)] {
        let elements = try elements(name)
        guard elements.count <= Limits.tagsOfRequest else {
            throw .invalid(
                "Invalid value for parameter '\(name)' supplied: at most \(Limits.tagsOfRequest) can be set at once.")
        }
        return try elements.map { element throws(RegistryError) in
            (try element.required("key"), try element.string("value") ?? "")
        }
    }

    // MARK: Values

    private func value(_ name: String, camelCase: Bool = true) throws(RegistryError) -> JSONValue? {
        let value: JSONValue?
        switch source {
        case .query(let values, _): value = values[name]?.last.map(JSONValue.string)
        case .body(let members, _), .element(let members, _, _):
            value = camelCase ? Self.member(name, of: members) : members[name]
        }
        // Nothing that is stored holds one; what comes after it would be lost on the way.
        if case .string(let text) = value, text.utf8.contains(0) {
            throw .invalid("Invalid value for parameter '\(place(name))' supplied: it holds a zero byte.")
        }
        return value == .null ? nil : value
    }

    /// A member by its name, or by the same in camel case.
    private static func member(_ name: String, of members: JSONMembers) -> JSONValue? {
        if let value = members[name] { return value }
        guard name.utf8.contains(UInt8(ascii: "_")) else { return nil }
        return members.first { isCamelCase($0.key, of: name) }?.value
    }

    /// Whether it is `pageToken` of `page_token`. By bytes, because every absent field of a thousand metrics asks for it.
    private static func isCamelCase(_ key: String, of name: String) -> Bool {
        var rest = key.utf8.makeIterator()
        var isUpper = false
        for byte in name.utf8 {
            if byte == UInt8(ascii: "_") {
                isUpper = true
                continue
            }
            let isLetter = UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte
            guard rest.next() == (isUpper && isLetter ? byte - 32 : byte) else { return false }
            isUpper = false
        }
        return rest.next() == nil
    }

    /// `key`, or `metrics[3].key`.
    private func place(_ name: String) -> String {
        if case .element(_, let list, let index) = source { "\(list)[\(index)].\(name)" } else { name }
    }

    private func checkCount(_ count: Int, of name: String, atMost limit: Int) throws(RegistryError) {
        if count <= limit { return }
        throw .invalid(
            "Invalid value for parameter '\(place(name))' supplied: it lists \(count), and no more than \(limit) can be "
                + "asked for at once. Ask for fewer.")
    }

    func missing(_ name: String) -> RegistryError {
        .invalid("Missing value for required parameter '\(place(name))'. See the API docs for the parameters it takes.")
    }

    private func wrongType(_ name: String, _ value: JSONValue, _ expected: String) -> RegistryError {
        wrongValue(name, value, "it must be \(expected)")
    }

    private func wrongValue(_ name: String, _ value: JSONValue, _ why: String) -> RegistryError {
        let shown =
            switch value {
            case .integer(let number): "\(number)"
            case .number(let number): "\(number)"
            case .string(let text): "\"\(text.prefix(200))\""
            case .bool(let flag): "\(flag)"
            case .null, .array, .object: "(\(value.kind))"
            }
        return .invalid("Invalid value \(shown) for parameter '\(place(name))' supplied: \(why).")
    }
}
