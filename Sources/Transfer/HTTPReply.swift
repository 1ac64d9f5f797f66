/// What a server answered, whatever its status.
package struct HTTPReply: Sendable {
    package var status: Int
    /// In the order in which they came; of the last answer, where redirects were followed.
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]

    package var isSuccess: Bool { 200..<300 ~= status }
    /// The body as UTF-8; malformed bytes become U+FFFD.
    package var text: String { String(decoding: body, as: UTF8.self) }

    /// The first header of that name, in any letter case.
    package func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}
