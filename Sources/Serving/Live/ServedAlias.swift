/// The aliases that serving follows, whoever moves them: `production` of the model that the server answers with, and the
/// challenger that answers beside it unheard.
struct ServedAlias: Sendable {
    private let ports: ServingPorts

    init(_ ports: ServingPorts) { self.ports = ports }

    /// Has the version loaded when the alias that was moved is the one that is served.
    /// - Throws: `ServingFailure` (409) when it cannot be: the alias stays where it is now, and the former model answers.
    func follow(_ alias: String, of name: String, to version: Int) async throws {
        guard name == ports.facts.defaultModel else { return }
        if alias == ShadowTraffic.alias { await ports.deployer.reloadShadow(model: name) }
        if alias != "production" { return }
        do {
            _ = try await ports.deployer.reload(model: name, alias: alias)
        } catch {
            let failure = FailureResponse.failure(of: error)
            throw ServingFailure.conflict(
                "promoted_but_not_loaded",
                "\(alias) of \(name) is version \(version) now, but it could not be loaded, so the former one still answers: \(failure.message)",
                remedy: failure.remedy)
        }
    }
}
