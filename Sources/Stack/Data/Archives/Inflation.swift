import CPlatform

/// A stream of deflated bytes, piece by piece. Blocks for as long as its consumer does.
final class Inflation {
    enum Form { case deflate, gzip }

    /// The input was damaged.
    struct Damage: Error {}

    private let stream: OpaquePointer
    private var output = [UInt8](repeating: 0, count: 256 << 10)
    private(set) var hasEnded = false

    /// - Throws: `ArchiveError.noZlib`.
    init(_ form: Form) throws(ArchiveError) {
        var stream: OpaquePointer?
        guard mls_inflate_begin(form == .gzip, &stream) == 0, let stream else { throw .noZlib }
        self.stream = stream
    }

    deinit { mls_inflate_end(stream) }

    /// Hands on what the bytes stand for.
    /// - Returns: how many of the bytes belonged to the stream; fewer than there are when it has ended.
    /// - Throws: `Damage`, and what `consume` throws.
    func take(_ input: [UInt8], _ consume: (UnsafeRawBufferPointer) throws -> Void) throws -> Int {
        var taken = 0
        while !hasEnded {
            var (used, made) = (Int64(input.count - taken), Int64(output.count))
            let code = input.withUnsafeBytes { input in
                output.withUnsafeMutableBytes { output in
                    mls_inflate(stream, input.baseAddress.map { $0 + taken }, &used, output.baseAddress, &made)
                }
            }
            guard code >= 0 else { throw Damage() }
            hasEnded = code == 1
            taken += Int(used)
            try output.withUnsafeBytes { try consume(UnsafeRawBufferPointer(rebasing: $0[..<Int(made)])) }
            if used == 0, made == 0 { break }
        }
        return taken
    }

    /// Makes it ready for the next stream.
    func begin() throws {
        guard mls_inflate_again(stream) == 0 else { throw Damage() }
        hasEnded = false
    }
}

/// The checksum of zip's entries. zlib must have been found before: see `Inflation`.
struct CRC32 {
    private(set) var value: UInt32 = 0
    mutating func update(_ bytes: UnsafeRawBufferPointer) {
        value = mls_crc32(value, bytes.baseAddress, Int64(bytes.count))
    }
}
