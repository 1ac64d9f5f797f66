import Hummingbird

/// Is it there, is it ready: asked by people, load balancers and the MLflow client.
struct ProbeRoutes: RouteFamily {
    let surroundings: Surroundings

    func register(in table: inout RouteTable) {
        let ports = surroundings.ports
        table.get("/health", RouteDocumentation("Alive, in MLflow's word", tag: "probes", text: "text/plain")) { _ in
            .text("OK")
        }
        table.get("/version", RouteDocumentation("The program's version", tag: "probes", text: "text/plain")) { _ in
            .text(ports.facts.programVersion)
        }
        table.get("/healthz", RouteDocumentation("Alive", tag: "probes", answers: "Health")) { _ in
            .json { $0.member("status", "ok") }
        }
        let ready = RouteDocumentation(
            "Ready: a model is loaded", tag: "probes", answers: "Health", failures: [503])
        for path in ["/readyz", "/ping"] {
            table.get(path, ready) { _ in
                let model = try ports.slot.answering()
                return .json { json in
                    json.member("status", "ready")
                    json.member("model", object: { $0.modelReference(model) })
                    json.lastLoadError(ports.slot.lastLoadError)
                }
            }
        }
    }
}
