import Foundation
import UnixSignals

/// SIGINT and SIGTERM as a question that long work asks, so that it ends where it can be gone on with.
package enum Interruption {
    /// - Parameter body: is given whether the end was asked for. A second signal ends the program at once.
    package static func listening<Value: Sendable>(
        _ body: (@escaping @Sendable () -> Bool) async throws -> Value
    ) async throws -> Value {
        let stop = StopSign()
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
        let listener = Task {
            for await _ in signals {
                if stop.isSet { exit(130) }
                stop.set()
            }
        }
        defer { listener.cancel() }
        return try await body { stop.isSet }
    }
}
