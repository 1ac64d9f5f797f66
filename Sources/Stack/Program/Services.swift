import Scheduling
import Serving
import ServiceLifecycle

/// The HTTP server in the order of services: first up, last down.
struct ServingService: Service {
    let server: HTTPServer
    let onReady: @Sendable (HTTPServer.Address) -> Void

    func run() async throws { try await server.run(onReady: onReady) }
}

/// Schedules on the wall's clock, and the story of what happens for everybody who listens.
struct SchedulerService: Service {
    let parts: StackParts

    /// Of the five seconds that a stop may take, what running tasks may have.
    private static let grace = Duration.seconds(2)

    func run() async throws {
        let (orchestrator, narrator) = (parts.orchestrator, parts.narrator)
        let story = Task { await narrator.follow(orchestrator) }
        try await orchestrator.resume()
        await withTaskCancellationOrGracefulShutdownHandler {
            await orchestrator.run()
        } onCancelOrGracefulShutdown: {
            Task { await orchestrator.shutdown(grace: SchedulerService.grace) }
        }
        await orchestrator.shutdown(grace: SchedulerService.grace)
        await story.value
    }
}

/// The replay clock: last up, first down.
struct ReplayService: Service {
    let parts: StackParts
    let untilDone: Bool

    func run() async throws {
        let replay = parts.replay
        let days = Task { await replay.run(untilDone: untilDone) }
        await withTaskCancellationOrGracefulShutdownHandler {
            await days.value
        } onCancelOrGracefulShutdown: {
            days.cancel()
        }
        await parts.narrator.settle(parts.orchestrator)
    }
}
