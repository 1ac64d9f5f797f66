import Foundation
import Storage
import TestKit

@testable import Stack

/// A small home, room for its backup, and for homes that are made of it.
struct BackupWorld {
    let folder: String
    var home: Home { Home(folder + "/home") }
    var new: Home { Home(folder + "/new") }
    var backup: String { folder + "/backup.tar.gz" }
    let manifest = #"{"created_at":"2026-01-01T00:00:00Z","format":1,"holds_secrets":false,"home":"/h","program":"1"}"#

    static func with(
        isolation: isolated (any Actor)? = #isolation, _ body: (BackupWorld) async throws -> Void
    ) async throws {
        try await StorageFixture.withFolder { folder in
            let world = BackupWorld(folder: Home(URL(filePath: folder).resolvingSymlinksInPath().path).path)
            try world.home.prepare()
            try StorageFixture.open(world.home.path).close()
            try "tasks: {}".write(toFile: world.home.pipelines + "/a.yaml", atomically: true, encoding: .utf8)
            // Longer than one piece, and it does not become small.
            let numbers = CountedRandomness()
            let bytes = (0..<60_000).flatMap { _ in withUnsafeBytes(of: numbers.next()) { Array($0) } }
            try Data(bytes).write(to: URL(filePath: world.home.artifacts + "/model"))
            try await body(world)
        }
    }

    /// What is beside the home, hidden files included.
    var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted() }

    @discardableResult
    func back() async throws -> BackupSummary { try await BackupCreation(home: home, file: backup).run() }

    @discardableResult
    func restore(into home: Home? = nil, replaces: Bool = false) async throws -> BackupSummary {
        try await BackupRestoration(file: backup, home: home ?? new, replaces: replaces).run()
    }

    /// An archive of these files, the manifest first.
    /// - Parameter link: the path of a symbolic link after them.
    func write(_ files: [String: String], link: String? = nil) throws {
        unlink(backup)
        let tar = try TarWriter(path: backup, mode: 0o600)
        for (path, text) in files.sorted(by: {
            $0.key == BackupLayout.manifest || $0.key < $1.key && $1.key != BackupLayout.manifest
        }) {
            let content = Array(text.utf8)
            try tar.add(TarEntry(path: path, bytes: content.count, mode: 0o644, modifiedSeconds: 0), content: content)
        }
        if let link {
            var header = TarEntry(path: link, bytes: 0, mode: 0o777, modifiedSeconds: 0).header
            header[156] = UInt8(ascii: "2")
            header.replaceSubrange(157..<161, with: Array("/etc".utf8))
            header.replaceSubrange(148..<156, with: [UInt8](repeating: 0x20, count: 8))
            let sum = String(header.reduce(0) { $0 + Int($1) }, radix: 8)
            let digits = Array((String(repeating: "0", count: 6 - sum.count) + sum).utf8)
            header.replaceSubrange(148..<156, with: digits + [0, 0x20])
            try header.withUnsafeBytes { try tar.append($0) }
        }
        try tar.finish()
    }
}
