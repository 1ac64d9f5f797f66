import Scheduling
import Serving
import ServiceLifecycle
import Storage

/// The HTTP server in the order of services: first up, last down.
struct ServingService: Service {
    let server: HTTPServer
    let onReady: @Sendable (HTTPServer.Address) -> Void

    func run() async throws { try await server.run(onReady: onReady) }
}

/// Schedules on the wall's clock, and the story of what happens for everybody who listens. Begins when the server listens: tasks
/// are told its address.
struct SchedulerService: Service {
    let parts: StackParts

    /// Of the five seconds that a stop may take, what running tasks may have.
    private static let grace = Duration.seconds(2)

    func run() async throws {
        guard await cancelWhenGracefulShutdown({ await parts.listening.pass() }) else { return }
        let (orchestrator, narrator) = (parts.orchestrator, parts.narrator)
        let story = Task { await narrator.follow(orchestrator) }
        try await orchestrator.resume()
        parts.resumed.open()
        let folder = parts.schedules ? parts.configuration.home.pipelines : nil
        let aside = [
            Task { if let folder { await orchestrator.watch(folder: folder) } },
            Task { await parts.pruning?.run() ?? () },
            Task { await parts.garbage.run(isNew: !(parts.artifacts is FileArtifactStore)) },
        ]
        defer { for task in aside { task.cancel() } }
        await withTaskCancellationOrGracefulShutdownHandler {
            if parts.schedules {
                await orchestrator.run()
            } else {
                _ = await Gate().pass()
            }
        } onCancelOrGracefulShutdown: {
            Task { await orchestrator.shutdown(grace: SchedulerService.grace) }
        }
        await orchestrator.shutdown(grace: SchedulerService.grace)
        await story.value
    }
}

/// Tells people. Ends after the scheduler, whose last words it may still send.
struct NotifierService: Service {
    let parts: StackParts

    /// What the sending under way may have when the program ends; cut off, it is sent again at the next start.
    private static let grace = Duration.seconds(1)

    func run() async throws {
        guard await cancelWhenGracefulShutdown({ await parts.listening.pass() }) else { return }
        let (notifier, clock) = (parts.notifier, parts.clock)
        let work = Task { await notifier.run() }
        await withTaskCancellationOrGracefulShutdownHandler {
            await work.value
        } onCancelOrGracefulShutdown: {
            Task {
                await notifier.stop()
                // Nobody cancels this sleep.
                try? await clock.sleep(for: NotifierService.grace)
                work.cancel()
            }
        }
    }
}

/// The replay clock: last up, first down. Begins when the runs of a former process have been taken up, which it waits for.
struct ReplayService: Service {
    let parts: StackParts
    let untilDone: Bool

    func run() async throws {
        guard await cancelWhenGracefulShutdown({ await parts.resumed.pass() }) else { return }
        let replay = parts.replay
        let days = Task { try await replay.run(untilDone: untilDone) }
        let outcome = await withTaskCancellationOrGracefulShutdownHandler {
            await days.result
        } onCancelOrGracefulShutdown: {
            days.cancel()
        }
        await parts.narrator.settle(parts.orchestrator)
        try outcome.get()
    }
}
