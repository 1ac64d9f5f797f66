import Hummingbird
import Scheduling

/// Ready pipelines that the program carries with it, to be looked at and added to the home.
///
/// Adding one needs no proof of who asks, as another pipeline does: it is this program's own text, and takes no file's place.
struct ExampleRoutes: RouteFamily {
    let surroundings: Surroundings

    func register(in table: inout RouteTable) {
        table.get(
            "/api/v1/examples",
            RouteDocumentation("Ready pipelines to begin with", tag: "pipelines", answers: "Examples"), handler: list)
        table.post(
            "/api/v1/examples/{example}",
            RouteDocumentation(
                "Adds an example to the home's pipelines", tag: "pipelines", answers: "AddedExample",
                failures: [403, 404, 409]), handler: add)
    }

    private func list(_ call: HTTPCall) async throws -> Response {
        try QueryFields(call).finish()
        let present = Set(try await surroundings.ports.orchestrator.pipelines().map(\.id))
        return .json(capacity: 1 << 14) { json in
            json.member("examples", objects: surroundings.ports.examples) { json, example in
                json.member("name", example.name)
                json.member("description", example.summary)
                json.member("installed", present.contains(example.name))
                json.member("files", objects: example.files) { json, file in
                    json.member("name", file.name)
                    json.member("text", file.text)
                }
            }
        }
    }

    private func add(_ call: HTTPCall) async throws -> Response {
        guard let installer = surroundings.ports.installer else { throw ServingFailure.notInstallable }
        let name = call.parameter("example")
        let examples = surroundings.ports.examples
        guard let example = examples.first(where: { $0.name == name }) else {
            throw ServingFailure.notFound(
                "there is no example \(name.prefix(100)).",
                remedy: "choose among \(examples.map(\.name).joined(separator: ", ")).")
        }
        // All of them or none; the first is the pipeline itself, which needs the others.
        let orders = example.files.map { file in
            InstallationOrder(source: file.text, file: file.name, replaces: nil, isDryRun: true, actor: call.actor)
        }
        var missing: [InstallationOrder] = []
        for var order in orders.reversed() {
            let report = try await installer.install(order)
            if report.change == "changed" {
                throw ServingFailure.conflict(
                    "file_exists", "the home has another \(order.file) already.",
                    remedy: "rename that file, or compare it: `mlstack pipeline examples \(name)` prints the example.")
            }
            (order.isDryRun, order.replaces) = (false, "")
            if report.change == "new" { missing.append(order) }
        }
        for order in missing { _ = try await installer.install(order) }
        return .json(capacity: 256) { json in
            json.member("name", name)
            json.member("added", missing.map(\.file))
        }
    }
}

/// A pipeline that the program carries with it.
package struct ExampleFiles: Sendable, Equatable {
    package struct File: Sendable, Equatable {
        package var name: String
        package var text: String
        package init(name: String, text: String) { (self.name, self.text) = (name, text) }
    }
    /// The id of the pipeline in the first of its files.
    package var name: String
    package var summary: String
    package var files: [File]
    package init(name: String, summary: String, files: [File]) {
        (self.name, self.summary, self.files) = (name, summary, files)
    }
}
