import CPlatform

/// The coding that every browser takes (RFC 1952), over the system's zlib.
package enum Gzip {
    /// Room for gzip's frame; what does not become smaller than it was is not worth a coding.
    private static let frame = 64

    /// Computes for about ten milliseconds a megabyte at level 1, three times that at level 9: not on an event loop.
    ///
    /// - Parameter level: 1 (fast) to 9 (small).
    /// - Returns: nil when the bytes would not become fewer, or when the system has no zlib.
    package static func compressed(_ input: UnsafeRawBufferPointer, level: Int32) -> [UInt8]? {
        var stream: OpaquePointer?
        guard mls_deflate_begin(level, &stream) == 0, let stream else { return nil }
        defer { mls_deflate_end(stream) }
        var output = [UInt8](repeating: 0, count: input.count + frame)
        var (used, made) = (Int64(input.count), Int64(output.count))
        let code = output.withUnsafeMutableBytes {
            mls_deflate(stream, input.baseAddress, &used, $0.baseAddress, &made, true)
        }
        guard code == 1, made < input.count else { return nil }
        output.removeLast(output.count - Int(made))
        return output
    }
}
