/// What `/openapi.json` and `/docs` say about a route.
package struct RouteDocumentation: Sendable {
    package var summary: String
    /// Groups the routes on the page.
    package var tag: String
    package var query: [QueryParameter]
    /// The name of the request body's schema, when there is one.
    package var body: Body?
    package var answers: [Answer]

    /// A parameter behind the `?`.
    package struct QueryParameter: Sendable {
        /// What it holds.
        package enum Kind: String, Sendable { case string, integer, boolean }
        package var name: String
        package var kind: Kind
        package var help: String
        package init(_ name: String, _ kind: Kind, _ help: String) {
            (self.name, self.kind, self.help) = (name, kind, help)
        }
    }

    /// What a request carries.
    package struct Body: Sendable {
        /// A name in `APISchemas`.
        package var schema: String
        package var mediaTypes: [String]
        package init(_ schema: String, mediaTypes: [String] = ["application/json"]) {
            (self.schema, self.mediaTypes) = (schema, mediaTypes)
        }
    }

    /// One way in which a request may end.
    package struct Answer: Sendable {
        package var status: Int
        package var help: String
        package var mediaType: String
        /// A name in `APISchemas`; nil for text.
        package var schema: String?
    }

    /// An answer in JSON.
    package init(
        _ summary: String, tag: String, query: [QueryParameter] = [], body: Body? = nil, answers schema: String,
        status: Int = 200, failures: [Int] = []
    ) {
        (self.summary, self.tag, self.query, self.body) = (summary, tag, query, body)
        answers = [Answer(status: status, help: summary, mediaType: "application/json", schema: schema)]
        answers += failures.map {
            Answer(status: $0, help: "Refused.", mediaType: "application/json", schema: "Failure")
        }
    }

    /// An answer in another form.
    package init(
        _ summary: String, tag: String, query: [QueryParameter] = [], text mediaType: String, failures: [Int] = []
    ) {
        (self.summary, self.tag, self.query, body) = (summary, tag, query, nil)
        answers = [Answer(status: 200, help: summary, mediaType: mediaType, schema: nil)]
        answers += failures.map {
            Answer(status: $0, help: "Refused.", mediaType: "application/json", schema: "Failure")
        }
    }

    /// For a route of MLflow's protocol, whose refusals have MLflow's form.
    mutating func tellFailuresAsMLflow() {
        for index in answers.indices where answers[index].status >= 400 { answers[index].schema = "MLflowFailure" }
    }
}
