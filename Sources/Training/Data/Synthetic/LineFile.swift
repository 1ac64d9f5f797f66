import Foundation

/// A text file written through a buffer, under a temporary name until it is whole.
struct LineFile {
    private let path: String
    private let descriptor: Int32
    private var buffer: [UInt8] = []

    private static let bufferBytes = 1 << 20

    init(_ path: String) throws(SyntheticDatasetError) {
        self.path = path
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        if descriptor < 0 { throw .unwritable(path: path, reason: String(cString: strerror(errno))) }
        buffer.reserveCapacity(LineFile.bufferBytes + 256)
    }

    mutating func append(_ text: String) { buffer.append(contentsOf: text.utf8) }
    mutating func append(_ byte: UInt8) { buffer.append(byte) }

    /// In decimal; not negative.
    mutating func append(_ number: Int) {
        let start = buffer.count
        var rest = number
        repeat {
            buffer.append(48 + UInt8(rest % 10))
            rest /= 10
        } while rest > 0
        buffer[start...].reverse()
    }

    mutating func flushIfFull() throws(SyntheticDatasetError) {
        if buffer.count >= LineFile.bufferBytes { try flush() }
    }

    /// Writes the rest, waits for the disk and gives the file its name.
    mutating func close(as name: String) throws(SyntheticDatasetError) {
        try flush()
        guard fsync(descriptor) == 0, Foundation.close(descriptor) == 0, rename(path, name) == 0 else {
            throw .unwritable(path: name, reason: String(cString: strerror(errno)))
        }
    }

    private mutating func flush() throws(SyntheticDatasetError) {
        var written = 0
        while written < buffer.count {
            let count = buffer.withUnsafeBytes { bytes in
                bytes.baseAddress.map { Foundation.write(descriptor, $0 + written, bytes.count - written) } ?? 0
            }
            if count < 0, errno == EINTR { continue }
            if count <= 0 { throw .unwritable(path: path, reason: String(cString: strerror(errno))) }
            written += count
        }
        buffer.removeAll(keepingCapacity: true)
    }
}
