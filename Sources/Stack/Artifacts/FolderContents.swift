import Foundation
import Registry
import Training
import Transfer

/// The files of a folder of this machine, as they go to a bucket and come from it. Everything here blocks for as long as
/// the disk takes.
struct FolderContents: Codable, Equatable {
    struct File: Codable, Equatable {
        var bytes: Int64
        /// SHA-256.
        var sha256: String
    }

    /// By their paths in the folder, slash-separated.
    var files: [String: File] = [:]

    init() {}

    /// - Throws: `RegistryError.invalid` for a link, a device or a name that no artefact can have; what the disk says.
    init(of folder: String) throws {
        try add(folder, below: .root)
    }

    private mutating func add(_ folder: String, below path: ArtifactPath) throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
            let (file, inner) = ("\(folder)/\(name)", try path.appending(name))
            switch try FileManager.default.attributesOfItem(atPath: file)[.type] as? FileAttributeType {
            case .typeDirectory?: try add(file, below: inner)
            case .typeRegular?: files[inner.description] = try Self.file(file)
            default: throw RegistryError.invalid("\(file) is neither a file nor a folder.")
            }
        }
    }

    static func file(_ path: String) throws -> File {
        var (digest, count) = (SHA256(), Int64(0))
        let handle = try FileHandle(forReadingFrom: URL(filePath: path))
        defer { try? handle.close() }
        while let piece = try handle.read(upToCount: 1 << 20), !piece.isEmpty {
            piece.withUnsafeBytes { digest.update($0) }
            count += Int64(piece.count)
        }
        return File(bytes: count, sha256: digest.hex())
    }

    /// Whether the folder still holds exactly these bytes.
    func isWhole(in folder: String) -> Bool {
        files.allSatisfy { path, file in (try? Self.file("\(folder)/\(path)")) == file }
    }
}
