import CPlatform

extension WebAsset {
    /// Room for gzip's frame; what does not become smaller than it was is not worth a coding.
    private static let frame = 64

    /// The same file without comments (`squeezed`), in gzip's coding. It computes for a fraction of a millisecond (level 9): once a file, off the event loops.
    /// - Returns: nil when it would not be smaller, or when the system has no zlib.
    package func gzipped() -> WebAsset? {
        var stream: OpaquePointer?
        guard mls_deflate_begin(9, &stream) == 0, let stream else { return nil }
        defer { mls_deflate_end(stream) }
        let input = squeezed
        var output = [UInt8](repeating: 0, count: input.count + WebAsset.frame)
        var (used, made) = (Int64(input.count), Int64(output.count))
        let code = input.withUnsafeBytes { input in
            output.withUnsafeMutableBytes { mls_deflate(stream, input.baseAddress, &used, $0.baseAddress, &made, true) }
        }
        guard code == 1, made < bytes.count else { return nil }
        output.removeLast(output.count - Int(made))
        // Another form of the same file is another thing to a cache (RFC 9110, section 8.8.3.3).
        return WebAsset(path: path, bytes: output, contentType: contentType, etag: etag.dropLast() + "-gzip\"")
    }
}
