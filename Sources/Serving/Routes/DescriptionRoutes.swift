import Hummingbird

/// The API's own description, for programs and for people.
struct DescriptionRoutes: RouteFamily {
    let surroundings: Surroundings

    func register(in table: inout RouteTable) {
        let surroundings = surroundings
        table.get("/openapi.json", RouteDocumentation("This description", tag: "status", text: "application/json")) {
            _ in
            .json(OpenAPI.document(of: surroundings.routes, version: surroundings.ports.facts.programVersion))
        }
        table.get("/docs", RouteDocumentation("This description, for people", tag: "status", text: "text/html")) { _ in
            .html(
                DescriptionPage.text(
                    of: surroundings.routes, version: surroundings.ports.facts.programVersion,
                    examples: await DescriptionExamples(surroundings)))
        }
        table.get(
            "/schema/pipeline.json",
            RouteDocumentation(
                "The JSON Schema of pipeline files, for editors", tag: "status", text: "application/schema+json")
        ) { _ in .text(surroundings.ports.facts.pipelineSchema, type: "application/schema+json") }
        table.get("/docs/page.css") { _ in .text(DescriptionPage.style, type: "text/css; charset=utf-8") }
    }
}
