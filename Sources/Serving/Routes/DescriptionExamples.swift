import NIOCore
import Scheduling
import Training

/// What stands for the names in paths and bodies, so that every example on `/docs` runs: things that this server has now.
struct DescriptionExamples: Sendable {
    /// Values of path parameters by their names.
    private var values = [
        "pipeline": "daily", "run": "RUN", "task": "ingest", "name": "movies", "version": "1", "user": "1", "item": "1",
        "example": "hello", "hook": "NAME", "dataset": "ratings", "alias": "production",
        "experiment": "0",
    ]
    private var day = "2015-01-09"
    private var url = "http://127.0.0.1:8080"
    private var hasToken = false

    /// What cannot be asked for at the moment keeps its placeholder.
    init(_ surroundings: Surroundings) async {
        let ports = surroundings.ports
        if let address = surroundings.address { url = address.url }
        hasToken = ports.facts.token != nil
        if let pipelines = try? await ports.orchestrator.pipelines().filter({ !$0.version.isEmpty }) {
            for pipeline in pipelines.prefix(20) {
                values["pipeline"] = pipeline.id
                guard let run = try? await ports.orchestrator.runs(of: pipeline.id, limit: 1, before: nil).first else {
                    continue
                }
                values["run"] = run.id
                day = run.logicalDate.date
                let task = try? await ports.orchestrator.run(id: run.id).tasks.first?.taskID
                if let task { values["task"] = task }
                break
            }
        }
        if let model = ports.slot.model { (values["name"], values["version"]) = (model.name, String(model.version)) }
        if let user = try? await ports.people.people(limit: 1, query: "").first?.user {
            values["user"] = user
            let item = try? await ports.people.history(of: user)?.last?.item
            if let item { values["item"] = item }
        }
        if let example = ports.examples.first { values["example"] = example.name }
    }

    private subscript(_ name: String) -> String { values[name] ?? name }

    /// `/api/v1/users/42` of `/api/v1/users/{user}`.
    func path(of pattern: String) -> String {
        pattern.split(separator: "/", omittingEmptySubsequences: false).map { component in
            guard component.hasPrefix("{"), component.hasSuffix("}") else { return String(component) }
            return PlainPage.component(self[String(component.dropFirst().dropLast())])
        }.joined(separator: "/")
    }

    /// A command for a terminal.
    func command(_ method: String, _ pattern: String, _ documentation: RouteDocumentation) -> String {
        var words = ["curl -s"]
        // Without an end of its own.
        if documentation.answers.contains(where: { $0.mediaType == "text/event-stream" }) { words = ["curl -sN"] }
        if method != "GET", method != "POST" || documentation.body == nil { words.append("-X \(method)") }
        if hasToken { words.append("-H \"Authorization: Bearer $MLSTACK_TOKEN\"") }
        words.append(quoted(url + path(of: pattern)))
        if let body = documentation.body {
            switch body.mediaTypes.first {
            case "application/json":
                words.append("-H 'Content-Type: application/json'")
                words.append("-d \(quoted(self.body(body.schema)))")
            case "application/x-www-form-urlencoded": words.append("-d 'text=status'")
            default: words.append("--data-binary @FILE")
            }
        }
        return words.joined(separator: " ")
    }

    /// A JSON value of a schema: one that is worth sending, else the least that has its form.
    func body(_ schema: String) -> String {
        switch schema {
        case "FoldInRequest": #"{"history":[{"item":\#(text("item")),"rating":5}],"k":5}"#
        case "BatchRequest": #"{"users":[\#(text("user"))],"k":5}"#
        case "InvocationRequest": #"{"dataframe_records":[{"user":\#(text("user"))}],"params":{"k":5}}"#
        case "FeedbackEvent": #"{"user":\#(text("user")),"item":\#(text("item")),"rating":4.5}"#
        case "ReplayOrder": #"{"action":"step","days":1}"#
        case "InstallationRequest":
            #"{"file":"hello.yaml","source":"pipeline: hello\ntasks:\n  say: {run: echo hello}\n","dry_run":true}"#
        case "ClearRequest": #"{"only_failed":true,"dry_run":true}"#
        case "MarkRequest": #"{"state":"success"}"#
        case "BackfillRequest": #"{"from":"\#(day)","to":"\#(day)","dry_run":true}"#
        case "PromoteRequest": #"{"version":\#(self["version"])}"#
        case "StageRequest": #"{"stage":"archived"}"#
        case "PurgeRequest": #"{"dry_run":true}"#
        default: least(.named(schema))
        }
    }

    private func least(_ schema: Schema) -> String {
        switch schema {
        case .named(let name): APISchemas.all.first { $0.name == name }.map { least($0.schema) } ?? "{}"
        case .object(let required, _, _):
            "{" + required.map { "\"\($0.name)\":\(least($0.schema))" }.joined(separator: ",") + "}"
        case .array(let element): "[\(least(element))]"
        case .map, .any: "{}"
        case .nullable: "null"
        case .choice(let values): "\"\(values.first ?? "")\""
        case .string: "\"text\""
        case .time: "\"\(day)T00:00:00Z\""
        case .date: "\"\(day)\""
        case .integer, .number: "1"
        case .boolean: "true"
        }
    }

    /// A value as JSON writes it.
    private func text(_ name: String) -> String {
        var json = JSONWriter(capacity: 64)
        json.string(self[name])
        return String(buffer: json.buffer)
    }

    /// As a shell takes it.
    private func quoted(_ word: String) -> String { "'" + word.replacing("'", with: #"'\''"#) + "'" }
}
