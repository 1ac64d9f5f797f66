import Scheduling
import Serving

extension ReplayOrder {
    /// - Throws: `StackError.badDate`, `StackError.badDayLength`.
    init(_ action: ReplayAction) throws {
        func milliseconds(_ seconds: Double) throws -> Int64 {
            guard seconds >= 0, seconds <= 86_400 else { throw StackError.badDayLength(text: "\(seconds)") }
            return Int64((seconds * 1000).rounded())
        }
        switch action {
        case .play(let length): self = .play(dayLengthMilliseconds: try length.map(milliseconds))
        case .pause: self = .pause
        case .step(let days): self = .step(days: days)
        case .goto(let date): self = .goto(try Day(text: date, option: "the date"))
        case .speed(let length): self = .speed(dayLengthMilliseconds: try milliseconds(length))
        case .reset: preconditionFailure("reset changes more than the clock and is handled before it comes here")
        }
    }
}
