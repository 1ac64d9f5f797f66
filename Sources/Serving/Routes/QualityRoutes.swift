import Hummingbird

/// The quality curve: production tested on each new day before it was learned.
struct QualityRoutes: RouteFamily {
    let surroundings: Surroundings

    static let metric = "ndcg_at_10"
    static let popularityMetric = "popularity_ndcg_at_10"

    func register(in table: inout RouteTable) {
        let ports = surroundings.ports
        table.get(
            "/api/v1/quality",
            RouteDocumentation(
                "Production's quality on each simulated day", tag: "quality",
                query: [.init("model", .string, "A registered model; the default one when absent.")],
                answers: "Quality",
                failures: [404])
        ) { call in
            var fields = try QueryFields(call)
            let model = fields.string("model") ?? ports.facts.defaultModel
            try fields.finish()
            let points = try await ports.quality.quality(model: model)
            return .json(capacity: 256 + 160 * points.count) { json in
                json.member("model", model)
                json.member("metric", QualityRoutes.metric)
                json.member("points", array: { json in for point in points { json.object { $0.qualityPoint(point) } } })
                json.member(
                    "mean",
                    object: { json in
                        json.member("production", QualityRoutes.mean(points, of: QualityRoutes.metric))
                        json.member("popularity", QualityRoutes.mean(points, of: QualityRoutes.popularityMetric))
                    })
            }
        }
    }

    /// Over the days that have the metric; nil when none has.
    private static func mean(_ points: [QualityPoint], of metric: String) -> Double? {
        let values = points.compactMap { $0.values[metric] }.filter(\.isFinite)
        return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }
}

extension JSONWriter {
    /// `production` and `popularity` are the two curves; every other value keeps its metric's name.
    mutating func qualityPoint(_ point: QualityPoint) {
        member("date", point.date)
        member("production", point.values[QualityRoutes.metric])
        member("popularity", point.values[QualityRoutes.popularityMetric])
        for (name, value) in point.values.sorted(by: { $0.key < $1.key })
        where name != QualityRoutes.metric && name != QualityRoutes.popularityMetric {
            key(named: name)
            double(value)
        }
    }
}
