import Foundation
import TestKit
import Testing

@testable import Stack

/// A pipeline file on its way into a home, without a server and through one.
struct PipelineApplyTests {
    private static func file(_ folder: String, _ name: String, id: String = "greet", says: String = "hello") throws
        -> String
    {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let text = "pipeline: \(id)\ntasks:\n  say: {run: echo \(says)}\n"
        try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
        return "\(folder)/\(name)"
    }

    @Test func `without a server a file goes straight into the home, after its difference was told`() async throws {
        try await StorageFixture.withFolder { folder in
            let home = Home(folder + "/home")
            let first = try PipelineApply(file: try Self.file(folder, "greet.yaml"))
            let plan = try await first.plan(nil, home: home)
            #expect(plan.change == "new")
            #expect(try FileManager.default.contentsOfDirectory(atPath: home.pipelines).isEmpty)
            _ = try await first.carryOut(plan, nil, home: home)

            let second = try PipelineApply(file: try Self.file(folder, "greet.yaml", says: "bye"))
            let change = try await second.plan(nil, home: home)
            #expect(change.change == "changed")
            #expect(change.diff.contains("-  say: {run: echo hello}\n+  say: {run: echo bye}\n"))
            _ = try await second.carryOut(change, nil, home: home)
            let installed = try String(contentsOfFile: home.pipelines + "/greet.yaml", encoding: .utf8)
            #expect(installed.contains("bye"))
            #expect(try await second.plan(nil, home: home).change == "none")
            // What was shown is no longer true.
            await #expect(throws: InstallationError.changedMeanwhile(file: "greet.yaml")) {
                try await first.carryOut(change, nil, home: home)
            }
        }
    }

    @Test func `a file with errors is refused with every place`() async throws {
        try await StorageFixture.withFolder { folder in
            let path = folder + "/bad.yaml"
            try "pipeline: bad\ntasks:\n  a: {rum: x}\n  b: {run: x, needs: [c]}\n"
                .write(toFile: path, atomically: true, encoding: .utf8)
            let error = #expect(throws: InstallationError.self) { try PipelineApply(file: path) }
            let text = try #require(error?.errorDescription)
            #expect(text.contains("bad.yaml:3:") && text.contains("bad.yaml:4:"))
        }
    }

    @Test func `another file that holds the id is not replaced`() async throws {
        try await StorageFixture.withFolder { folder in
            let home = Home(folder + "/home")
            _ = try Self.file(home.pipelines, "old.yaml")
            let order = try PipelineApply(file: try Self.file(folder, "greet.yaml"))
            await #expect(
                throws: InstallationError.idIsTaken(id: "greet", file: "greet.yaml", owner: "old.yaml")
            ) { try await order.plan(nil, home: home) }
            // Also while that file is broken, since an earlier version of it may be running.
            try "pipeline: greet\ntasks: 3\n".write(
                toFile: home.pipelines + "/old.yaml", atomically: true, encoding: .utf8)
            await #expect(throws: InstallationError.self) { try await order.plan(nil, home: home) }
        }
    }

    @Test func `without a server the audit list of the home says who installed it all the same`() async throws {
        try await RunningStack.withDataset { folder in
            let configuration = RunningStack.configuration(folder)
            let order = try PipelineApply(file: try Self.file(folder, "greet.yaml"))
            let plan = try await order.plan(nil, home: configuration.home)
            _ = try await order.carryOut(plan, nil, home: configuration.home)
            try await RunningStack.run(configuration) { stack in
                let audit = try await stack.client.get("/api/v1/pipelines/greet/audit", as: Answers.Audit.self)
                #expect(audit.entries.map(\.action) == ["apply"])
                #expect(audit.entries.first?.actor == StackClient.actor)
            }
        }
    }

    @Test func `through a server it can run at once, and the audit list says who installed it`() async throws {
        try await RunningStack.withDataset { folder in
            try await RunningStack.run(RunningStack.configuration(folder)) { stack in
                let order = try PipelineApply(file: try Self.file(folder, "greet.yaml"))
                let plan = try await order.plan(stack.client, home: stack.home)
                #expect(plan.change == "new")
                _ = try await order.carryOut(plan, stack.client, home: stack.home)
                let run: Answers.Run = try StackClient.decode(
                    try await stack.client.post("/api/v1/pipelines/greet/runs"))
                #expect(try await stack.client.waitUntilEnded(runID: run.id).state == "success")
                let audit = try await stack.client.get("/api/v1/pipelines/greet/audit", as: Answers.Audit.self)
                let entry = try #require(audit.entries.first { $0.action == "apply" })
                #expect(entry.actor == StackClient.actor)
                #expect(entry.detail.contains("greet.yaml"))

                let other = try PipelineApply(file: try Self.file(folder, "mine.yaml"))
                let refusal = await #expect(throws: StackError.self) {
                    try await other.plan(stack.client, home: stack.home)
                }
                #expect(refusal?.errorDescription?.contains("greet.yaml defines already") == true)
            }
        }
    }

    /// Whoever reaches the port need not be whoever owns the home, and a pipeline is a program.
    @Test func `who cannot read the home cannot install a pipeline through its port`() async throws {
        try await RunningStack.withDataset { folder in
            try await RunningStack.run(RunningStack.configuration(folder)) { stack in
                let stranger = try StackClient(url: stack.url, home: Home(folder + "/elsewhere"), token: nil)
                let order = try PipelineApply(file: try Self.file(folder, "greet.yaml"))
                let refusal = await #expect(throws: StackError.self) {
                    try await order.plan(stranger, home: stack.home)
                }
                guard case .serverAnswered(403, _, let remedy)? = refusal else {
                    Issue.record("\(String(describing: refusal))")
                    return
                }
                #expect(remedy.contains("--home"))
                let mode = try FileManager.default.attributesOfItem(atPath: stack.home.key)[.posixPermissions] as? Int
                #expect(mode == 0o600)
            }
        }
    }
}
