/// HMAC with SHA-256: proves that whoever sent a message knows the key.
/// - Source: RFC 2104; test cases in RFC 4231.
package enum MessageAuthentication {
    private static let blockBytes = 64

    /// 32 bytes. Compare them in constant time.
    package static func code(of message: [UInt8], key: [UInt8]) -> [UInt8] {
        var block = key.count > blockBytes ? ContentHash.digest(key) : key
        block += [UInt8](repeating: 0, count: blockBytes - block.count)
        let inner = ContentHash.digest(block.map { $0 ^ 0x36 } + message)
        return ContentHash.digest(block.map { $0 ^ 0x5C } + inner)
    }
}
