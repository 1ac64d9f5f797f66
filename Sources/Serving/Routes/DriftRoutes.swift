import Hummingbird

/// How each day's data differ from the days before.
struct DriftRoutes: RouteFamily {
    let surroundings: Surroundings

    func register(in table: inout RouteTable) {
        let ports = surroundings.ports
        table.get(
            "/api/v1/drift",
            RouteDocumentation(
                "How each simulated day's ratings differ from the days before, with alerts", tag: "quality",
                query: [.init("days", .integer, "Only so many of the latest days; all when absent.")],
                answers: "Drift", failures: [422])
        ) { call in
            var fields = try QueryFields(call)
            let days = try fields.int("days", in: 1...100_000)
            try fields.finish()
            let all = try await ports.drift.drift()
            let points = all.suffix(days ?? all.count)
            return .json(capacity: 64 + 384 * points.count) { json in
                json.member("points", objects: points) { $0.driftPoint($1) }
            }
        }
    }
}

extension JSONWriter {
    mutating func driftPoint(_ point: DriftPoint) {
        member("date", point.date)
        members(point.values)
        member("alerts", objects: point.alerts) { json, alert in
            json.member("measure", alert.measure)
            json.member("value", alert.value)
            json.member("limit", alert.limit)
        }
    }
}
