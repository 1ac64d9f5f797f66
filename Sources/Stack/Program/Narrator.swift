import Logging
import Scheduling
import Serving
import Synchronization

/// Tells what happens: to the listeners of the event stream, and to the tracked runs that end with their pipeline runs.
final class Narrator: Sendable {
    private let trackedRuns: TrackedRuns
    private let publish: @Sendable (StackEvent) -> Void
    private let logger: Logger
    /// Runs whose tracked run has ended too.
    private let ended = Mutex<Set<String>>([])

    /// Runs looked at when a day ends: more than a day has.
    private static let recentRuns = 50

    init(trackedRuns: TrackedRuns, publish: @escaping @Sendable (StackEvent) -> Void, logger: Logger) {
        (self.trackedRuns, self.publish, self.logger) = (trackedRuns, publish, logger)
    }

    /// Listens until the orchestrator stops.
    func follow(_ orchestrator: any Orchestrator) async {
        for await event in await orchestrator.events() {
            publish(.scheduling(event))
            guard case .run(let run) = event else { continue }
            if run.state.isTerminal { await end(run) }
            if run.state == .running { await resume(run, orchestrator) }
        }
    }

    /// Ends what is still open of the latest runs: an event may have been missed, or the process killed before it was heard.
    func settle(_ orchestrator: any Orchestrator) async {
        do {
            for run in try await orchestrator.runs(of: nil, limit: Narrator.recentRuns, before: nil)
            where run.state.isTerminal {
                await end(run)
            }
        } catch {
            logger.warning("the latest runs could not be read: \(ErrorText(error).oneLine)")
        }
    }

    func forget() { ended.withLock { $0 = [] } }

    /// A run may end more than once: what failed is cleared, and done again.
    private func resume(_ run: DAGRun, _ orchestrator: any Orchestrator) async {
        do {
            // The event may be older than the end that a day has waited for.
            guard try await orchestrator.run(id: run.id).run.state == .running else { return }
            ended.withLock { _ = $0.remove(run.id) }
            try await trackedRuns.resume(run)
        } catch {
            logger.warning("the tracked run of \(run.id) could not be opened again: \(ErrorText(error).oneLine)")
        }
    }

    private func end(_ run: DAGRun) async {
        if ended.withLock({ $0.contains(run.id) }) { return }
        do {
            try await trackedRuns.end(run)
            ended.withLock { _ = $0.insert(run.id) }
        } catch {
            logger.warning("the tracked run of \(run.id) could not be ended: \(ErrorText(error).oneLine)")
        }
    }
}
