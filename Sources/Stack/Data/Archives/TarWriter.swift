import Foundation

/// Writes a `.tar.gz`, one file after the other. Blocks.
final class TarWriter {
    private let target: UnpackedFile
    private let deflation: Deflation

    /// Fast: most of what a home holds are numbers, which nine times the work makes a hundredth smaller.
    private static let level: Int32 = 3

    /// - Parameters:
    ///   - path: nothing may be there yet.
    ///   - mode: permission bits.
    /// - Throws: `ArchiveError`.
    init(path: String, mode: UInt32) throws(ArchiveError) {
        deflation = try Deflation(level: TarWriter.level)
        target = try UnpackedFile(path: path, mode: mode)
    }

    /// Bytes of the archive so far.
    var count: Int { target.count }

    /// Begins a file; exactly `entry.bytes` must follow, then `endFile`.
    func begin(_ entry: TarEntry) throws { try write(entry.header) }

    func append(_ bytes: UnsafeRawBufferPointer) throws { try deflation.take(bytes) { try target.write($0) } }

    func endFile(of entry: TarEntry) throws { try write(TarEntry.padding(after: entry.bytes)) }

    func add(_ entry: TarEntry, content: [UInt8]) throws {
        try begin(entry)
        try write(content)
        try endFile(of: entry)
    }

    /// Returns once everything is on the disk.
    func finish() throws {
        try TarEntry.end.withUnsafeBytes { try deflation.take($0, isLast: true) { try target.write($0) } }
        try target.sync()
    }

    private func write(_ bytes: [UInt8]) throws { try bytes.withUnsafeBytes { try append($0) } }
}
