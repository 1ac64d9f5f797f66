import Foundation
import TestKit
import Testing

@testable import Stack

struct TarTests {
    @Test func `names and lengths of every kind come back, and tar itself reads them`() async throws {
        try await StorageFixture.withFolder { folder in
            let archive = folder + "/a.tar.gz"
            let contents = [
                "a": 0, "b": 1, "c": 511, "d": 512, "e": 513, "f": 300_000,
                String(repeating: "long/", count: 30) + "name": 7, "ünï/коD": 3,
                String(repeating: "x", count: 100): 2, String(repeating: "y", count: 101): 2,
            ]
            let tar = try TarWriter(path: archive, mode: 0o600)
            for (path, count) in contents.sorted(by: { $0.key < $1.key }) {
                let entry = TarEntry(path: path, bytes: count, mode: 0o640, modifiedSeconds: 1_700_000_000)
                try tar.add(entry, content: [UInt8](repeating: UInt8(count % 251), count: count))
            }
            try tar.finish()

            let reader = try TarReader(path: archive)
            var found: [String: Int] = [:]
            while let (entry, isFolder) = try reader.next() {
                #expect(!isFolder)
                #expect((entry.mode, entry.modifiedSeconds) == (0o640, 1_700_000_000))
                var count = 0
                try reader.content(of: entry) { piece in
                    #expect(piece.allSatisfy { $0 == UInt8(entry.bytes % 251) })
                    count += piece.count
                }
                found[entry.path] = count
            }
            #expect(found == contents)

            let process = Process()
            process.executableURL = URL(filePath: "/usr/bin/env")
            process.arguments = ["tar", "xzf", archive, "-C", folder]
            try process.run()
            process.waitUntilExit()
            #expect(process.terminationStatus == 0)
            for (path, count) in contents {
                #expect(try Data(contentsOf: URL(filePath: "\(folder)/\(path)")).count == count)
            }
        }
    }

    @Test func `a length beyond eight gigabytes is written down`() throws {
        let entry = TarEntry(path: "big", bytes: 10_000_000_000, mode: 0o644, modifiedSeconds: 0)
        var blocks = entry.header
        let (extended, kind) = try #require(try TarEntry.parse(Array(blocks.prefix(512))))
        #expect(kind == .extended)
        blocks.removeFirst(512)
        let content = Array(blocks.prefix(extended.bytes))
        blocks.removeFirst(512)
        var (read, _) = try #require(try TarEntry.parse(blocks))
        try read.apply(extended: content)
        #expect(read.bytes == 10_000_000_000)
    }
}
