import Foundation
import Training

/// Reads a backup from its beginning to its end, and believes nothing that its checksums do not prove. Blocks.
struct BackupReading {
    let file: String
    let onProgress: (Double) -> Void
    let isStopped: () -> Bool

    /// What was in it.
    struct Content {
        var manifest: BackupManifest
        /// Below the home.
        var paths: [String] = []
        var bytes = 0
    }

    /// No file that tells of others is longer.
    private static let longestManifest = 1 << 20
    private static let longestSums = 512 << 20

    /// - Parameter open: is asked for each file of the home where it is to be written; nil: nowhere.
    /// - Throws: `BackupError`, `ArchiveError`; what was written so far is then to be thrown away.
    func run(_ open: (_ path: String, _ entry: TarEntry) throws -> UnpackedFile?) throws -> Content {
        do {
            return try read(open)
        } catch {
            throw BackupError.explaining(error)
        }
    }

    private func read(_ open: (String, TarEntry) throws -> UnpackedFile?) throws -> Content {
        let tar = try TarReader(path: file)
        var sums = ""
        var content = Content(manifest: try manifest(tar, &sums))
        var seen: Set<String> = []
        while let (entry, isFolder) = try tar.next() {
            if isFolder { continue }
            guard entry.path != BackupLayout.sums else {
                try check(sums, against: try bytes(of: entry, in: tar, atMost: BackupReading.longestSums))
                guard try tar.next() == nil else { throw damaged("something follows its checksums") }
                guard seen.contains(BackupLayout.database) else { throw damaged("it holds no database") }
                onProgress(1)
                return content
            }
            let path = try BackupLayout.pathInHome(entry.path, of: file)
            guard seen.insert(path).inserted else {
                throw BackupError.refused(file: file, entry: entry.path, reason: "is in it twice")
            }
            let digest = try copy(entry, from: tar, to: try open(path, entry))
            sums += BackupLayout.sumLine(digest, String(entry.path.dropFirst(BackupLayout.root.count)))
            content.paths.append(path)
            content.bytes += entry.bytes
        }
        throw damaged("its checksums are missing")
    }

    private func manifest(_ tar: TarReader, _ sums: inout String) throws -> BackupManifest {
        guard let (entry, isFolder) = try? tar.next(), !isFolder, entry.path == BackupLayout.manifest,
            entry.bytes <= BackupReading.longestManifest
        else { throw BackupError.notABackup(file: file) }
        let bytes = try bytes(of: entry, in: tar, atMost: BackupReading.longestManifest)
        struct Form: Decodable {
            var format: Int
            var program: String
        }
        guard let form = try? JSONDecoder().decode(Form.self, from: Data(bytes)) else {
            throw BackupError.notABackup(file: file)
        }
        guard form.format <= BackupManifest.presentFormat else {
            throw BackupError.newer(file: file, program: form.program)
        }
        guard let manifest = try? JSONDecoder().decode(BackupManifest.self, from: Data(bytes)) else {
            throw damaged("its first file does not say what it is")
        }
        sums += BackupLayout.sumLine(SHA256.hex(of: bytes), String(entry.path.dropFirst(BackupLayout.root.count)))
        return manifest
    }

    private func copy(_ entry: TarEntry, from tar: TarReader, to target: UnpackedFile?) throws -> String {
        var digest = SHA256()
        try tar.content(of: entry) { piece in
            if isStopped() { throw BackupError.interrupted }
            digest.update(piece)
            try target?.write(piece)
            onProgress(min(0.999, tar.share))
        }
        try target?.describe(mode: entry.mode, modifiedSeconds: entry.modifiedSeconds)
        try target?.sync()
        return digest.hex()
    }

    private func bytes(of entry: TarEntry, in tar: TarReader, atMost limit: Int) throws -> [UInt8] {
        guard entry.bytes <= limit else { throw damaged("\(entry.path) is longer than it can be") }
        var bytes: [UInt8] = []
        try tar.content(of: entry) { bytes += $0 }
        return bytes
    }

    /// Both lists have the order of the files.
    private func check(_ sums: String, against bytes: [UInt8]) throws {
        let promised = String(decoding: bytes, as: UTF8.self)
        if sums == promised { return }
        let lines = (sums.split(separator: "\n"), promised.split(separator: "\n"))
        let differing = zip(lines.0, lines.1).first { $0 != $1 }?.0 ?? lines.0.dropFirst(lines.1.count).first
        let path = differing.map { String($0.drop { $0 == "\\" }.dropFirst(66)) }
        throw damaged(path.map { "the checksum of \($0) is wrong" } ?? "files are missing in it")
    }

    private func damaged(_ reason: String) -> BackupError { .damaged(file: file, reason: reason) }
}
