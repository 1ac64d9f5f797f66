import Foundation
import Storage
import TestKit
import Testing

struct AtomicFileTests {
    private struct Kill: Error {}

    @Test func `a file is written whole and replaced whole`() async throws {
        try await StorageFixture.withFolder { folder in
            let path = folder + "/state.json"
            try AtomicFile.write("first", to: path)
            try AtomicFile.write("second", to: path, mode: 0o600)
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "second")
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["state.json"])
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect(mode == 0o600)
        }
    }

    @Test(arguments: AtomicFile.Step.allCases, [nil, "old"])
    func `a kill after any step leaves the old file or the new one`(_ last: AtomicFile.Step, _ old: String?)
        async throws
    {
        try await StorageFixture.withFolder { folder in
            let path = folder + "/state.json"
            if let old { try AtomicFile.write(old, to: path) }
            #expect(throws: Kill.self) {
                try AtomicFile.write(Array("new".utf8), to: path) { if $0 == last { throw Kill() } }
            }
            let isRenamed = last == .renamed || last == .folderSynced
            #expect((try? String(contentsOfFile: path, encoding: .utf8)) == (isRenamed ? "new" : old))
            try AtomicFile.removeLeftovers(in: folder)
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: folder).count == (isRenamed || old != nil ? 1 : 0))
            try AtomicFile.write("after", to: path)
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "after")
        }
    }

    @Test func `the steps come in the order that makes them safe`() async throws {
        try await StorageFixture.withFolder { folder in
            var steps: [AtomicFile.Step] = []
            try AtomicFile.write([], to: folder + "/a") { steps.append($0) }
            #expect(steps == [.created, .written, .synced, .renamed, .folderSynced])
        }
    }

    @Test func `a place that cannot be written to is named and left clean`() async throws {
        try await StorageFixture.withFolder { folder in
            let error = #expect(throws: StorageError.self) { try AtomicFile.write("a", to: folder + "/none/a") }
            #expect(error?.errorDescription?.contains(folder + "/none") == true)
            try FileManager.default.createDirectory(atPath: folder + "/d/e", withIntermediateDirectories: true)
            #expect(throws: StorageError.self) { try AtomicFile.write("a", to: folder + "/d") }
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["d"])
        }
    }
}
