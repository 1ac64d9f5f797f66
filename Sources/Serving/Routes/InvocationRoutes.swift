import Hummingbird
import Training

/// MLflow's scoring protocol on the model that is live: answers as `mlflow models serve` of the version's own folder would.
///
/// So a person is ranked by what the training saw of them, and what they have rated since is neither learned nor left out;
/// `/api/v1/recommendations` knows that too.
struct InvocationRoutes: RouteFamily {
    let surroundings: Surroundings
    private var ports: ServingPorts { surroundings.ports }

    private static let bodyLimit = 4 << 20
    private static let mostUsers = 10_000
    /// Users times items each.
    private static let mostItems = 100_000

    func register(in table: inout RouteTable) {
        var documentation = RouteDocumentation(
            "MLflow's scoring protocol: for each user the ids of the best items that training did not see of them",
            tag: "recommendations",
            body: .init("InvocationRequest", mediaTypes: ["application/json", "text/csv"]), answers: "Predictions",
            failures: [400, 413, 415, 503])
        documentation.tellFailuresAsMLflow()
        table.post("/invocations", documentation, handler: invoke)
    }

    private func invoke(_ call: HTTPCall) async throws -> Response {
        let model = try ports.slot.answering()
        let rows: [InvocationInput.Row]
        do {
            rows = try await InvocationRoutes.input(call).rows
        } catch let failure as ServingFailure where failure.status == 422 {
            // MLflow knows one status for everything that is wrong with an input.
            throw InvocationInput.refusal(failure.message, failure.remedy)
        }
        let items = rows.reduce(0) { $0 + $1.count }
        guard rows.count <= Self.mostUsers, items <= Self.mostItems else {
            throw InvocationInput.refusal(
                "\(rows.count) users with \(items) items in all are too many.",
                "ask for at most \(Self.mostUsers) users and \(Self.mostItems) items at once.")
        }
        var json = JSONWriter(capacity: 64 + 12 * items)
        var lists: [[String]] = []
        lists.reserveCapacity(rows.count)
        for row in rows {
            lists.append(try await best(row, of: model))
            // Others on this event loop go in between.
            await Task.yield()
        }
        json.object { json in
            json.member("predictions", array: { json in for list in lists { json.strings(list) } })
        }
        return .json(json)
    }

    private static func input(_ call: HTTPCall) async throws -> InvocationInput {
        guard call.contentType == "text/csv" else {
            if call.contentType != "application/json" {
                throw ServingFailure.unsupportedMediaType(call.contentType, expected: "application/json or text/csv")
            }
            return try InvocationInput(json: try await call.json(upTo: bodyLimit))
        }
        let body = try await call.body(upTo: bodyLimit)
        guard let text = String(validating: body.readableBytesView, as: UTF8.self) else {
            throw InvocationInput.refusal("the body is not in UTF-8.", "encode it in UTF-8.")
        }
        return try InvocationInput(csv: text)
    }

    private func best(_ row: InvocationInput.Row, of model: LiveModel) async throws -> [String] {
        let recommender = model.recommender
        let user = recommender.users.index(of: row.user)
        // Models that were trained elsewhere do not say what they saw.
        var seen = user.flatMap { recommender.trainingItems(of: $0) }
        if seen == nil, user != nil {
            seen = recommender.entries(of: try await ports.people.history(of: row.user) ?? []).map(\.item)
        }
        return recommender.recommend(
            for: user.map { .user($0) } ?? .history([]), excluding: seen ?? [], count: row.count
        ).map { recommender.items[$0.item] }
    }
}
