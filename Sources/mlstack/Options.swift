import ArgumentParser
import Foundation
import Stack

struct HomeOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The folder that holds everything the stack writes; default: MLSTACK_HOME, else var.", valueName: "dir"))
    var home: String?

    /// Whether the variable says where it is.
    var isFromEnvironment: Bool { home == nil && ProcessInfo.processInfo.environment["MLSTACK_HOME"] != nil }

    var place: Home { Home(home ?? ProcessInfo.processInfo.environment["MLSTACK_HOME"] ?? "var") }
}

/// For commands that speak to a running stack.
struct ServerOptions: ParsableArguments {
    @OptionGroup var home: HomeOption
    @Option(help: "The server's address; default: MLSTACK_URL, else the one running on the home.")
    var url: String?
    @Option(help: "The server's token; default: MLSTACK_TOKEN.")
    var token: String?
    @Flag(help: "Print JSON instead of a table.")
    var json = false

    var client: StackClient { get throws { try StackClient(url: url, home: home.place, token: token) } }

    /// Prints an answer as it came, or as the closure shows it.
    func show<Answer: Decodable>(_ text: String, as type: Answer.Type, _ show: (Answer) -> Void) throws {
        if json { print(text) } else { show(try StackClient.decode(text)) }
    }
}

/// Parameters of a run, and what else is given as `key=value`.
enum KeyValues {
    /// - Throws: `ValidationError` for one without `=`.
    static func read(_ texts: [String], option: String) throws -> [String: String] {
        var values: [String: String] = [:]
        for text in texts {
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty else {
                throw ValidationError("\(option) \(text) is not key=value")
            }
            values[String(parts[0])] = String(parts[1])
        }
        return values
    }
}

extension String {
    /// `10s`, `500ms`, `1m`, `1.5` (seconds) or `0`; nil for anything else, and for more than a day.
    var wallDuration: Duration? {
        let units: [(suffix: String, seconds: Double)] = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600), ("", 1)]
        for unit in units where hasSuffix(unit.suffix) {
            guard let number = Double(dropLast(unit.suffix.count)), (0...86_400).contains(number * unit.seconds) else {
                return nil
            }
            return .milliseconds(Int64((number * unit.seconds * 1000).rounded()))
        }
        return nil
    }
}
