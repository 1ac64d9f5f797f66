import Dispatch
import Foundation
import Logging
package import Scheduling
import Synchronization

/// A local orchestrator with everything around it made for a test: a clock that stands still, a store in memory, a fresh folder.
package struct SchedulingWorld: Sendable {
    package let clock: ManualClock
    package let store: MemoryRunStore
    package let orchestrator: LocalOrchestrator
    package let operators: OperatorCatalogue
    package let shell: ShellProcesses
    /// Removed by `withFolder`.
    package let folder: String

    package init(
        folder: String, operators: [any Operator] = [], clock: ManualClock = ManualClock(),
        store: MemoryRunStore = MemoryRunStore(), environment: [String: String] = [:],
        withheld: Set<String> = [],
        secrets: @escaping @Sendable () async throws -> [String: String] = { [:] }
    ) {
        (self.clock, self.store, self.folder) = (clock, store, folder)
        self.operators = OperatorCatalogue(operators)
        shell = ShellProcesses(
            queue: DispatchQueue(label: "test.processes"), clock: clock, killGrace: .seconds(5))
        var parts = LocalOrchestrator.Parts(
            store: store, operators: self.operators, clock: clock,
            executor: QueueExecutor(DispatchQueue(label: "test.scheduler")), shell: shell,
            logQueue: DispatchQueue(label: "test.logs"), fileQueue: DispatchQueue(label: "test.files"),
            logsFolder: folder + "/logs", workFolder: folder + "/work", machineZone: .utc,
            environment: { _, _ in environment }, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            secrets: secrets)
        parts.withheld = withheld
        parts.masked = withheld.sorted().compactMap { environment[$0] }
        orchestrator = LocalOrchestrator(parts)
    }

    /// Compiles pipeline texts and registers them.
    /// - Throws: `BadPipeline` with the compiler's messages.
    package func load(_ sources: String...) async throws {
        try await orchestrator.load(try sources.map { try pipeline($0) })
    }

    package func pipeline(_ source: String) throws -> Pipeline {
        let compiler = PipelineCompiler(operators: operators.all, machineZone: .utc)
        let compilation = compiler.compile(source: source, file: folder + "/test.yaml")
        guard let pipeline = compilation.pipeline else {
            throw BadPipeline(description: Diagnostic.lines(compilation.errors).joined(separator: "\n"))
        }
        return pipeline
    }

    /// Starts a run by hand and waits for its end.
    package func run(_ pipelineID: String, params: [String: String] = [:]) async throws -> StoredRun {
        let run = try await orchestrator.start(RunStart(pipelineID: pipelineID, params: params))
        _ = try await orchestrator.waitUntilEnded(runID: run.id)
        return try await orchestrator.run(id: run.id)
    }

    /// The log of a task's latest attempt, without the times in front of the lines.
    package func log(_ runID: String, _ taskID: String, attempt: Int? = nil) async throws -> [String] {
        let path = try await orchestrator.logPath(runID: runID, taskID: taskID, attempt: attempt)
        let text = try String(contentsOfFile: path, encoding: .utf8)
        return text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map { line in
            line.split(separator: " ", maxSplits: 1).last.map(String.init) ?? ""
        }
    }

    package struct BadPipeline: Error, CustomStringConvertible {
        package var description: String
    }

    /// A fresh folder, removed afterwards.
    package static func withFolder<Value>(
        isolation: isolated (any Actor)? = #isolation, _ body: (String) async throws -> Value
    ) async throws -> Value {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "mlstack-scheduling-\(UUID().uuidString)").path(percentEncoded: false)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        return try await body(folder)
    }
}

extension StoredRun {
    package subscript(taskID: String) -> TaskInstance? { tasks.first { $0.taskID == taskID } }
    /// `a success, b failed`, in the order of the file.
    package var states: String { tasks.map { "\($0.taskID) \($0.state.rawValue)" }.joined(separator: ", ") }
}

/// An operator whose behaviour is a closure; it counts what it is asked to do.
package final class ScriptedOperator: Operator {
    package let name: String
    package let summary = "does what a test says"
    package let settings: [SettingSpec]
    private let script: @Sendable (Settings, TaskContext) async throws -> TaskOutputs
    private let log = Mutex<[String]>([])

    package init(
        _ name: String = "test/step", settings: [SettingSpec] = [],
        _ script: @escaping @Sendable (Settings, TaskContext) async throws -> TaskOutputs = { _, _ in [:] }
    ) {
        (self.name, self.settings, self.script) = (name, settings, script)
    }

    package func run(_ settings: Settings, _ context: TaskContext) async throws -> TaskOutputs {
        log.withLock { $0.append("\(context.run.id)/\(context.taskID)#\(context.attempt)") }
        return try await script(settings, context)
    }

    /// `run/task#attempt` of every call so far.
    package var calls: [String] { log.withLock { $0 } }
}

/// A door that stays shut until a test opens it, and tells when somebody stands before it.
package final class Gate: Sendable {
    private struct State {
        var isOpen = false
        var waiting: [Int: CheckedContinuation<Void, any Error>] = [:]
        var nextID = 0
        var arrivals = 0
        var watchers: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }
    private let state = Mutex(State())

    package init() {}

    /// - Throws: `CancellationError`, unless the one who waits ignores that.
    package func pass(ignoringCancellation: Bool = false) async throws {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        arrive()
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let isOpen = state.withLock { state in
                    if !state.isOpen { state.waiting[id] = continuation }
                    return state.isOpen
                }
                if isOpen {
                    continuation.resume()
                } else if Task.isCancelled, !ignoringCancellation {
                    cancel(id)
                }
            }
        } onCancel: {
            if !ignoringCancellation { cancel(id) }
        }
    }

    package func open() {
        let waiting = state.withLock { state in
            state.isOpen = true
            defer { state.waiting = [:] }
            return state.waiting
        }
        for continuation in waiting.values { continuation.resume() }
    }

    /// Returns once that many have come to the door.
    package func waitForArrivals(_ count: Int = 1) async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if state.arrivals < count { state.watchers.append((count, continuation)) }
                return state.arrivals >= count
            }
            if isThere { continuation.resume() }
        }
    }

    private func arrive() {
        let woken = state.withLock { state in
            state.arrivals += 1
            let arrivals = state.arrivals
            let woken = state.watchers.filter { $0.count <= arrivals }
            state.watchers.removeAll { $0.count <= arrivals }
            return woken
        }
        for watcher in woken { watcher.continuation.resume() }
    }

    private func cancel(_ id: Int) {
        state.withLock { $0.waiting.removeValue(forKey: id) }?.resume(throwing: CancellationError())
    }
}
