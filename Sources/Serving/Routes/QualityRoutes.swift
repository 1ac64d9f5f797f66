import Hummingbird

/// The quality curve: production tested on each new day before it was learned, beside plain and decayed popularity.
struct QualityRoutes: RouteFamily {
    let surroundings: Surroundings

    func register(in table: inout RouteTable) {
        let ports = surroundings.ports
        table.get(
            "/api/v1/quality",
            RouteDocumentation(
                "Production's quality on each simulated day, for known and new users", tag: "quality",
                query: [
                    .init("model", .string, "A registered model; the default one when absent."),
                    .init("days", .integer, "Points of only so many of the latest days; all when absent."),
                ], answers: "Quality", failures: [404, 422])
        ) { call in
            var fields = try QueryFields(call)
            let model = fields.string("model") ?? ports.facts.defaultModel
            let days = try fields.int("days", in: 1...1_000_000)
            try fields.finish()
            let points = try await ports.quality.quality(model: model)
            // The means are those of all days.
            let latest = points.suffix(days ?? points.count)
            return .json(capacity: 1024 + 1024 * latest.count) { json in
                json.member("model", model)
                json.member("metric", QualityKey.curve)
                json.member("running_days", RunningMean.curveWindow)
                json.member("points", objects: latest) { $0.qualityPoint($1) }
                json.qualityMeans(points, of: .everybody)
                json.member("known", object: { $0.qualityMeans(points, of: .known) })
                json.member("new", object: { $0.qualityMeans(points, of: .new) })
            }
        }
    }
}

extension JSONWriter {
    /// The curves have the names of their rankings; every other value keeps its key.
    mutating func qualityPoint(_ point: QualityPoint) {
        member("date", point.date)
        let curves = QualityKey.Ranking.allCases.map { ($0, QualityKey($0, .everybody, QualityKey.curve).text) }
        for (ranking, name) in curves { number(named: ranking.rawValue, point.values[name]) }
        members(point.values.filter { value in !curves.contains { $0.1 == value.key } })
        member(
            "running",
            object: { json in
                for (name, value) in point.running.sorted(by: { $0.key < $1.key }) {
                    json.key(named: name)
                    json.object { $0.mean(value) }
                }
            })
    }

    private mutating func number(named name: String, _ value: Double?) {
        key(named: name)
        if let value { double(value) } else { null() }
    }

    private mutating func mean(_ value: RunningMean.Value) {
        member("mean", JSONWriter.short(value.mean))
        member("standard_error", value.standardError.map(JSONWriter.short))
    }

    /// There are thousands of them in an answer, and they are derived: a millionth is near enough.
    private static func short(_ value: Double) -> Double { (value * 1e6).rounded() / 1e6 }

    /// `mean` and `standard_error` of each ranking over the days that have it, null where none has.
    fileprivate mutating func qualityMeans(_ points: [QualityPoint], of audience: QualityKey.Audience) {
        let means = QualityKey.Ranking.allCases.map { ranking in
            let name = QualityKey(ranking, audience, QualityKey.curve).text
            return (ranking.rawValue, RunningMean.of(points.compactMap { $0.values[name] }.filter(\.isFinite)))
        }
        member("mean", object: { json in for (name, value) in means { json.number(named: name, value?.mean) } })
        member(
            "standard_error",
            object: { json in for (name, value) in means { json.number(named: name, value?.standardError) } })
    }
}
