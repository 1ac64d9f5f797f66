import Foundation
import Scheduling
import Serving
import Storage
import Synchronization

/// What is known of the program itself, gathered from its parts.
final class SystemBoard: SystemSource, Sendable {
    /// The parts that have something to tell.
    struct Parts: Sendable {
        var configuration: Configuration
        var clock: any Clock
        var store: SQLiteStore
        var orchestrator: LocalOrchestrator
        var replay: any ReplayControl
        var threads: TrainingThreads
        var intake: FeedbackIntake
        var slot: ModelSlot
        var hub: EventHub
        var url: AddressCell
        /// As it is replayed, and as the clock began.
        var dataset: String
        var opening: ReplayState
    }

    let log: LogRing
    private let parts: Parts
    private let disk: DiskCensus
    private let examination = Mutex<(latest: Examination?, isRunning: Bool)>((nil, false))

    init(_ parts: Parts, log: LogRing) {
        (self.parts, self.log) = (parts, log)
        disk = DiskCensus(home: parts.configuration.home, clock: parts.clock)
        // So that the first who looks finds it measured.
        _ = disk.latest
    }

    func gauges() async -> SystemGauges {
        let occupancy = await parts.orchestrator.occupancy()
        let feedback = parts.intake.state
        var gauges = SystemGauges()
        gauges.waitingWrites = parts.store.waitingWrites
        (gauges.activeRuns, gauges.queuedRuns) = (occupancy.activeRuns, occupancy.queuedRuns)
        gauges.runningTasks = occupancy.pools.reduce(0) { $0 + $1.used }
        gauges.waitingTasks = occupancy.pools.reduce(0) { $0 + $1.waiting }
        (gauges.feedbackArriving, gauges.feedbackAccepted) = (feedback.waiting, feedback.accepted)
        gauges.trainingJobs = parts.threads.jobCount
        return gauges
    }

    func report() async throws -> SystemReport {
        let process = ProcessInfo.processInfo
        return SystemReport(
            versions: .init(
                swift: Platform.swiftVersion, sqlite: try await parts.store.engineVersion(),
                platform: Platform.description, build: Platform.build, cores: process.activeProcessorCount,
                processID: process.processIdentifier),
            subsystems: try await subsystems(), peakResidentBytes: Memory.peakResidentBytes, disk: disk.latest,
            settings: parts.configuration.facts(dataset: parts.dataset, opening: parts.opening),
            examination: examination.withLock { $0.latest })
    }

    func examine() async throws -> Examination {
        let mayBegin = examination.withLock { state in
            defer { state.isRunning = true }
            return !state.isRunning
        }
        guard mayBegin else {
            throw ServingFailure.conflict(
                "already_examining", "an examination is under way.", remedy: "wait for its findings.")
        }
        let port = parts.url.value.flatMap { URL(string: $0)?.port } ?? parts.configuration.port
        let configuration = parts.configuration
        let doctor = Doctor(
            home: configuration.home, port: port, environment: configuration.environment, store: parts.store)
        let findings = await doctor.examine()
        let found = Examination(
            at: parts.clock.now,
            findings: findings.map {
                .init(subject: $0.subject, isWell: $0.isWell, text: $0.text, remedy: $0.remedy)
            })
        examination.withLock { $0 = (found, false) }
        return found
    }

    // MARK: Subsystems

    private func subsystems() async throws -> [Subsystem] {
        let occupancy = await parts.orchestrator.occupancy()
        let replay = await parts.replay.status()
        let feedback = parts.intake.state
        let pending = try await parts.store.pendingFeedbackCount()
        let outbox = try await parts.store.outboxCounts()
        let (jobs, writes) = (parts.threads.jobCount, parts.store.waitingWrites)
        let (waiting, sending) = (outbox[.waiting] ?? 0, outbox[.sending] ?? 0)
        let loadError = parts.slot.lastLoadError
        let model = parts.slot.model.map { "\($0.name) \($0.version)" }
        return [
            Subsystem(
                .http, .running, detail: parts.url.value, queues: [.init(.listeners, used: parts.hub.waitingCount)]),
            Subsystem(.replay, SystemBoard.state(of: replay), detail: replay.problem ?? replay.now.rfc3339),
            Subsystem(
                .scheduler, occupancy.activeRuns > 0 ? .running : .idle,
                queues: [.init(.runs, used: occupancy.activeRuns, waiting: occupancy.queuedRuns)]
                    + occupancy.pools.map {
                        .init(.pool, name: $0.name, used: $0.used, limit: $0.slots, waiting: $0.waiting)
                    }),
            Subsystem(
                .trainer, jobs > 0 ? .running : .idle,
                queues: [.init(.fits, used: min(1, jobs), limit: 1, waiting: max(0, jobs - 1))]),
            Subsystem(
                .serving, loadError != nil ? .failing : model == nil ? .idle : .running,
                detail: loadError.map(\.message) ?? model),
            Subsystem(
                .store, writes > 0 ? .running : .idle, queues: [.init(.writes, used: 0, waiting: writes)]),
            Subsystem(
                .feedback, feedback.waiting > 0 ? .running : .idle,
                queues: [
                    .init(.events, used: feedback.waiting, limit: feedback.limit),
                    .init(.dayEvents, used: 0, waiting: pending),
                ]),
            Subsystem(
                .notifications, sending > 0 ? .running : .idle,
                queues: [.init(.notifications, used: sending, waiting: waiting)]),
        ]
    }

    private static func state(of replay: ReplayStatus) -> Subsystem.State {
        if replay.problem != nil { return .failing }
        return switch replay.state {
        case .playing, .working: .running
        case .paused: .paused
        case .finished: .finished
        }
    }
}
