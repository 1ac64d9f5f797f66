import Foundation
import TestKit
import Testing

@testable import Scheduling

@Suite struct ReloadTests {
    private func write(_ text: String, _ name: String, in folder: String) throws {
        try Data(text.utf8).write(to: URL(filePath: "\(folder)/\(name)"))
    }

    private func withPipelines(_ body: (SchedulingWorld, String) async throws -> Void) async throws {
        try await SchedulingWorld.withFolder { folder in
            let pipelines = folder + "/pipelines"
            try FileManager.default.createDirectory(atPath: pipelines, withIntermediateDirectories: true)
            try await body(SchedulingWorld(folder: folder, operators: [ScriptedOperator()]), pipelines)
        }
    }

    @Test func `files are registered by their ids, changed, and forgotten when they are gone`() async throws {
        try await withPipelines { world, folder in
            try write("pipeline: one\ntasks: {a: {uses: test/step}}", "x.yaml", in: folder)
            try write("pipeline: two\ntasks: {a: {uses: test/step}}", "y.yml", in: folder)
            try write("no pipeline", "notes.txt", in: folder)
            #expect(try await world.orchestrator.reload(folder: folder).registered == ["one", "two"])
            #expect(try await world.orchestrator.reload(folder: folder) == PipelineReload())
            try write("pipeline: one\ndescription: new\ntasks: {a: {uses: test/step}}", "x.yaml", in: folder)
            try FileManager.default.removeItem(atPath: folder + "/y.yml")
            let reload = try await world.orchestrator.reload(folder: folder)
            #expect(reload.registered == ["one"])
            #expect(reload.removed == ["two"])
            #expect(try await world.orchestrator.pipelines().map(\.description) == ["new"])
        }
    }

    @Test func `a file of shared tasks is part of a version, and no pipeline of its own`() async throws {
        try await withPipelines { world, folder in
            try write("pipeline: one\ninclude: [{file: shared.yaml}]\ntasks: {}", "x.yaml", in: folder)
            try write("tasks: {a: {uses: test/step}}", "shared.yaml", in: folder)
            #expect(try await world.orchestrator.reload(folder: folder).registered == ["one"])
            #expect(try await world.orchestrator.pipelines().map(\.id) == ["one"])
            let run = try await world.run("one").run
            #expect(run.state == .success)
            let stored = try #require(try await world.store.pipelineSource(version: run.pipelineVersion))
            #expect(Array(PipelineText(stored: stored).includes.keys) == ["shared.yaml"])
            try write("tasks: {a: {uses: test/step}, b: {uses: test/step}}", "shared.yaml", in: folder)
            #expect(try await world.orchestrator.reload(folder: folder).registered == ["one"])
        }
    }

    @Test func `a file with errors keeps its last good version and shows the errors`() async throws {
        try await withPipelines { world, folder in
            try write("pipeline: one\ntasks: {a: {uses: test/step}}", "x.yaml", in: folder)
            try await world.orchestrator.reload(folder: folder)
            try write("pipeline: one\ntasks: {a: {uses: test/stepp}}", "x.yaml", in: folder)
            let reload = try await world.orchestrator.reload(folder: folder)
            #expect(reload.diagnostics.count == 1)
            let summary = try #require(try await world.orchestrator.pipelines().first)
            #expect(summary.problems.count == 1)
            #expect(summary.problems.first?.contains("test/step?") == true)
            #expect(try await world.run("one").run.state == .success)
        }
    }

    @Test func `a file that has never been right is shown with its errors and cannot be run`() async throws {
        try await withPipelines { world, folder in
            try write("pipeline: one\ntasks: {a: {uses: test/stepp}}", "draft.yaml", in: folder)
            try await world.orchestrator.reload(folder: folder)
            #expect(try await world.orchestrator.pipelines().map(\.id) == ["draft"])
            #expect(try await world.orchestrator.pipeline(id: "draft").source.contains("stepp"))
            await #expect(throws: SchedulingError.self) {
                try await world.orchestrator.start(RunStart(pipelineID: "draft"))
            }
        }
    }

    @Test func `a file is told as it is now, with every error, beside the version that runs`() async throws {
        try await withPipelines { world, folder in
            let right = "pipeline: one\ntasks: {a: {uses: test/step}}"
            try write(right, "x.yaml", in: folder)
            try await world.orchestrator.reload(folder: folder)
            #expect(try await world.orchestrator.file(of: "one").diagnostics.isEmpty)
            let wrong = "pipeline: one\ntasks: {a: {uses: test/stepp}}"
            try write(wrong, "x.yaml", in: folder)
            try await world.orchestrator.reload(folder: folder)
            let file = try await world.orchestrator.file(of: "one")
            #expect(file.text.source == wrong)
            #expect(file.running?.source == right)
            #expect(file.diagnostics.map(\.line) == [2])
            #expect(file.problems.isEmpty, "they are told as diagnostics")
            try write(right, "x.yaml", in: folder)
            try await world.orchestrator.reload(folder: folder)
            #expect(try await world.orchestrator.file(of: "one").text == file.running)
        }
    }

    @Test func `of two files with one id the first by name is taken`() async throws {
        try await withPipelines { world, folder in
            try write("pipeline: one\ndescription: a\ntasks: {a: {uses: test/step}}", "a.yaml", in: folder)
            try write("pipeline: one\ndescription: b\ntasks: {a: {uses: test/step}}", "b.yaml", in: folder)
            let reload = try await world.orchestrator.reload(folder: folder)
            #expect(reload.conflicts.keys.map { $0.suffix(6) } == ["b.yaml"])
            #expect(try await world.orchestrator.pipeline(id: "one").summary.description == "a")
        }
    }

    @Test func `a copy of a pipeline's file takes nothing over until that file is gone`() async throws {
        try await withPipelines { world, folder in
            let described = { try await world.orchestrator.pipeline(id: "one").summary.description }
            try write("pipeline: one\ndescription: mine\ntasks: {a: {uses: test/step}}", "mine.yaml", in: folder)
            try await world.orchestrator.reload(folder: folder)
            try write("pipeline: one\ndescription: copy\ntasks: {a: {uses: test/step}}", "copy.yaml", in: folder)
            let reload = try await world.orchestrator.reload(folder: folder)
            #expect(reload.conflicts.keys.map { $0.suffix(9) } == ["copy.yaml"])
            #expect(try await described() == "mine")
            // With errors it still is that pipeline's file, and its last good version runs.
            try write("pipeline: one\ntasks: {a: {uses: test/stepp}}", "mine.yaml", in: folder)
            try await world.orchestrator.reload(folder: folder)
            #expect(try await described() == "mine")
            try FileManager.default.removeItem(atPath: folder + "/mine.yaml")
            try await world.orchestrator.reload(folder: folder)
            #expect(try await described() == "copy")
        }
    }

    @Test func `a pipeline is described with its graph and its next firing`() async throws {
        try await withPipelines { world, folder in
            try write(
                """
                pipeline: p
                triggers: [{cron: "@daily", clock: replay}]
                tasks: {a: {uses: test/step}, b: {needs: [a], run: "true", trigger_rule: all_done}}
                """, "p.yaml", in: folder)
            try await world.orchestrator.reload(folder: folder)
            try await world.orchestrator.advance(.replay, to: try Instant(text: "2015-01-02", in: .utc))
            try await world.orchestrator.waitUntilIdle(.replay)
            let detail = try await world.orchestrator.pipeline(id: "p")
            #expect(detail.tasks.map(\.type) == ["test/step", "shell"])
            #expect(detail.tasks.map(\.level) == [0, 1])
            #expect(detail.tasks.map(\.triggerRule) == ["all_success", "all_done"])
            #expect(detail.summary.schedules == ["@daily on the replay clock"])
            #expect(detail.summary.triggers == [TriggerSummary(words: "every day at 00:00", clock: .replay)])
            let days = try ["2015-01-03", "2015-01-04", "2015-01-05"].map { try Instant(text: $0, in: .utc) }
            #expect(detail.summary.nextFirings == days.map { Firing(clock: .replay, at: $0) })
        }
    }

    /// Returns once `isSo` holds, looked at now and after each change.
    private func wait(_ world: SchedulingWorld, until isSo: ([PipelineSummary]) -> Bool) async throws {
        let events = await world.orchestrator.events()
        if isSo(try await world.orchestrator.pipelines()) { return }
        for await _ in events where isSo(try await world.orchestrator.pipelines()) { return }
    }

    @Test func `files are taken up, changed and forgotten while the program runs`() async throws {
        try await withPipelines { world, folder in
            let watching = Task { await world.orchestrator.watch(folder: folder) }
            try write("pipeline: one\ndescription: a\ntasks: {a: {uses: test/step}}", "x.yaml", in: folder)
            try await wait(world) { $0.map(\.description) == ["a"] }
            // As an editor that saves half a file first.
            try write("pipeline: one\ndescription: [", "x.yaml", in: folder)
            try await wait(world) { $0.first?.problems.isEmpty == false }
            #expect(try await world.orchestrator.pipelines().map(\.description) == ["a"])
            try write("pipeline: one\ndescription: b\ntasks: {a: {uses: test/step}}", "x.yaml", in: folder)
            try await wait(world) { $0.map(\.description) == ["b"] && $0[0].problems.isEmpty }
            try FileManager.default.removeItem(atPath: folder + "/x.yaml")
            try await wait(world) { $0.isEmpty }
            watching.cancel()
            await watching.value
        }
    }

    @Test func `a folder, a pipe or a link in the place of a pipeline file is told, and not waited for`() async throws {
        try await withPipelines { world, folder in
            try FileManager.default.createDirectory(atPath: "\(folder)/a.yaml", withIntermediateDirectories: true)
            #expect(mkfifo("\(folder)/b.yaml", 0o644) == 0)
            try FileManager.default.createSymbolicLink(atPath: "\(folder)/c.yaml", withDestinationPath: "gone.yaml")
            try write("pipeline: one\ntasks: {a: {uses: test/step}}", "x.yaml", in: folder)
            let reload = try await world.orchestrator.reload(folder: folder)
            #expect(reload.registered == ["one"])
            let reasons = [
                "a": "it is a folder", "b": "it is a pipe, a socket or a device, not a file",
                "c": "it is a link to gone.yaml, which does not exist",
            ]
            for (name, reason) in reasons {
                #expect(
                    reload.conflicts["\(folder)/\(name).yaml"]
                        == "\(folder)/\(name).yaml cannot be read: \(reason). "
                        + "put a file in its place, or mend its permissions.")
            }
            #expect(try await world.orchestrator.pipelines().count { !$0.problems.isEmpty } == 3)
        }
    }

    @Test func `a file that cannot be read is told of and takes no other with it`() async throws {
        try await withPipelines { world, folder in
            try write("pipeline: one\ntasks: {a: {uses: test/step}}", "a.yaml", in: folder)
            try Data([0xff, 0xfe, 0x00]).write(to: URL(filePath: folder + "/b.yaml"))
            let reload = try await world.orchestrator.reload(folder: folder)
            #expect(reload.registered == ["one"])
            #expect(reload.problems.count == 1)
            #expect(reload.problems.first?.contains("not UTF-8") == true)
            #expect(try await world.orchestrator.pipelines().map(\.id) == ["one", "b"])
        }
    }

    @Test func `a file that was left alone is not read again`() async throws {
        try await withPipelines { world, folder in
            try write("pipeline: one\ntasks: {a: {uses: test/step}}", "a.yaml", in: folder)
            let old = Date(timeIntervalSince1970: 1_700_000_000)
            try FileManager.default.setAttributes([.modificationDate: old], ofItemAtPath: folder + "/a.yaml")
            try await world.orchestrator.reload(folder: folder)
            let known = await world.orchestrator.fileTraces
            let files = try PipelineFolder.read(
                folder, compiler: await world.orchestrator.compiler, now: world.clock.now, known: known)
            #expect(files.map { if case .unchanged = $0.content { true } else { false } } == [true])
            try write("pipeline: two\ntasks: {a: {uses: test/step}}", "a.yaml", in: folder)
            #expect(try await world.orchestrator.reload(folder: folder).registered == ["two"])
        }
    }

    @Test func `a folder that is not there is an error`() async throws {
        try await withPipelines { world, folder in
            await #expect(throws: SchedulingError.self) {
                try await world.orchestrator.reload(folder: folder + "/none")
            }
        }
    }
}
