import Foundation
import TestKit
import Testing

@testable import Stack

struct ZipArchiveTests {
    private func text(_ folder: String, _ name: String) throws -> String {
        try String(contentsOfFile: "\(folder)/out/\(name)", encoding: .utf8)
    }

    private func unpack(_ bytes: [UInt8], in folder: String) throws {
        let place = folder + "/a.zip"
        try ZipFixture.write(bytes, to: place)
        let archive = try ZipArchive(path: place)
        try FileManager.default.createDirectory(atPath: folder + "/out", withIntermediateDirectories: false)
        try archive.unpack(into: folder + "/out")
    }

    @Test(arguments: [(false, ""), (true, ""), (false, "a comment PK\u{5}\u{6}"), (true, "both")])
    func `stored and deflated entries come out as they went in`(_ isWide: Bool, _ comment: String) async throws {
        try await StorageFixture.withFolder { folder in
            let entries: [ZipFixture.Entry] = [
                .init("set/", "") { $0.mode = 0o040755 },
                .init("set/README", "hello") { $0.isWide = isWide },
                .init("set/ratings.csv", String(repeating: "1,2,3,4\n", count: 5_000)) { $0.isDeflated = true },
                .init("set/empty", ""), .init("set/none", "") { $0.isDeflated = true },
            ]
            try unpack(ZipFixture.bytes(entries, isWide: isWide, comment: comment), in: folder)
            #expect(try text(folder, "set/README") == "hello")
            #expect(try text(folder, "set/ratings.csv") == String(repeating: "1,2,3,4\n", count: 5_000))
            #expect(try text(folder, "set/empty").isEmpty)
            #expect(try text(folder, "set/none").isEmpty)
        }
    }

    @Test(arguments: [
        ("a/../../x", "leads out"), ("../x", "leads out"), ("/etc/x", "absolute"), ("C:/x", "absolute"),
        ("a\\..\\x", "character"), ("a//x", "leads out"), ("", "no name"), ("./x", "leads out"), ("x\n", "character"),
    ])
    func `a path that leads elsewhere is refused`(_ name: String, _ reason: String) async throws {
        try await refuses([.init("ok", "fine"), .init(name, "evil")], reason)
    }

    @Test func `what no dataset holds is refused`() async throws {
        try await refuses([.init("link", "/etc") { $0.mode = 0o120777 }], "symbolic link")
        try await refuses([.init("device", "") { $0.mode = 0o020666 }], "no ordinary file")
        try await refuses([.init("secret", "x") { $0.flags = 1 }], "encrypted")
        try await refuses([.init("packed", "x") { $0.method = 12 }], "method 12")
        try await refuses([.init("bomb", "x") { ($0.isDeflated, $0.claimedBytes) = (true, 1 << 31) }], "larger")
        try await refuses([.init("liar", "x") { $0.claimedBytes = 2 }], "two different lengths")
        try await refuses([.init("one", "x") { $0.headName = "two" }], "something else")
        try await refuses([.init("one", "x"), .init("ONE", "y")], "twice")
        try await refuses(
            [
                .init("one", "x"),
                .init("two", "y") {
                    $0.claimedOffset = 0; $0.headName = "one"
                },
            ], "shares")
    }

    private func refuses(_ entries: [ZipFixture.Entry], _ reason: String) async throws {
        try await StorageFixture.withFolder { folder in
            let error = #expect(throws: ArchiveError.self) {
                try unpack(ZipFixture.bytes(entries), in: folder)
            }
            guard case .refused(_, _, let why)? = error else {
                Issue.record("\(String(describing: error)) for \(entries)")
                return
            }
            #expect(why.contains(reason))
            let left = try FileManager.default.contentsOfDirectory(atPath: folder)
            #expect(left == ["a.zip"])
        }
    }

    @Test func `content that is not what was packed is refused`() async throws {
        let lies: [ZipFixture.Entry] = [
            .init("x", "content") { $0.claimedCRC = 1 },
            .init("x", "content") { ($0.isDeflated, $0.claimedBytes) = (true, 6) },
            .init("x", "content") { ($0.isDeflated, $0.claimedBytes) = (true, 8) },
        ]
        for entry in lies {
            try await StorageFixture.withFolder { folder in
                let error = #expect(throws: ArchiveError.self) { try unpack(ZipFixture.bytes([entry]), in: folder) }
                guard case .damaged? = error else {
                    Issue.record("\(String(describing: error))")
                    return
                }
            }
        }
    }

    @Test func `an archive cut anywhere, or with any byte changed, never unpacks to something else`() async throws {
        let content = "one,two,three"
        let whole = ZipFixture.bytes([.init("set/x", content) { $0.isDeflated = true }, .init("set/y", content)])
        try await StorageFixture.withFolder { folder in
            var broken = (0..<whole.count).map { Array(whole.prefix($0)) }
            for index in whole.indices {
                var changed = whole
                changed[index] ^= 0x15
                broken.append(changed)
            }
            for (number, bytes) in broken.enumerated() {
                let place = "\(folder)/\(number)"
                try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: false)
                do {
                    try unpack(bytes, in: place)
                } catch is ArchiveError {
                    continue
                }
                // A changed date, version or attribute is none of ours; names and content are.
                for name in ["x", "y"] where FileManager.default.fileExists(atPath: "\(place)/out/set/\(name)") {
                    #expect(try text(place, "set/\(name)") == content)
                }
            }
        }
    }
}

struct GzipFileTests {
    private func unpack(_ bytes: [UInt8]) async throws -> String {
        try await StorageFixture.withFolder { folder in
            try ZipFixture.write(bytes, to: folder + "/x.gz")
            try GzipFile(path: folder + "/x.gz").unpack(to: folder + "/x")
            return try String(contentsOfFile: folder + "/x", encoding: .utf8)
        }
    }

    @Test func `one member, several, and zeros after them are read`() async throws {
        #expect(try await unpack(ZipFixture.gzip("hello")) == "hello")
        #expect(try await unpack(ZipFixture.gzip("one ") + ZipFixture.gzip("") + ZipFixture.gzip("two")) == "one two")
        #expect(try await unpack(ZipFixture.gzip("hello") + [0, 0, 0]) == "hello")
    }

    @Test func `a file that is cut, damaged or no gzip is refused`() async throws {
        let whole = ZipFixture.gzip("hello")
        var damaged = whole
        damaged[17] ^= 1
        for bytes in [[], Array("PK".utf8), Array(whole.dropLast(3)), damaged, whole + Array("rest".utf8)] {
            await #expect(throws: ArchiveError.self) { _ = try await unpack(bytes) }
        }
    }
}
