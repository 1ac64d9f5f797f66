import Foundation
import Scheduling

/// The replay clock as it is kept on disk: every decision about the next day is a function of this value.
struct ReplayState: Sendable, Equatable, Codable {
    var dataset: String
    /// Of the ratings; a home cannot go on with other data.
    var contentHash: String
    var start: Instant
    /// Midnight: everything before it has been delivered.
    var now: Instant
    /// Midnight after the last day that there is data for.
    var dataEnd: Instant
    /// Midnight after the last day that is to be played, if earlier than the data's end.
    var until: Instant?
    var isPlaying: Bool
    var dayLengthMilliseconds: Int64
    /// Where `step` and `goto` are heading at full speed; the clock pauses there.
    var target: Instant?
    /// True from before the first thing is removed until the clock stands at its start again: a start in between goes on removing.
    var isStartingAgain: Bool?

    /// Where the clock stops for good.
    var end: Instant { until.map { min($0, dataEnd) } ?? dataEnd }
    var isFinished: Bool { now >= end }

    /// When the day after `now` may begin, by the wall; nil: not before somebody orders it.
    /// - Parameter lastDayBegan: when the day before began, by the wall; nil when none has yet.
    func nextDayDue(lastDayBegan: Instant?, wall: Instant) -> Instant? {
        if isFinished { return nil }
        if let target { return now < target ? wall : nil }
        guard isPlaying else { return nil }
        return lastDayBegan.map { $0.advanced(by: .milliseconds(dayLengthMilliseconds)) } ?? wall
    }

    /// Moves on by one day.
    mutating func advance() {
        now = Day(containing: now).end
        if let target, now >= target {
            self.target = nil
            isPlaying = false
        }
    }

    /// - Throws: `ReplayOrderError` with what to do instead; the state is then as it was.
    mutating func obey(_ order: ReplayOrder) throws(ReplayOrderError) {
        switch order {
        case .play(let dayLength):
            if isFinished { throw .finished(at: Day(containing: end).description) }
            if let dayLength { dayLengthMilliseconds = dayLength }
            isPlaying = true
            target = nil
        case .pause:
            isPlaying = false
            target = nil
        case .step(let days):
            if isFinished { throw .finished(at: Day(containing: end).description) }
            guard (1...100_000).contains(days) else { throw .badStep(days) }
            target = min(end, Instant(milliseconds: now.milliseconds + Int64(days) * 86_400_000))
            isPlaying = false
        case .goto(let day):
            if day.start < now { throw .past(day.description, now: Day(containing: now).description) }
            if day.start > end { throw .beyondEnd(day.description, end: Day(containing: end).description) }
            target = day.start == now ? nil : day.start
            isPlaying = false
        case .speed(let dayLength):
            dayLengthMilliseconds = dayLength
        }
    }
}

/// What a person asks of the clock; `reset` is not here, since it changes more than the clock.
enum ReplayOrder: Sendable, Equatable {
    case play(dayLengthMilliseconds: Int64?)
    case pause
    case step(days: Int)
    case goto(Day)
    case speed(dayLengthMilliseconds: Int64)
}

enum ReplayOrderError: Error, Sendable, Equatable {
    case finished(at: String)
    case past(String, now: String)
    case beyondEnd(String, end: String)
    case badStep(Int)
}

extension ReplayOrderError: LocalizedError {
    var errorDescription: String? {
        switch self {
        case .finished(let end): "the replay has reached its end, \(end)."
        case .past(let day, let now): "\(day) has gone by; the clock stands at \(now)."
        case .beyondEnd(let day, let end): "\(day) is after the end of the replay, \(end)."
        case .badStep(let days): "\(days) is not a number of days to step."
        }
    }

    var recoverySuggestion: String? {
        switch self {
        case .finished: "start again from the first day with `mlstack replay reset`."
        case .past: "go back with `mlstack replay reset`, then `mlstack replay goto` that day."
        case .beyondEnd(_, let end): "choose a day up to \(end)."
        case .badStep: "give a number from 1 to 100000."
        }
    }
}
