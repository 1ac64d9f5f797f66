import CPlatform
import Foundation

/// Reads files that others name or replace: a folder, a pipe or a device in their place is told, and never waited for.
package enum PlainFile {
    package struct Failure: Error, Sendable, Equatable {
        /// The file was removed, or a link leads nowhere.
        package var isMissing: Bool
        /// Goes on from "x cannot be read: ".
        package var reason: String
    }

    /// The whole file, or its beginning. Waits for the disk.
    package static func read(_ path: String, upTo limit: Int = .max) throws(Failure) -> [UInt8] {
        let descriptor = mls_open_file(path)
        guard descriptor >= 0 else { throw failure(-descriptor, path) }
        defer { mls_close(descriptor) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 64 << 10)
        while bytes.count < limit {
            let count = mls_read(descriptor, &piece, Int64(min(piece.count, limit - bytes.count)))
            guard count >= 0 else { throw failure(Int32(-count), path) }
            if count == 0 { break }
            bytes += piece[..<Int(count)]
        }
        return bytes
    }

    private static func failure(_ number: Int32, _ path: String) -> Failure {
        switch number {
        case EISDIR: Failure(isMissing: false, reason: "it is a folder")
        case ENXIO: Failure(isMissing: false, reason: "it is a pipe, a socket or a device, not a file")
        case ENOENT:
            if let target = try? FileManager.default.destinationOfSymbolicLink(atPath: path) {
                Failure(isMissing: true, reason: "it is a link to \(target), which does not exist")
            } else {
                Failure(isMissing: true, reason: "it does not exist")
            }
        case ELOOP: Failure(isMissing: true, reason: "it is a link that leads back to itself")
        default: Failure(isMissing: false, reason: SystemText.error(number))
        }
    }
}
