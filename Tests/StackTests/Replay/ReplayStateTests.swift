import Scheduling
import Testing

@testable import Stack

struct ReplayStateTests {
    private func state(now: String = "2015-01-05", until: String? = nil, plays: Bool = true) throws -> ReplayState {
        ReplayState(
            dataset: "demo", contentHash: "h", start: try Day(text: "2015-01-01", option: "").start,
            now: try Day(text: now, option: "").start, dataEnd: try Day(text: "2015-01-11", option: "").start,
            until: try until.map { try Day(text: $0, option: "").end }, isPlaying: plays, dayLengthMilliseconds: 10_000,
            target: nil)
    }
    private let wall = Instant(seconds: 1_000_000)

    @Test func `the first day is due at once and the next a day's length after it began`() throws {
        let state = try state()
        #expect(state.nextDayDue(lastDayBegan: nil, wall: wall) == wall)
        #expect(state.nextDayDue(lastDayBegan: wall, wall: wall) == wall.advanced(by: .seconds(10)))
    }

    @Test func `no day is due while the clock is paused or at its end`() throws {
        #expect(try state(plays: false).nextDayDue(lastDayBegan: nil, wall: wall) == nil)
        #expect(try state(now: "2015-01-11").nextDayDue(lastDayBegan: nil, wall: wall) == nil)
        #expect(try state(now: "2015-01-08", until: "2015-01-07").isFinished)
    }

    @Test func `stepping goes at full speed and then stands still`() throws {
        var state = try state(plays: false)
        try state.obey(.step(days: 2))
        #expect(state.nextDayDue(lastDayBegan: wall, wall: wall) == wall)
        state.advance()
        #expect(state.target != nil)
        state.advance()
        #expect(state.target == nil)
        #expect(!state.isPlaying)
        #expect(state.nextDayDue(lastDayBegan: wall, wall: wall) == nil)
    }

    @Test func `going back, beyond the end, or on after the end is refused, and the state stays`() throws {
        var state = try state()
        let before = state
        #expect(throws: ReplayOrderError.past("2015-01-02", now: "2015-01-05")) {
            try state.obey(.goto(Day(text: "2015-01-02", option: "")))
        }
        #expect(throws: ReplayOrderError.beyondEnd("2015-02-01", end: "2015-01-11")) {
            try state.obey(.goto(Day(text: "2015-02-01", option: "")))
        }
        #expect(throws: ReplayOrderError.badStep(0)) { try state.obey(.step(days: 0)) }
        #expect(state == before)
        var done = try self.state(now: "2015-01-11")
        #expect(throws: ReplayOrderError.finished(at: "2015-01-11")) {
            try done.obey(.play(dayLengthMilliseconds: nil))
        }
    }
}

struct DayTests {
    @Test(arguments: ["1970-01-01", "2000-02-29", "2015-12-31", "1969-12-31", "2100-03-01"])
    func `a date reads as it is written`(text: String) throws {
        #expect(try Day(text: text, option: "--until").description == text)
    }

    @Test(arguments: ["2015-02-29", "2015-13-01", "15-01-01", "2015/01/01", "", "2015-1-1", "tomorrow"])
    func `what is no date is refused`(text: String) {
        #expect(throws: StackError.badDate(option: "--until", text: text)) { try Day(text: text, option: "--until") }
    }
}
