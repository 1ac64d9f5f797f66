import Foundation
import Logging
import Scheduling
import Serving
import Storage

/// The description of the HTTP API where no server runs: a stack is built in a folder of its own, asked for its routes, and never
/// started.
package enum APIDescription {
    /// A stack has something to replay.
    private static let ratings = "userId,movieId,rating,timestamp\n1,1,4.0,100\n2,1,3.0,200\n"

    /// - Returns: what `/openapi.json` answers.
    package static func text() async throws -> String {
        let folder = FileManager.default.temporaryDirectory.path + "/mlstack-openapi-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var configuration = Configuration(home: Home(folder))
        configuration.dataset = folder + "/ratings.csv"
        try configuration.home.prepare()
        try ratings.write(toFile: folder + "/ratings.csv", atomically: true, encoding: .utf8)
        let silent = Logger(label: "openapi") { _ in SwiftLogNoOpLogHandler() }
        let parts = try await StackParts.build(
            configuration, log: LogRing { WallClock().now.milliseconds }, logger: silent, onProgress: { _ in })
        let server = try HTTPServer(
            listening: .init(), ports: parts.ports, clock: parts.clock, files: Queues.logs, logger: silent)
        try await Queues.files.perform { try parts.store.close() }
        return server.openAPI
    }
}
