import Foundation
import Registry
import Storage
import TestKit
import Testing

@testable import Stack

struct BackupTests {
    @Test func `a home that is backed up while it runs is restored elsewhere, clock and model and all`() async throws {
        try await RunningStack.withDataset { folder in
            let backup = "\(folder)/backup.tar.gz"
            var (day, version, versions, items) = (0, 0, 0, [String]())
            try await RunningStack.run(RunningStack.configuration(folder)) { stack in
                day = try await stack.step(2).day
                let answer = try await stack.recommendations(stack.banner.user)
                (version, items) = (answer.model.version, answer.items.map(\.item))
                versions = try await stack.movies().versions.count
                let made = try await BackupCreation(home: stack.home, file: backup).run()
                #expect(made.versions == versions)
                // Made after the backup, and so not in it.
                _ = try await stack.step()
                let read = try await BackupVerification(file: backup).run()
                #expect((read.files, read.bytes, read.manifest) == (made.files, made.bytes, made.manifest))
            }
            let configuration = RunningStack.configuration(folder, home: "elsewhere/home")
            let restored = try await BackupRestoration(file: backup, home: configuration.home).run()
            #expect(restored.versions == versions)
            try await RunningStack.run(configuration) { stack in
                let answer = try await stack.recommendations(stack.banner.user)
                #expect(answer.model.version == version)
                #expect(answer.items.map(\.item) == items)
                let replay = try await stack.client.get("/api/v1/replay", as: Answers.Replay.self)
                #expect(replay.day == day)
                // What the tasks of its runs handed on is found again, so that it goes on.
                #expect(try await stack.step().day == day + 1)
            }
        }
    }

    @Test func `of a home whose models are in a bucket a backup says where they are`() async throws {
        try await BackupWorld.with { world in
            try "artifacts: s3://models/class-7\n".write(
                toFile: world.home.projectFile, atomically: true, encoding: .utf8)
            let store = try StorageFixture.open(world.home.path)
            let model = try await store.createLoggedModel(
                experimentID: "0", name: "m", modelType: "", sourceRunID: nil, params: [], tags: [:])
            _ = try await store.createVersion(
                ModelVersionRequest(name: "movies", source: "models:/\(model.id)", createModel: true))
            try store.close()
            let said =
                "the files of one version are in s3://models/class-7 and not in the backup: keep what is there, too"
            #expect(try await world.back().warnings.contains(said))
            #expect(try await BackupVerification(file: world.backup).run().warnings.contains(said))
        }
    }

    @Test func `a file that shrinks while it is read is never taken for whole`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for (name, bytes) in [("large", 5 << 20), ("small", 3000)] {
            try Data(repeating: 1, count: bytes).write(to: URL(filePath: "\(folder)/\(name)"))
        }
        var writing = try BackupWriting(
            to: folder + "/archive", total: 1, { _ in truncate(folder + "/large", 1000) }, { false })
        for name in ["large", "small"] { #expect(try writing.add(file: "\(folder)/\(name)", as: "x/" + name)) }
        try writing.finish()
        #expect(writing.shortened == ["x/large"])
    }

    @Test func `a backup that is cut off or changed anywhere makes no home and leaves nothing behind`() async throws {
        try await BackupWorld.with { world in
            try await world.back()
            let whole = try Data(contentsOf: URL(filePath: world.backup))
            var broken = [0, 1, 100, whole.count / 2, whole.count - 9, whole.count - 1].map { whole.prefix($0) }
            for place in [40, whole.count / 3, whole.count / 2, whole.count - 6] {
                var changed = whole
                changed[place] ^= 0x10
                broken.append(changed)
            }
            for bytes in broken {
                try bytes.write(to: URL(filePath: world.backup))
                await #expect(throws: BackupError.self) { try await BackupVerification(file: world.backup).run() }
                await #expect(throws: BackupError.self) { try await world.restore() }
                #expect(world.names == ["backup.tar.gz", "home"])
            }
        }
    }

    @Test func `a restore replaces a home only when told to, and never one in use`() async throws {
        try await BackupWorld.with { world in
            try await world.back()
            let other = Home(world.folder + "/other")
            try FileManager.default.createDirectory(atPath: other.path, withIntermediateDirectories: true)
            try "mine".write(toFile: other.path + "/notes.txt", atomically: true, encoding: .utf8)
            await #expect(throws: BackupError.homeNotEmpty(path: other.path)) { try await world.restore(into: other) }
            let lock = try HomeLock.acquire(home: other.path)
            await #expect(throws: StorageError.self) { try await world.restore(into: other, replaces: true) }
            lock.release()
            #expect(FileManager.default.fileExists(atPath: other.path + "/notes.txt"))

            _ = try await world.restore(into: other, replaces: true)
            #expect(!FileManager.default.fileExists(atPath: other.path + "/notes.txt"))
            #expect(try String(contentsOfFile: other.path + "/pipelines/a.yaml", encoding: .utf8) == "tasks: {}")
            #expect(world.names == ["backup.tar.gz", "home", "other"])
            // Whatever a killed restore has left is taken over.
            try FileManager.default.createDirectory(
                atPath: world.folder + "/.new.restoring/artifacts", withIntermediateDirectories: true)
            _ = try await world.restore()
            #expect(world.names == ["backup.tar.gz", "home", "new", "other"])
        }
    }

    @Test func `secrets stay out unless asked for, and keep their permissions`() async throws {
        try await BackupWorld.with { world in
            let secrets = world.home.secrets
            try "TOKEN: word".write(toFile: secrets, atomically: true, encoding: .utf8)
            chmod(secrets, 0o600)
            let without = try await world.back()
            #expect(without.warnings.contains { $0.contains("--with-secrets") })
            _ = try await world.restore()
            #expect(!FileManager.default.fileExists(atPath: world.new.secrets))

            _ = try await BackupCreation(home: world.home, file: world.backup, withSecrets: true, replaces: true).run()
            _ = try await world.restore(replaces: true)
            let mode = try FileManager.default.attributesOfItem(atPath: world.new.secrets)[.posixPermissions] as? Int
            #expect(mode == 0o600)
            let mine = try FileManager.default.attributesOfItem(atPath: world.backup)[.posixPermissions] as? Int
            #expect(mine == 0o600)
        }
    }

    @Test func `a backup that is stopped leaves the file as it was`() async throws {
        try await BackupWorld.with { world in
            await #expect(throws: BackupError.interrupted) {
                try await BackupCreation(home: world.home, file: world.backup).run(isStopped: { true })
            }
            #expect(world.names == ["home"])
            try await world.back()
            await #expect(throws: BackupError.exists(file: world.backup)) { try await world.back() }
            await #expect(throws: BackupError.self) {
                try await BackupCreation(home: world.home, file: world.home.path + "/b.tar.gz").run()
            }
        }
    }

    @Test func `no entry of a hostile archive reaches beyond the new home`() async throws {
        let hostile = [
            "mlstack-backup/home/../../evil", "mlstack-backup/home/a/../../../evil", "/etc/evil", "evil",
            "mlstack-backup/home/./a", "mlstack-backup/home//a", "mlstack-backup/home/", "mlstack-backup/evil",
            "mlstack-backup/home/mlstack.lock", "mlstack-backup/home/mlstack.key", "mlstack-backup/home/mlstack.db-wal",
        ]
        for path in hostile {
            try await BackupWorld.with { world in
                try world.write(["mlstack-backup/BACKUP.json": world.manifest, path: "x"])
                await #expect(throws: BackupError.self, "\(path)") { try await world.restore() }
                #expect(world.names == ["backup.tar.gz", "home"])
            }
        }
        try await BackupWorld.with { world in
            try world.write(["mlstack-backup/BACKUP.json": world.manifest], link: "mlstack-backup/home/artifacts")
            await #expect(throws: BackupError.self) { try await world.restore() }
            #expect(world.names == ["backup.tar.gz", "home"])
        }
    }

    @Test func `what is no backup, and one of a newer program, is told by name`() async throws {
        try await BackupWorld.with { world in
            try "hello".write(toFile: world.backup, atomically: true, encoding: .utf8)
            await #expect(throws: BackupError.notABackup(file: world.backup)) { try await world.restore() }
            try world.write(["thesis/chapter.txt": "x"])
            await #expect(throws: BackupError.notABackup(file: world.backup)) { try await world.restore() }
            try world.write(["mlstack-backup/BACKUP.json": #"{"format":99,"program":"9.0"}"#])
            await #expect(throws: BackupError.newer(file: world.backup, program: "9.0")) { try await world.restore() }
            await #expect(throws: ArchiveError.self) { try await BackupVerification(file: world.backup + "x").run() }
        }
    }
}
