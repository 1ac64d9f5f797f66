import Scheduling
import Serving

extension Configuration {
    /// What can be set, by the names that people know.
    package enum Setting: String, Sendable, CaseIterable {
        case home, dataset, host, port, paused, start, history, until, token
        case dayLength = "day_length"
        case exitWhenDone = "exit_when_done"
        case skipBadLines = "skip_bad_lines"
        case shadowShare = "shadow_share"
        case keepRuns = "keep_runs"
        case pools, artifacts, durability
        case allowPrivateWebhooks = "allow_private_webhooks"

        /// How it is said.
        var spelling: String {
            switch self {
            case .home: "--home, MLSTACK_HOME"
            case .keepRuns: "--keep-runs, mlstack.yaml: retention.runs"
            case .pools, .artifacts, .durability, .allowPrivateWebhooks: "mlstack.yaml: \(rawValue)"
            default: "--\(rawValue.replacing("_", with: "-"))"
            }
        }
    }

    /// Says which settings were given with the command.
    package mutating func noteCommandLine(_ settings: [Setting]) {
        for setting in settings { origins[setting] = .commandLine }
    }

    /// Says which settings variables of the environment gave.
    package mutating func noteEnvironment(_ settings: [Setting]) {
        for setting in settings { origins[setting] = .environment }
    }

    /// Everything that can be set, as it holds, and who said so.
    /// - Parameters:
    ///   - dataset: what is replayed.
    ///   - opening: the clock as it was when the program began: what nobody asked for now is as the home remembers it.
    func facts(dataset: String, opening: ReplayState) -> [SettingFacts] {
        Setting.allCases.map { setting in
            let value = value(of: setting, dataset: dataset, opening: opening)
            var origin = origins[setting] ?? .builtIn
            if origin == .builtIn, isRemembered(setting, opening) { origin = .home }
            return SettingFacts(name: setting.rawValue, value: value, origin: origin, spelling: setting.spelling)
        }
    }

    /// As the options take it.
    private static func text(_ duration: Duration) -> String {
        let milliseconds = Int64((duration.seconds * 1000).rounded())
        let units: [(Int64, String)] = [(86_400_000, "d"), (3_600_000, "h"), (60_000, "m"), (1000, "s")]
        let unit = units.first { milliseconds >= $0.0 && milliseconds.isMultiple(of: $0.0) } ?? (1, "ms")
        return milliseconds == 0 ? "0" : "\(milliseconds / unit.0)\(unit.1)"
    }

    private func isRemembered(_ setting: Setting, _ opening: ReplayState) -> Bool {
        switch setting {
        case .dataset: hasFormerReplay
        case .dayLength: hasFormerReplay && opening.dayLengthMilliseconds != ReplayState.defaultDayLengthMilliseconds
        case .until: opening.until != nil
        default: false
        }
    }

    private func value(of setting: Setting, dataset: String, opening: ReplayState) -> String? {
        switch setting {
        case .home: home.path
        case .dataset: dataset
        case .host: host
        case .port: "\(port)"
        case .dayLength: Configuration.text(.milliseconds(opening.dayLengthMilliseconds))
        case .paused: "\(isPaused)"
        case .start: start
        case .history: history.map { "\($0)" }
        case .until: opening.until.map { Day(containing: Instant(milliseconds: $0.milliseconds - 1)).description }
        case .exitWhenDone: "\(exitsWhenDone)"
        case .skipBadLines: "\(skipsBadLines)"
        // A secret is never told.
        case .token: token == nil ? nil : "••••"
        case .shadowShare: "\(shadowShare)"
        case .keepRuns: retention.runs.map(Configuration.text)
        case .pools:
            project.pools.isEmpty
                ? nil
                : project.pools.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: ", ")
        case .artifacts: project.artifacts?.place
        case .durability: project.durability.rawValue
        case .allowPrivateWebhooks:
            switch project.privateWebhooks {
            case .none: "false"
            case .all: "true"
            case .only(let entries): entries.joined(separator: ", ")
            }
        }
    }
}
