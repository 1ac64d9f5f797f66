import Foundation
import Scheduling
import Training

extension ReplayState {
    /// Of one simulated day on the wall.
    static let defaultDayLengthMilliseconds: Int64 = 10_000

    /// The state to start from: what the home remembers, changed by what the person asked for now; or a new one.
    /// - Throws: `StackError`.
    static func opening(
        _ remembered: ReplayState?, dataset: String, log: RatingsLog, configuration: Configuration
    ) throws -> ReplayState {
        let first = Day(containingSeconds: log.firstTimestampSeconds)
        let last = Day(containingSeconds: log.lastTimestampSeconds)
        if let remembered, remembered.contentHash != log.contentHash {
            throw StackError.homeHoldsOtherDataset(
                home: configuration.home.path, had: remembered.dataset, wanted: dataset)
        }
        var state =
            try remembered
            ?? ReplayState(
                dataset: dataset, contentHash: log.contentHash, start: beginning(configuration, log, first, last),
                now: beginning(configuration, log, first, last), dataEnd: last.end, until: nil, isPlaying: true,
                dayLengthMilliseconds: defaultDayLengthMilliseconds, target: nil)
        if let until = configuration.until {
            let day = try Day(text: until, option: "--until")
            if day.end <= state.start {
                throw StackError.usage(
                    "--until \(day) is before the first simulated day, \(Day(containing: state.start)).",
                    remedy: "choose a later day, or an earlier --start in a new home.")
            }
            state.until = day.end
        }
        if let length = configuration.dayLength {
            state.dayLengthMilliseconds = Int64((length.seconds * 1000).rounded())
        }
        state.isPlaying = !configuration.isPaused
        if configuration.isPaused { state.target = nil }
        return state
    }

    /// The first simulated day: as asked for, else the one in which the share of the ratings given as history is complete.
    private static func beginning(
        _ configuration: Configuration, _ log: RatingsLog, _ first: Day, _ last: Day
    ) throws -> Instant {
        if let text = configuration.start {
            let day = try Day(text: text, option: "--start")
            guard day >= first, day <= last else {
                throw StackError.startOutsideData(date: text, first: first.description, last: last.description)
            }
            return day.start
        }
        let index = min(log.count - 1, Int(Double(log.count) * (configuration.history ?? 0.5)))
        return Day(containingSeconds: log.row(at: max(0, index)).timestampSeconds).start
    }
}
