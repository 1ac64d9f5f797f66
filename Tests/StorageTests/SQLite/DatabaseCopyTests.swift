import Foundation
import Scheduling
import TestKit
import Testing

@testable import Storage

struct DatabaseCopyTests {
    @Test func `a copy holds what was committed, also what no checkpoint has moved yet, and is one file`() async throws
    {
        try await StorageFixture.withFolder { folder in
            let store = try StorageFixture.open(folder)
            for number in 0..<50 { try await store.setValue("value \(number)", forKey: "key \(number)") }
            try FileManager.default.createDirectory(atPath: folder + "/copy", withIntermediateDirectories: true)
            try DatabaseCopy.make(from: store.path, to: folder + "/copy/mlstack.db")
            // Its own business goes on.
            try await store.setValue("later", forKey: "key 0")
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "/copy") == ["mlstack.db"])
            let copy = try StorageFixture.open(folder + "/copy")
            for number in 0..<50 { #expect(try await copy.value(forKey: "key \(number)") == "value \(number)") }
            #expect(try await copy.integrityReport().isSound)
            try copy.close()
            #expect(throws: StorageError.self) {
                try DatabaseCopy.make(from: store.path, to: folder + "/copy/mlstack.db")
            }
            try store.close()
        }
    }

    @Test func `what is no database is not copied, and leaves nothing`() async throws {
        try await StorageFixture.withFolder { folder in
            try Data(repeating: 7, count: 9000).write(to: URL(filePath: folder + "/a.db"))
            #expect(throws: StorageError.self) { try DatabaseCopy.make(from: folder + "/a.db", to: folder + "/b.db") }
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["a.db"])
        }
    }

    @Test func `a home that moves finds what its tasks handed on and where its settings point`() async throws {
        try await StorageFixture.withStore { store in
            try await store.setValue("/old/home/datasets/mine", forKey: "dataset_source")
            try await store.setValue("/old/homeless", forKey: "other")
            try await store.relocate(from: "/old/home", to: "/new place/h")
            #expect(try await store.value(forKey: "dataset_source") == "/new place/h/datasets/mine")
            #expect(try await store.value(forKey: "other") == "/old/homeless")
        }
    }
}
