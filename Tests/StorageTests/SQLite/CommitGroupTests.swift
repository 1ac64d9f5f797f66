import Dispatch
import GRDB
import Registry
import Scheduling
import Synchronization
import TestKit
import Scheduling
import Testing

@testable import Storage

struct CommitGroupTests {
    @Test func `eight writers at once lose nothing, and each bad write fails alone`() async throws {
        try await StorageFixture.withStore { store in
            let id = try await store.makeRun().id
            try await store.log(RunBatch(params: [Param(key: "p", value: "1")]), to: id)
            let failures = try await withThrowingTaskGroup(of: Int.self) { group in
                for writer in 0..<8 {
                    group.addTask {
                        var failures = 0
                        for step in 0..<50 {
                            let key = "m\(writer)"
                            if step % 10 == 9 {
                                do {
                                    try await store.log(
                                        RunBatch(
                                            params: [
                                                Param(key: "q\(writer).\(step)", value: ""),
                                                Param(key: "p", value: "2"),
                                            ]),
                                        to: id)
                                } catch RegistryError.invalid { failures += 1 }
                            } else {
                                try await store.log(key, Double(step), step: Int64(step), to: id)
                            }
                        }
                        return failures
                    }
                }
                return try await group.reduce(0, +)
            }
            #expect(failures == 40)
            let run: Run = try await store.run(id: id)
            #expect(run.params.count == 1)
            #expect(run.metrics.map(\.value) == Array(repeating: 48, count: 8))
            for writer in 0..<8 {
                let history = try await store.metricHistory(
                    runID: id, key: "m\(writer)", maxResults: 100, pageToken: nil)
                #expect(history.items.count == 45)
            }
        }
    }

    @Test func `writes that wait together share a commit`() async throws {
        let commits = Mutex(0)
        try await StorageFixture.withStore(faultInjector: { point in
            if point == .commit { commits.withLock { $0 += 1 } }
        }) { store in
            let id = try await store.makeRun().id
            // The writer is held until all have queued up.
            let gate = DispatchSemaphore(value: 0)
            store.pool.asyncWriteWithoutTransaction { _ in gate.wait() }
            let before = commits.withLock { $0 }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for step in 0..<100 { group.addTask { try await store.log("m", 1, step: Int64(step), to: id) } }
                group.addTask {
                    while store.waitingWrites < 100 { await Task.yield() }
                    gate.signal()
                }
                try await group.waitForAll()
            }
            #expect(commits.withLock { $0 } == before + 1)
        }
    }

    @Test func `a commit that fails fails every write of the group`() async throws {
        let isFailing = Mutex(false)
        try await StorageFixture.withStore(faultInjector: { point in
            if point == .commit, isFailing.withLock({ $0 }) { throw StorageError.diskFull(path: "test") }
        }) { store in
            let id = try await store.makeRun().id
            isFailing.withLock { $0 = true }
            await withTaskGroup(of: Void.self) { group in
                for step in 0..<20 {
                    group.addTask {
                        let error = await #expect(throws: RegistryError.self) {
                            try await store.log("m", 1, step: Int64(step), to: id)
                        }
                        #expect(error?.publicAnswer == .diskFull)
                    }
                }
            }
            isFailing.withLock { $0 = false }
            let run: Run = try await store.run(id: id)
            #expect(run.metrics.isEmpty)
        }
    }

    @Test func `a really full disk is said so, and the store works on when there is room again`() async throws {
        try await StorageFixture.withStore { store in
            let id = try await store.makeRun().id
            let pages = try await store.pool.write { database in
                try database.execute(sql: "PRAGMA max_page_count = 1")
                return try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
            }
            let long = String(repeating: "x", count: 5900)
            var failure: RegistryError?
            var written = 0
            while failure == nil, written < 1000 {
                do {
                    try await store.log(RunBatch(params: [Param(key: "p\(written)", value: long)]), to: id)
                    written += 1
                } catch let error as RegistryError { failure = error }
            }
            #expect(failure?.errorDescription?.contains("is full") == true)
            #expect(failure?.errorDescription?.contains("free some space") == true)
            try await store.pool.write { try $0.execute(sql: "PRAGMA max_page_count = \(pages + 1000)") }
            try await store.log(RunBatch(params: [Param(key: "last", value: long)]), to: id)
            let run: Run = try await store.run(id: id)
            #expect(run.params.count == written + 1)
        }
    }

    @Test func `a cancelled caller's write is kept all the same`() async throws {
        try await StorageFixture.withStore { store in
            let id = try await store.makeRun().id
            let task = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                try await store.log("m", 1, to: id)
            }
            try await task.value
            let run: Run = try await store.run(id: id)
            #expect(run.metrics.count == 1)
        }
    }

    @Test(arguments: [(Durability.normal, 1), (.full, 2)])
    func `a store waits for the disk as it was told, also after a write that had to`(
        _ durability: Durability, _ expected: Int
    ) async throws {
        try await StorageFixture.withFolder { folder in
            let store = try SQLiteStore(
                path: folder + "/mlstack.db", durability: durability, now: { .init(milliseconds: 0) })
            func level(mustReachDisk: Bool) async throws -> Int? {
                try await store.write(mustReachDisk: mustReachDisk) { try $0.value("PRAGMA synchronous") }
            }
            #expect(try await level(mustReachDisk: false) == expected)
            #expect(try await level(mustReachDisk: true) == 2)
            #expect(try await level(mustReachDisk: false) == expected)
            try store.close()
        }
    }
}
