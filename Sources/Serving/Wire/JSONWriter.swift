package import NIOCore

/// Writes JSON text straight into a buffer, without an intermediate value and without a dictionary.
///
/// Member names that are written in the source (`StaticString`) are taken to need no escapes; every other text is escaped.
/// A number that JSON cannot express (NaN, an infinity) becomes `null`.
package struct JSONWriter: Sendable {
    package private(set) var buffer: ByteBuffer
    /// Whether a value was written at this level, so that the next one begins with a comma.
    private var needsComma = false

    /// - Parameter capacity: bytes to reserve; the buffer grows when they do not suffice.
    package init(capacity: Int = 512) {
        buffer = ByteBufferAllocator().buffer(capacity: capacity)
    }

    // MARK: Structure

    package mutating func object(_ members: (inout JSONWriter) throws -> Void) rethrows {
        try enclose(UInt8(ascii: "{"), UInt8(ascii: "}"), members)
    }

    package mutating func array(_ elements: (inout JSONWriter) throws -> Void) rethrows {
        try enclose(UInt8(ascii: "["), UInt8(ascii: "]"), elements)
    }

    /// Begins a member whose name stands in the source; its value is the next thing written.
    package mutating func key(_ name: StaticString) {
        separate()
        buffer.writeInteger(UInt8(ascii: "\""))
        buffer.writeStaticString(name)
        buffer.writeStaticString("\":")
        needsComma = false
    }

    /// Begins a member whose name comes from data.
    package mutating func key(named name: String) {
        separate()
        quote(name)
        buffer.writeInteger(UInt8(ascii: ":"))
        needsComma = false
    }

    // MARK: Values

    package mutating func null() {
        separate()
        buffer.writeStaticString("null")
    }

    package mutating func bool(_ value: Bool) {
        separate()
        buffer.writeStaticString(value ? "true" : "false")
    }

    package mutating func int(_ value: some FixedWidthInteger) {
        separate()
        buffer.writeString(String(value))
    }

    package mutating func double(_ value: Double) {
        separate()
        if value.isFinite { writeNumber(value.description) } else { buffer.writeStaticString("null") }
    }

    package mutating func float(_ value: Float) {
        separate()
        if value.isFinite { writeNumber(value.description) } else { buffer.writeStaticString("null") }
    }

    package mutating func string(_ value: String) {
        separate()
        quote(value)
    }

    /// Text that is known to be one JSON value.
    package mutating func raw(_ value: String) {
        separate()
        buffer.writeString(value)
    }

    /// What another writer has written, which must be one value.
    package mutating func raw(_ value: JSONWriter) {
        separate()
        buffer.writeImmutableBuffer(value.buffer)
    }

    // MARK: Members

    package mutating func member(_ name: StaticString, _ value: String?) {
        key(name)
        if let value { string(value) } else { null() }
    }

    package mutating func member(_ name: StaticString, _ value: Int?) {
        key(name)
        if let value { int(value) } else { null() }
    }

    package mutating func member(_ name: StaticString, _ value: Int64?) {
        key(name)
        if let value { int(value) } else { null() }
    }

    package mutating func member(_ name: StaticString, _ value: Double?) {
        key(name)
        if let value { double(value) } else { null() }
    }

    package mutating func member(_ name: StaticString, _ value: Bool) {
        key(name)
        bool(value)
    }

    package mutating func member(_ name: StaticString, _ values: [String]) {
        key(name)
        strings(values)
    }

    /// An object of texts, its members in the order of their names.
    package mutating func member(_ name: StaticString, _ values: [String: String]) {
        key(name)
        object { json in
            for (name, value) in values.sorted(by: { $0.key < $1.key }) {
                json.key(named: name)
                json.string(value)
            }
        }
    }

    /// A number for each name, in the order of the names.
    package mutating func members(_ values: [String: Double]) {
        for (name, value) in values.sorted(by: { $0.key < $1.key }) {
            key(named: name)
            double(value)
        }
    }

    /// A list of objects, one for each element.
    package mutating func member<Element>(
        _ name: StaticString, objects elements: some Sequence<Element>,
        _ members: (inout JSONWriter, Element) throws -> Void
    ) rethrows {
        key(name)
        try array { json in for element in elements { try json.object { try members(&$0, element) } } }
    }

    package mutating func member(_ name: StaticString, object members: (inout JSONWriter) throws -> Void) rethrows {
        key(name)
        try object(members)
    }

    package mutating func member(_ name: StaticString, array elements: (inout JSONWriter) throws -> Void) rethrows {
        key(name)
        try array(elements)
    }

    package mutating func strings(_ values: [String]) {
        array { json in for value in values { json.string(value) } }
    }

    // MARK: Bytes

    private mutating func separate() {
        if needsComma { buffer.writeInteger(UInt8(ascii: ",")) }
        needsComma = true
    }

    private mutating func enclose(
        _ open: UInt8, _ close: UInt8, _ body: (inout JSONWriter) throws -> Void
    ) rethrows {
        separate()
        buffer.writeInteger(open)
        needsComma = false
        try body(&self)
        buffer.writeInteger(close)
        needsComma = true
    }

    /// Swift writes whole numbers as `3.0`; JSON readers of other languages would keep the point, so it goes.
    private mutating func writeNumber(_ text: String) {
        if text.hasSuffix(".0") { buffer.writeSubstring(text.dropLast(2)) } else { buffer.writeString(text) }
    }

    private mutating func quote(_ text: String) {
        buffer.writeInteger(UInt8(ascii: "\""))
        let isPlain = text.utf8.allSatisfy { $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
        if isPlain { buffer.writeString(text) } else { escape(text) }
        buffer.writeInteger(UInt8(ascii: "\""))
    }

    private mutating func escape(_ text: String) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""): buffer.writeStaticString("\\\"")
            case UInt8(ascii: "\\"): buffer.writeStaticString("\\\\")
            case UInt8(ascii: "\n"): buffer.writeStaticString("\\n")
            case UInt8(ascii: "\r"): buffer.writeStaticString("\\r")
            case UInt8(ascii: "\t"): buffer.writeStaticString("\\t")
            case 0..<0x20:
                let digits = String(byte, radix: 16)
                buffer.writeString("\\u" + String(repeating: "0", count: 4 - digits.count) + digits)
            default: buffer.writeInteger(byte)
            }
        }
    }
}
