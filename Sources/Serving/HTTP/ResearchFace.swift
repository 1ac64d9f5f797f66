import HTTPTypes
import Hummingbird
import Registry
import Scheduling

/// The API as the shell tasks of research runs reach it: below `/research`, the same paths, and production to look at only.
///
/// Such tasks are given the address `http://127.0.0.1:8080/research` as `MLFLOW_TRACKING_URI` and `MLSTACK_URL`, and clients
/// put the paths of their calls behind it; so plain MLflow carries the mark without knowing of it. It keeps a slip from
/// reaching production. It is no lock: whoever writes the address anew is not held back.
struct ResearchFace: Sendable {
    static let prefix = "/research"

    let routes: RouteTable
    private let orchestrator: any Orchestrator

    /// Orders that change what production does, whatever they name.
    private static let closed: Set<String> = [
        "/api/v1/pipelines", "/api/v1/examples/{example}", "/api/v1/replay", "/api/v1/serving/reload",
        "/api/v1/experiments/purge",
    ]

    init(_ surroundings: Surroundings, families: [any RouteFamily]) {
        var ports = surroundings.ports
        let production = ProductionGuard(
            registry: ports.registry, tracking: ports.tracking, loggedModels: ports.loggedModels)
        ports.registry = ResearchRegistry(ports.registry, production: production)
        ports.tracking = ResearchTracking(ports.tracking, production: production)
        ports.loggedModels = ResearchLoggedModels(ports.loggedModels, production: production)
        ports.artifacts = ResearchArtifacts(ports.artifacts, production: production)
        orchestrator = ports.orchestrator
        let research = Surroundings(surroundings, ports: ports)
        var table = RouteTable()
        for family in BuiltInRoutes.families(research) + families { family.register(in: &table) }
        routes = table
    }

    /// The path without the mark; nil when it has none.
    static func path(of path: Substring) -> Substring? {
        guard path.hasPrefix(prefix) else { return nil }
        let rest = path.dropFirst(prefix.count)
        return rest.hasPrefix("/") ? rest : nil
    }

    /// - Throws: `ServingFailure` (403) for an order to a production pipeline or to what all share.
    func check(_ method: HTTPRequest.Method, _ route: RouteTable.Route, _ values: [String]) async throws {
        if method == .get || method == .head { return }
        if Self.closed.contains(route.pattern) {
            throw Self.refusal("a research run cannot give this order: \(method.rawValue) \(route.pattern).")
        }
        guard route.pattern.hasPrefix("/api/v1/pipelines/{pipeline}"), let id = values.first,
            try await orchestrator.pipeline(id: id).summary.environment == .production
        else { return }
        throw Self.refusal("a research run cannot give orders to the production pipeline \(id.prefix(100)).")
    }

    private static func refusal(_ message: String) -> ServingFailure {
        ServingFailure(status: 403, code: "research_only", message: message, remedy: RegistryError.researchRemedy)
    }
}
