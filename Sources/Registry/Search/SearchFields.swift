/// What one of the five searches may be asked: its entities, its attributes, their operators and values, and its orders.
package struct SearchFields: Sendable {
    package enum ValueKind: Sendable {
        case number
        /// A number without a fraction.
        case wholeNumber
        case text
        /// A number in quotes, which is how ids of experiments are written; kept without leading zeros.
        case quotedNumber
    }

    package struct Rule: Sendable {
        var value: ValueKind
        var operators: [SearchOperator]
        /// Whether a number may be quoted, and a text not: `version_number = '3'`, `params.lr = 0.1`, `name = als`.
        var isLenient = false
        /// What may be written for a value, and what it is.
        var words: [String: String] = [:]

        static let number = Rule(value: .number, operators: numbers)
        static let wholeNumber = Rule(value: .wholeNumber, operators: numbers)
        static let text = Rule(value: .text, operators: texts)
        static let listedText = Rule(value: .text, operators: texts + lists)
        /// Of what a record may be without.
        static let optionalText = Rule(value: .text, operators: texts + [.absent, .present])

        private static let numbers: [SearchOperator] = [
            .equal, .notEqual, .greater, .greaterOrEqual, .less, .lessOrEqual,
        ]
        private static let texts: [SearchOperator] = [.equal, .notEqual, .like, .ilike]
        static let lists: [SearchOperator] = [.oneOf, .noneOf]
    }

    package struct Attribute: Sendable {
        var name: String
        var spellings: [String] = []
        /// nil for what can only be ordered by.
        var rule: Rule?
        var isOrdered = true
    }

    /// `runs`, for errors.
    package var noun: String
    var entities: [String: SearchField.Entity]
    var attributes: [Attribute]
    /// What holds for every key of an entity.
    var keyed: [SearchField.Entity: Rule]
    /// Besides attributes.
    var orderedEntities: Set<SearchField.Entity>
    /// Whether MLflow refuses an order that names a field twice.
    var refusesRepeatedOrder = true
    /// When no order is asked for.
    var standardOrder: [SearchOrder]
    /// What decides between equals under an order that was asked for.
    var ties: [SearchOrder]

    package static let datasetKeys = ["name", "digest", "context"]

    func attribute(_ spelling: String) -> Attribute? {
        attributes.first { $0.name == spelling || $0.spellings.contains(spelling) }
    }

    /// The order asked for, with what decides between equals behind it.
    package func completed(_ order: [SearchOrder]) -> [SearchOrder] {
        if order.isEmpty { return standardOrder }
        return order + ties.filter { tie in !order.contains { $0.field == tie.field } }
    }
}

extension SearchFields {
    package static let runs = SearchFields(
        noun: "runs",
        entities: [
            "metric": .metric, "metrics": .metric, "param": .param, "params": .param, "parameter": .param,
            "parameters": .param, "tag": .tag, "tags": .tag, "attribute": .attribute, "attributes": .attribute,
            "attr": .attribute, "run": .attribute, "dataset": .dataset, "datasets": .dataset,
        ],
        attributes: [
            Attribute(name: "run_id", rule: .listedText),
            Attribute(name: "run_name", spellings: ["run name", "Run name", "Run Name"], rule: .text),
            Attribute(name: "status", rule: .text), Attribute(name: "user_id", rule: .text),
            Attribute(name: "artifact_uri", rule: .text),
            Attribute(name: "start_time", spellings: ["created", "Created"], rule: .number),
            Attribute(name: "end_time", rule: .number),
        ],
        keyed: [.metric: .number, .param: .optionalText, .tag: .optionalText, .dataset: .listedText],
        orderedEntities: [.metric, .param, .tag],
        standardOrder: [descending("start_time"), ascending("run_id")],
        ties: [descending("start_time"), ascending("run_id")])

    package static let experiments = SearchFields(
        noun: "experiments", entities: ["attribute": .attribute, "tag": .tag, "tags": .tag],
        attributes: [
            Attribute(name: "name", rule: .text),
            Attribute(
                name: "experiment_id", rule: Rule(value: .quotedNumber, operators: [.equal, .notEqual] + Rule.lists)),
            Attribute(name: "creation_time", rule: .wholeNumber),
            Attribute(name: "last_update_time", rule: .wholeNumber),
        ],
        keyed: [.tag: .optionalText], orderedEntities: [], refusesRepeatedOrder: false,
        standardOrder: [descending("creation_time"), ascending("experiment_id")],
        ties: [descending("experiment_id")])

    package static let registeredModels = SearchFields(
        noun: "registered models", entities: ["attribute": .attribute, "tag": .tag, "tags": .tag],
        attributes: [
            Attribute(name: "name", rule: .listedText),
            Attribute(name: "last_updated_timestamp", spellings: ["timestamp"]),
        ],
        keyed: [.tag: .text], orderedEntities: [], standardOrder: [ascending("name")], ties: [ascending("name")])

    package static let modelVersions = SearchFields(
        noun: "model versions", entities: ["attribute": .attribute, "tag": .tag, "tags": .tag],
        attributes: [
            Attribute(name: "name", rule: .listedText), Attribute(name: "run_id", rule: .listedText, isOrdered: false),
            Attribute(name: "source_path", rule: .text, isOrdered: false),
            Attribute(
                name: "version_number",
                rule: Rule(value: .wholeNumber, operators: Rule.wholeNumber.operators, isLenient: true)),
            Attribute(name: "creation_timestamp"), Attribute(name: "last_updated_timestamp"),
        ],
        keyed: [.tag: .text], orderedEntities: [],
        standardOrder: [
            descending("last_updated_timestamp"), ascending("name"), descending("version_number"),
        ],
        ties: [ascending("name"), descending("version_number")])

    package static let loggedModels = SearchFields(
        noun: "logged models",
        entities: ["attributes": .attribute, "metrics": .metric, "params": .param, "tags": .tag],
        attributes: [
            Attribute(name: "name", rule: .loggedModelText), Attribute(name: "model_id", rule: .loggedModelText),
            Attribute(name: "model_type", rule: .loggedModelText), Attribute(name: "status", rule: .loggedModelStatus),
            Attribute(name: "source_run_id", rule: .loggedModelText), Attribute(name: "experiment_id"),
            Attribute(
                name: "creation_timestamp_ms", spellings: ["creation_timestamp", "creation_time"], rule: .number),
            Attribute(name: "last_updated_timestamp_ms", spellings: ["last_updated_timestamp"], rule: .number),
        ],
        keyed: [.metric: .number, .param: .loggedModelText, .tag: .loggedModelText], orderedEntities: [.metric],
        refusesRepeatedOrder: false,
        standardOrder: [descending("creation_timestamp_ms"), ascending("model_id")],
        ties: [descending("creation_timestamp_ms"), ascending("model_id")])

    private static func ascending(_ attribute: String) -> SearchOrder {
        SearchOrder(SearchField(.attribute, attribute))
    }

    private static func descending(_ attribute: String) -> SearchOrder {
        SearchOrder(SearchField(.attribute, attribute), isAscending: false)
    }
}

extension SearchFields.Rule {
    /// MLflow's own error shows `params.lr = 0.01` as an example for this search.
    fileprivate static let loggedModelText = SearchFields.Rule(
        value: .text, operators: listedText.operators, isLenient: true)

    /// The client has other words than the API.
    fileprivate static let loggedModelStatus = SearchFields.Rule(
        value: .text, operators: listedText.operators, isLenient: true,
        words: ["PENDING": LoggedModel.pending, "READY": LoggedModel.ready, "FAILED": LoggedModel.uploadFailed])
}
