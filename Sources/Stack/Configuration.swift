import Foundation
import Serving

/// Everything `mlstack up` can be told, already understood.
package struct Configuration: Sendable {
    package var home: Home
    /// A name (`demo`) or a path; nil: what the home already replays, else `demo`.
    package var dataset: String?
    package var host = "127.0.0.1"
    package var port = 8080
    /// Wall time of one simulated day; zero: as fast as the work allows. nil: as it was, else 10 s.
    package var dayLength: Duration?
    package var isPaused = false
    /// The first simulated day, instead of `history`.
    package var start: String?
    /// The share of the ratings that is there before the first simulated day, 0 ... 1.
    package var history: Double?
    /// The last simulated day.
    package var until: String?
    package var exitsWhenDone = false
    package var skipsBadLines = false
    package var token: String?
    /// Of the computed answers, how many a challenger is asked too, 0 ... 1.
    package var shadowShare = ShadowTraffic.defaultShare

    package init(home: Home) { self.home = home }

    /// - Throws: `StackError` for what cannot be, before anything is started.
    package func check() throws {
        if !HTTPServer.isLoopback(host), (token ?? "").isEmpty { throw StackError.tokenRequired(host: host) }
        if let history, !(0...1).contains(history) { throw StackError.badHistory(text: "\(history)") }
        if !(0...1).contains(shadowShare) {
            throw StackError.usage(
                "--shadow-share \(shadowShare) is not a share.", remedy: "give a number from 0 to 1, such as 0.1.")
        }
        if start != nil, history != nil {
            throw StackError.usage(
                "--start and --history both say where the simulated days begin.", remedy: "give one of them.")
        }
        if let start { _ = try Day(text: start, option: "--start") }
        if let until { _ = try Day(text: until, option: "--until") }
        guard (0...65535).contains(port) else {
            throw StackError.usage("--port \(port) is not a port.", remedy: "give a number from 0 to 65535.")
        }
    }
}
