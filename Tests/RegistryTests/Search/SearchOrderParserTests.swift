import Testing

@testable import Registry

@Suite struct SearchOrderParserTests {
    private static func by(
        _ entity: SearchField.Entity, _ key: String, _ isAscending: Bool = true
    ) -> SearchOrder { SearchOrder(SearchField(entity, key), isAscending: isAscending) }

    private static let orders: [(Search, [String], [SearchOrder])] = [
        (.runs, [], []), (.runs, ["metrics.m"], [by(.metric, "m")]),
        (.runs, ["metric.`a b` desc", "params.p ASC"], [by(.metric, "a b", false), by(.param, "p")]),
        (.runs, [" Created  DESC "], [by(.attribute, "start_time", false)]),
        (.runs, ["attributes.status", "run_id desc"], [by(.attribute, "status"), by(.attribute, "run_id", false)]),
        (.runs, ["tags.desc DESC"], [by(.tag, "desc", false)]),
        (
            .experiments, ["name", "last_update_time DESC"],
            [by(.attribute, "name"), by(.attribute, "last_update_time", false)]
        ),
        (.experiments, ["name", "name DESC"], [by(.attribute, "name")]),
        (.registeredModels, ["timestamp DESC"], [by(.attribute, "last_updated_timestamp", false)]),
        (
            .modelVersions, ["version_number", "name DESC"],
            [by(.attribute, "version_number"), by(.attribute, "name", false)]
        ),
    ]

    @Test(arguments: orders)
    func `an order is understood`(_ search: Search, _ clauses: [String], _ expected: [SearchOrder]) throws {
        #expect(try SearchOrderParser.order(clauses, in: search.fields) == expected)
    }

    private static let refusals: [(Search, [String], String)] = [
        (.runs, [""], "(column 1)"), (.runs, ["metrics.m foo"], "Invalid ordering key"),
        (.runs, ["metrics.`m\0`"], "a zero byte"), (.runs, ["metrics.m foo"], "(column 11)"),
        (.runs, ["metrics.m ASC DESC"], "(column 15)"),
        (.runs, ["metrics.m, params.p"], "(column 10)"), (.runs, ["x"], "Invalid attribute key 'x'"),
        (.runs, ["dataset.name"], "Invalid order by key 'name'"), (.runs, ["Metrics.m"], "Invalid entity type"),
        (.runs, ["metrics.m", "metric.m DESC"], "`order_by` contains duplicate fields"),
        (.runs, ["created", "start_time"], "`order_by` contains duplicate fields"),
        (.runs, Array(repeating: "metrics.m", count: 5000), "at most 20"),
        (.runs, [String(repeating: "a", count: 1 << 20)], "longer than 10000 bytes"),
        (.experiments, ["tags.a"], "Invalid order by key 'a'"),
        (.registeredModels, ["creation_timestamp"], "Invalid attribute key"),
        (.registeredModels, ["timestamp", "last_updated_timestamp"], "`order_by` contains duplicate fields"),
        (.modelVersions, ["run_id"], "Invalid order by key 'run_id'"),
    ]

    @Test(arguments: refusals)
    func `an order that cannot be is refused`(_ search: Search, _ clauses: [String], _ reason: String) throws {
        let error = #expect(throws: RegistryError.self) { try SearchOrderParser.order(clauses, in: search.fields) }
        let message = error?.errorDescription ?? ""
        #expect(message.contains(reason) && message.utf8.count < 1000)
    }

    @Test func `equals are decided by what MLflow decides them by`() {
        let fields = SearchFields.runs
        #expect(fields.completed([]) == [Self.by(.attribute, "start_time", false), Self.by(.attribute, "run_id")])
        #expect(
            fields.completed([Self.by(.attribute, "start_time")]) == [
                Self.by(.attribute, "start_time"), Self.by(.attribute, "run_id"),
            ])
        #expect(
            SearchFields.experiments.completed([Self.by(.attribute, "name")]).last
                == Self.by(.attribute, "experiment_id", false))
    }

    @Test func `logged models are ordered by attributes and metrics only`() throws {
        let order = try SearchOrderParser.order(
            fieldName: "metrics.acc", isAscending: false, datasetName: "d", datasetDigest: nil, in: .loggedModels)
        #expect(
            order == SearchOrder(SearchField(.metric, "acc"), isAscending: false, datasetName: "d", datasetDigest: nil))
        for name in ["params.a", "metrics.acc DESC", "metric.acc", "foo"] {
            #expect(throws: RegistryError.self) {
                try SearchOrderParser.order(
                    fieldName: name, isAscending: true, datasetName: nil, datasetDigest: nil, in: .loggedModels)
            }
        }
    }
}
