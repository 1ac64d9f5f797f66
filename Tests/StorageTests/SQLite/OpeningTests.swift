import Foundation
import GRDB
import Registry
import TestKit
import Testing

@testable import Storage

struct OpeningTests {
    @Test func `a file that is no database is called damaged, with what to do`() async throws {
        try await StorageFixture.withFolder { folder in
            let path = folder + "/mlstack.db"
            try Data(repeating: 7, count: 8192).write(to: URL(filePath: path))
            let error = #expect(throws: StorageError.self) { try StorageFixture.open(folder) }
            guard case .corrupt(path, _) = error else { Issue.record("\(String(describing: error))"); return }
            #expect(error?.recoverySuggestion == "restore a backup, or move \(path) aside and start again.")
            #expect(try Data(contentsOf: URL(filePath: path)) == Data(repeating: 7, count: 8192))
        }
    }

    @Test func `a database of a newer program is left alone`() async throws {
        try await StorageFixture.withFolder { folder in
            let store = try StorageFixture.open(folder)
            try await store.pool.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('999 future')") }
            try store.close()
            #expect(throws: StorageError.newerSchema(path: folder + "/mlstack.db")) { try StorageFixture.open(folder) }
        }
    }

    @Test func `a missing folder is named`() {
        let error = #expect(throws: StorageError.self) { try StorageFixture.open("/nonexistent/home") }
        #expect(
            error?.errorDescription
                == "could not open /nonexistent/home/mlstack.db: its folder does not exist.")
    }

    @Test func `a home that cannot be written to is called so`() async throws {
        try await StorageFixture.withFolder { folder in
            try StorageFixture.open(folder).close()
            // Root may write where the permission bits forbid it, so a file system that is read-only by nature is needed.
            guard getuid() != 0 else { return }
            chmod(folder, 0o555)
            chmod(folder + "/mlstack.db", 0o444)
            defer { chmod(folder, 0o755) }
            #expect(throws: StorageError.readOnly(path: folder + "/mlstack.db")) { try StorageFixture.open(folder) }
        }
    }

    @Test func `a closed store is whole in its one file`() async throws {
        try await StorageFixture.withFolder { folder in
            let store = try StorageFixture.open(folder)
            try await store.setValue("1", forKey: "a")
            try store.close()
            let copy = folder + "/copy"
            try FileManager.default.createDirectory(atPath: copy, withIntermediateDirectories: true)
            try FileManager.default.copyItem(atPath: store.path, toPath: copy + "/mlstack.db")
            let opened = try StorageFixture.open(copy)
            #expect(try await opened.value(forKey: "a") == "1")
            try opened.close()
        }
    }

    @Test func `a closed store says so`() async throws {
        try await StorageFixture.withFolder { folder in
            let store = try StorageFixture.open(folder)
            try store.close()
            await #expect(throws: StorageError.closed(path: store.path)) { try await store.value(forKey: "a") }
            await #expect(throws: StorageError.closed(path: store.path)) { try await store.setValue("1", forKey: "a") }
        }
    }

    @Test func `what was answered is there after a kill, and every torn log is sound`() async throws {
        try await StorageFixture.withFolder { folder in
            let store = try StorageFixture.open(folder)
            try await store.pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
            let id = try await store.makeRun().id
            for step in 0..<10 { try await store.log("m", Double(step), step: Int64(step), to: id) }
            try await store.makeVersion()
            try await store.setAlias("production", to: 1, of: "movies", actor: "cli", reason: "")
            let database = try Data(contentsOf: URL(filePath: folder + "/mlstack.db"))
            let log = try Data(contentsOf: URL(filePath: folder + "/mlstack.db-wal"))
            try store.close()

            var latest = -1.0
            var length = log.count % 6143
            while length <= log.count {
                let copy = folder + "/\(length)"
                try FileManager.default.createDirectory(atPath: copy, withIntermediateDirectories: true)
                try database.write(to: URL(filePath: copy + "/mlstack.db"))
                try log.prefix(length).write(to: URL(filePath: copy + "/mlstack.db-wal"))
                let reopened = try StorageFixture.open(copy)
                #expect(try await reopened.integrityReport().isSound)
                let found = try await reopened.searchRuns(RunQuery(experimentIDs: ["0"])).items
                let value = found.first?.metrics.first?.value ?? -1
                #expect(value >= latest, "a longer log knows less")
                latest = value
                if length == log.count {
                    #expect(value == 9)
                    #expect(try await reopened.version(alias: "production", of: "movies").stage == "Production")
                }
                try reopened.close()
                try FileManager.default.removeItem(atPath: copy)
                length += 6143
            }
            #expect(latest == 9)
        }
    }

    @Test(arguments: [
        "UPDATE alias SET version = 2", "UPDATE model_version SET stage = 'None'", "DELETE FROM model_change",
        "UPDATE registered_model SET next_version = 1", "UPDATE latest_metric SET value = 5",
        "DELETE FROM latest_metric",
        "DELETE FROM metric", "UPDATE run SET name = 'other'", "DELETE FROM experiment WHERE id = 0",
        "UPDATE model_version SET is_deleted = 1",
        "INSERT INTO dag_task VALUES ('x',0,'t','none',0,0,'{}',null,null,null,null,null,null,null,null,null,null)",
    ])
    func `the integrity check finds a broken promise`(_ damage: String) async throws {
        try await StorageFixture.withFolder { folder in
            let store = try StorageFixture.open(folder)
            let id = try await store.makeRun().id
            try await store.log("m", 1, to: id)
            try await store.makeVersion()
            try await store.setVersionTag("a", to: "b", version: 1, of: "movies")
            try await store.setAlias("production", to: 1, of: "movies", actor: "cli", reason: "")
            #expect(try await store.integrityReport().isSound)
            try await store.pool.writeWithoutTransaction { database in
                try database.execute(sql: "PRAGMA foreign_keys = OFF")
                try database.execute(sql: damage)
            }
            #expect(try await !store.integrityReport().isSound)
            try store.close()
        }
    }

    @Test func `every error has a sentence and a remedy`() {
        let errors: [StorageError] = [
            .diskFull(path: "p"), .readOnly(path: "p"), .corrupt(path: "p", detail: "d"), .newerSchema(path: "p"),
            .busy(path: "p"), .homeInUse(home: "h", processID: 7, url: "u"), .unknownRecord(kind: "run", id: "1"),
            .invalid("x is not y."), .failed(path: "p", operation: "open", reason: "r"), .closed(path: "p"),
        ]
        for error in errors {
            #expect(error.errorDescription?.hasSuffix(".") == true && error.recoverySuggestion?.hasSuffix(".") == true)
        }
    }
}
