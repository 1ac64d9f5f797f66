import Foundation
import Storage
import TestKit
import Testing

struct HomeLockTests {
    @Test func `a second server of a home is refused with the first one's process and address`() async throws {
        try await StorageFixture.withFolder { home in
            let lock = try HomeLock.acquire(home: home)
            try lock.publish(url: "http://127.0.0.1:8080")
            let error = #expect(throws: StorageError.self) { _ = try HomeLock.acquire(home: home) }
            #expect(error == .homeInUse(home: home, processID: getpid(), url: "http://127.0.0.1:8080"))
            #expect(error?.errorDescription?.contains("process \(getpid())") == true)
            lock.release()
            try HomeLock.acquire(home: home).release()
        }
    }

    @Test func `clients find the server while it lives, and looking disturbs nobody`() async throws {
        try await StorageFixture.withFolder { home in
            #expect(try HomeLock.read(home: home) == nil)
            let lock = try HomeLock.acquire(home: home)
            #expect(try HomeLock.read(home: home)?.url == nil)
            try lock.publish(url: "http://127.0.0.1:12345")
            try lock.publish(url: "http://[::1]:1")
            let holder = try HomeLock.read(home: home)
            #expect(holder?.pid == getpid() && holder?.url == "http://[::1]:1")
            lock.release()
            #expect(try HomeLock.read(home: home) == nil)
        }
    }

    @Test func `a file that a dead server left says nothing and stops nobody`() async throws {
        try await StorageFixture.withFolder { home in
            try #"{"pid":1,"url":"http://127.0.0.1:8080"}"#.write(
                toFile: home + "/" + HomeLock.fileName, atomically: false, encoding: .utf8)
            #expect(try HomeLock.read(home: home) == nil)
            let lock = try HomeLock.acquire(home: home)
            #expect(try HomeLock.read(home: home)?.pid == getpid())
            lock.release()
        }
    }

    @Test func `dropping the lock lets go of the home`() async throws {
        try await StorageFixture.withFolder { home in
            _ = try HomeLock.acquire(home: home)
            #expect(try HomeLock.read(home: home) == nil)
        }
    }

    @Test func `a home that is not there is named`() {
        #expect(throws: StorageError.self) { _ = try HomeLock.acquire(home: "/nonexistent") }
    }
}
