import Hummingbird
import Scheduling

/// The replay clock: where it stands, and orders to it.
struct ReplayRoutes: RouteFamily {
    let surroundings: Surroundings

    func register(in table: inout RouteTable) {
        let replay = surroundings.ports.replay
        table.get("/api/v1/replay", RouteDocumentation("Where the clock stands", tag: "replay", answers: "Replay")) {
            call in
            try QueryFields(call).finish()
            let status = await replay.status()
            return .json { $0.replay(status) }
        }
        table.post(
            "/api/v1/replay",
            RouteDocumentation(
                "Play, pause, step, goto, reset, speed", tag: "replay", body: .init("ReplayOrder"), answers: "Replay",
                failures: [400, 409, 415, 422])
        ) { call in
            var fields = try await call.fields()
            let action = try ReplayRoutes.action(&fields)
            try fields.finish()
            let status = try await replay.perform(action)
            return .json { $0.replay(status) }
        }
    }

    /// The longest day that makes sense: a day.
    private static let dayLengths = 0.0...86_400

    private static func action(_ fields: inout JSONFields) throws -> ReplayAction {
        let name = try fields.requiredString("action")
        switch name {
        case "play": return .play(dayLengthSeconds: try fields.double("day_length_seconds", in: dayLengths))
        case "pause": return .pause
        case "step": return .step(days: try fields.int("days", in: 1...100_000) ?? 1)
        case "goto":
            let date = try fields.requiredString("date")
            guard isDate(date) else {
                throw ServingFailure.unprocessable(
                    "`date` is \"\(date.prefix(40))\".", remedy: "write it as 2015-12-31.")
            }
            return .goto(date: date)
        case "reset": return .reset
        case "speed":
            guard let length = try fields.double("day_length_seconds", in: dayLengths) else {
                throw fields.missing("day_length_seconds")
            }
            return .speed(dayLengthSeconds: length)
        default:
            throw ServingFailure.unprocessable(
                "there is no action \"\(name.prefix(40))\".", remedy: "use play, pause, step, goto, reset or speed.")
        }
    }

    private static func isDate(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard
            text.utf8.count == 10, parts.map(\.utf8.count) == [4, 2, 2],
            text.utf8.allSatisfy({ $0 == 45 || 48...57 ~= $0 }),
            let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2]), 1...12 ~= month
        else { return false }
        return 1...CivilDate.daysInMonth(year: year, month: month) ~= day
    }
}

extension JSONWriter {
    /// The members of `GET /api/v1/replay`.
    mutating func replay(_ status: ReplayStatus) {
        member("dataset", status.dataset)
        member("now", status.now)
        member("first_day", status.firstDay.date)
        member("last_day", status.lastDay.date)
        member("start", status.start.date)
        member("until", status.until?.date)
        member("state", status.state.rawValue)
        member("day_length_seconds", status.dayLengthSeconds)
        member("day", status.day)
        member("days_total", status.daysTotal)
        member("ratings_arrived", status.ratingsArrived)
        member("ratings_total", status.ratingsTotal)
        member("next_day_at", status.nextDayAt)
        member("day_progress", status.dayProgress)
        key("error")
        if let problem = status.problem {
            object { json in
                json.member("message", problem)
                json.member("remedy", "look at the failed run, then play or step to go on.")
            }
        } else {
            null()
        }
    }
}
