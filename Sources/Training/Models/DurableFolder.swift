import Foundation

/// A folder that appears whole or not at all, and is still there after a power cut.
///
/// Everything is written and synced under a temporary name beside the final one; then the name is changed, and the
/// parent synced.
enum DurableFolder {
    /// - Parameter files: bytes by path relative to the folder; each path has at most one folder in it.
    /// - Parameter folder: what stood there before is replaced.
    /// - Throws: `ArtifactError.cannotWrite`; nothing is left behind then.
    static func write(_ files: [String: [UInt8]], to folder: String) throws(ArtifactError) {
        let parent = URL(fileURLWithPath: folder).deletingLastPathComponent().path
        let name = URL(fileURLWithPath: folder).lastPathComponent
        let tag = String(UInt64.random(in: 0 ... .max), radix: 36)
        let partial = "\(parent)/.\(name).\(tag).partial"
        let manager = FileManager.default
        do {
            try manager.createDirectory(atPath: partial, withIntermediateDirectories: true)
            for (path, bytes) in files.sorted(by: { $0.key < $1.key }) {
                let target = "\(partial)/\(path)"
                let inner = URL(fileURLWithPath: target).deletingLastPathComponent().path
                try manager.createDirectory(atPath: inner, withIntermediateDirectories: true)
                try writeSynced(bytes, to: target)
                if inner != partial { try sync(folder: inner) }
            }
            try sync(folder: partial)
            // rename(2) replaces no folder that holds anything, so the old one steps aside for the moment between two
            // renames.
            let former = "\(parent)/.\(name).\(tag).former"
            let replaces = manager.fileExists(atPath: folder)
            if replaces, rename(folder, former) != 0 { throw Failure(path: folder) }
            guard rename(partial, folder) == 0 else {
                let failure = Failure(path: folder)
                if replaces { _ = rename(former, folder) }
                throw failure
            }
            try sync(folder: parent)
            if replaces { try manager.removeItem(atPath: former) }
        } catch let failure as Failure {
            try? manager.removeItem(atPath: partial)
            throw .cannotWrite(path: failure.path, problem: failure.problem)
        } catch {
            try? manager.removeItem(atPath: partial)
            throw .cannotWrite(path: folder, problem: error.localizedDescription)
        }
    }

    private struct Failure: Error {
        let path: String
        let problem: String
        init(path: String) {
            self.path = path
            problem = String(cString: strerror(errno))
        }
    }

    private static func writeSynced(_ bytes: [UInt8], to path: String) throws(Failure) {
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        if file < 0 { throw Failure(path: path) }
        defer { close(file) }
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes {
                Foundation.write(file, $0.baseAddress.map { $0 + written }, $0.count - written)
            }
            if count < 0, errno == EINTR { continue }
            if count <= 0 { throw Failure(path: path) }
            written += count
        }
        if fsync(file) != 0 { throw Failure(path: path) }
    }

    private static func sync(folder: String) throws(Failure) {
        let file = open(folder, O_RDONLY | O_CLOEXEC)
        if file < 0 { throw Failure(path: folder) }
        defer { close(file) }
        if fsync(file) != 0 { throw Failure(path: folder) }
    }
}
