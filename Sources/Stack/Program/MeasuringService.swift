import Scheduling
import Serving
import ServiceLifecycle

/// Looks at the program's own counters every few seconds, for the page System and whoever asks.
struct MeasuringService: Service {
    let server: HTTPServer
    let clock: WallClock

    func run() async throws {
        await cancelWhenGracefulShutdown {
            // The first only begins.
            await server.sample()
            while !Task.isCancelled {
                do {
                    try await clock.sleep(for: TrafficSamples.interval)
                } catch { return }
                await server.sample()
            }
        }
    }
}
