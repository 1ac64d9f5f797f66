import CPlatform

/// A gzip stream that is being written, piece by piece. Blocks for as long as its consumer does.
final class Deflation {
    private let stream: OpaquePointer
    private var output = [UInt8](repeating: 0, count: 256 << 10)

    /// - Parameter level: 1 (fast) to 9 (small).
    /// - Throws: `ArchiveError.noZlib`.
    init(level: Int32) throws(ArchiveError) {
        var stream: OpaquePointer?
        guard mls_deflate_begin(level, &stream) == 0, let stream else { throw .noZlib }
        self.stream = stream
    }

    deinit { mls_deflate_end(stream) }

    /// Hands on what the bytes have become so far.
    /// - Parameter isLast: nothing follows; everything is handed on.
    func take(
        _ input: UnsafeRawBufferPointer, isLast: Bool = false, _ consume: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        var taken = 0
        while true {
            var (used, made) = (Int64(input.count - taken), Int64(output.count))
            let code = output.withUnsafeMutableBytes { output in
                mls_deflate(stream, input.baseAddress.map { $0 + taken }, &used, output.baseAddress, &made, isLast)
            }
            precondition(code >= 0, "zlib refused bytes to compress, which it does for a damaged stream alone")
            taken += Int(used)
            try output.withUnsafeBytes { try consume(UnsafeRawBufferPointer(rebasing: $0[..<Int(made)])) }
            if code == 1 || !isLast && taken == input.count && made < output.count { return }
        }
    }
}
