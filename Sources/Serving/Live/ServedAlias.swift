import Registry

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
        if alias != AliasName.production { return }
        do {
            _ = try await ports.deployer.reload(model: name, alias: alias)
        } catch {
            let failure = FailureResponse.failure(of: error)
            let answering = ports.slot.model.map { "version \($0.version) still answers" } ?? "nothing answers"
            var conflict = ServingFailure.conflict(
                "promoted_but_not_loaded",
                "\(alias) of \(name) is version \(version) now, but it could not be loaded, so \(answering): \(failure.message)",
                remedy: ModelLoadError.remedy(model: name, cause: failure.remedy))
            conflict.detail = failure.detail
            throw conflict
        }
    }

    /// After an alias may have lost its version, or went to another one with it: the version that `production` names now is
    /// loaded. When it names none, what answers goes on, and what could not be loaded is no longer asked for.
    func followRemoval(from name: String) async {
        guard name == ports.facts.defaultModel else { return }
        // A refusal here is the expected end: that there is no such version any more, or that it is as bad as it was.
        _ = try? await ports.deployer.reload(model: name, alias: AliasName.production)
    }
}
