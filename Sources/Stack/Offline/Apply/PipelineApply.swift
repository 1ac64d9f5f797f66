import Foundation
import Scheduling
import Storage

/// `mlstack pipeline apply`: a file on its way into the pipelines folder of a home, by its server or without one.
package struct PipelineApply: Sendable {
    private let source: String
    private let name: String
    package let warnings: [String]

    /// Reads and checks the file, so that one with errors is refused before anybody is asked.
    /// - Throws: `StackError.unreadable`, `InstallationError`.
    package init(file: String) throws {
        guard let source = try? String(contentsOfFile: file, encoding: .utf8) else {
            throw StackError.unreadable(path: file, reason: "it is not there, or is not UTF-8 text")
        }
        let compilation = PipelineCheck.compile(source, file: file, now: WallClock().now)
        if compilation.pipeline == nil {
            throw InstallationError.hasErrors(file: file, compilation.errors.map { $0.explained(source: source) })
        }
        (self.source, name) = (source, URL(filePath: file).lastPathComponent)
        warnings = Diagnostic.lines(compilation.warnings)
    }

    /// What would change; nothing does.
    /// - Parameter client: nil: no server runs on the home.
    package func plan(_ client: StackClient?, home: Home) async throws -> Answers.Installation {
        guard let client else { return Answers.Installation(try localPlan(home)) }
        return try StackClient.decode(try await send(client, isDryRun: true, replaces: nil))
    }

    /// Installs the file, if what it replaces is still what the plan said.
    /// - Returns: the server's answer, or what it would have been.
    package func carryOut(_ plan: Answers.Installation, _ client: StackClient?, home: Home) async throws -> String {
        if let client { return try await send(client, isDryRun: false, replaces: plan.replaces ?? "") }
        let current = try localPlan(home)
        if current.replaces != plan.replaces { throw InstallationError.changedMeanwhile(file: name) }
        try await Queues.files.perform { try current.carryOut() }
        if current.change != .none { try await note(current, home) }
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(plan), as: UTF8.self)
    }

    /// Where no server writes it down.
    private func note(_ plan: InstallationPlan, _ home: Home) async throws {
        let store = try await Queues.files.perform { try SQLiteStore(path: home.database, now: { WallClock().now }) }
        let entry = plan.audit(by: StackClient.actor, at: WallClock().now)
        let outcome: Result<Void, any Error>
        do {
            outcome = .success(try await store.apply([.addAudit(entry)]))
        } catch {
            outcome = .failure(error)
        }
        try await Queues.files.perform { try store.close() }
        try outcome.get()
    }

    private func localPlan(_ home: Home) throws -> InstallationPlan {
        try home.prepare()
        return try InstallationPlan(
            source: source, name: name, folder: home.pipelines, compiler: PipelineCheck.compiler, now: WallClock().now)
    }

    private func send(_ client: StackClient, isDryRun: Bool, replaces: String?) async throws -> String {
        var body: [String: any Sendable] = ["file": name, "source": source, "dry_run": isDryRun]
        if let replaces { body["replaces"] = replaces }
        return try await client.post("/api/v1/pipelines", body)
    }
}

extension Answers.Installation {
    init(_ plan: InstallationPlan) {
        self.init(
            pipeline: plan.pipelineID, file: plan.path, change: plan.change.rawValue, diff: plan.diff,
            replaces: plan.replaces, removes: plan.removes, warnings: plan.warnings)
    }
}
