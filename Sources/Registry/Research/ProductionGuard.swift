/// What belongs to production, for those who may look at it and not touch it.
///
/// Runs and versions carry the environment of the pipeline that made them as a tag. What the alias `production` names is
/// protected whoever made it: it is what people are answered with.
package struct ProductionGuard: Sendable {
    /// Tag of runs and versions: `research` or `production`.
    package static let tag = "mlstack.environment"
    package static let production = "production"
    package static let research = "research"

    private static let pageLength = 1000

    let registry: any ModelRegistry
    let tracking: any TrackingStore
    let loggedModels: any LoggedModelStore

    package init(registry: any ModelRegistry, tracking: any TrackingStore, loggedModels: any LoggedModelStore) {
        (self.registry, self.tracking, self.loggedModels) = (registry, tracking, loggedModels)
    }

    /// - Throws: `RegistryError.forbidden`.
    package static func check(alias: String) throws(RegistryError) {
        if alias == AliasName.production {
            throw .forbidden("a research run cannot move the alias `\(AliasName.production)`.")
        }
    }

    /// Only who makes a run or a version says where it belongs.
    func check(tag key: String) throws(RegistryError) {
        if key == Self.tag { throw .forbidden("a research run cannot change the tag `\(key)`.") }
    }

    func check(version number: Int, of name: String) async throws {
        let version = try await registry.version(number, of: name)
        if try await isProduction(version) {
            throw RegistryError.forbidden(
                "version \(number) of \(name) is production's; a research run cannot change it.")
        }
    }

    func check(model name: String) async throws {
        var token: String?
        repeat {
            let page = try await registry.versions(
                of: name, runID: nil, maxResults: Self.pageLength, pageToken: token)
            for version in page.items where try await isProduction(version) {
                throw RegistryError.forbidden(
                    "the model \(name) has versions of production; a research run cannot remove or rename it.")
            }
            token = page.nextPageToken
        } while token != nil
    }

    func check(run id: String) async throws {
        if try await isProduction(run: id) {
            throw RegistryError.forbidden("the run \(id) is production's; a research run cannot change it.")
        }
    }

    func check(loggedModel id: String) async throws {
        guard let model = try await found({ try await loggedModels.loggedModel(id: id, allowDeleted: true) }),
            let folder = try? ArtifactPath(artifactURI: model.artifactURI)
        else { return }
        try await check(path: folder)
    }

    func check(experiment id: String) async throws {
        var token: String?
        repeat {
            let page = try await tracking.searchRuns(
                RunQuery(experimentIDs: [id], view: .all, maxResults: Self.pageLength, pageToken: token))
            if page.items.contains(where: { $0.tags[Self.tag] == Self.production }) {
                throw RegistryError.forbidden(
                    "the experiment \(id) has runs of production; a research run cannot remove or rename it.")
            }
            token = page.nextPageToken
        } while token != nil
    }

    /// Artefacts of a run are in `<experiment>/<run>/artifacts`, of a logged model in `<experiment>/models/<id>/artifacts`.
    func check(path: ArtifactPath) async throws {
        let parts = path.components
        let refusal = RegistryError.forbidden(
            "the artefacts at \(path) are production's; a research run cannot overwrite or remove them.")
        guard parts.count > 1, parts[1] != "models" || parts.count > 2 else {
            throw RegistryError.forbidden("a research run cannot remove everything at \(path).")
        }
        var runID: String? = parts[1]
        if parts[1] == "models" {
            runID = try await found { try await loggedModels.loggedModel(id: parts[2], allowDeleted: true).sourceRunID }
        }
        if let runID, try await isProduction(run: runID) { throw refusal }
        if try await isServed(path) { throw refusal }
    }

    // MARK: -

    private func isProduction(_ version: ModelVersion) async throws -> Bool {
        if version.aliases.contains(AliasName.production) || version.tags[Self.tag] == Self.production { return true }
        guard let runID = version.runID, !runID.isEmpty else { return false }
        return try await found { try await tracking.run(id: runID).tags[Self.tag] } == Self.production
    }

    private func isProduction(run id: String) async throws -> Bool {
        if try await found({ try await tracking.run(id: id).tags[Self.tag] }) == Self.production { return true }
        let versions = try await registry.versions(of: nil, runID: id, maxResults: Self.pageLength, pageToken: nil)
        for version in versions.items where try await isProduction(version) { return true }
        return false
    }

    /// Whether it is, holds or lies in what some model's production is.
    private func isServed(_ path: ArtifactPath) async throws -> Bool {
        var token: String?
        repeat {
            var query = SearchQuery(maxResults: Self.pageLength, pageToken: token)
            query.includesPrompts = true
            let page = try await registry.searchRegisteredModels(query)
            for model in page.items {
                guard let number = model.aliases[AliasName.production],
                    let version = try await found({ try await registry.version(number, of: model.name) }),
                    let served = try? ArtifactPath(artifactURI: version.artifactURI)
                else { continue }
                if served.isInside(path) || path.isInside(served) { return true }
            }
            token = page.nextPageToken
        } while token != nil
        return false
    }

    /// nil for what is not there, or cannot be.
    private func found<Value>(_ look: () async throws -> Value?) async throws -> Value? {
        do {
            return try await look()
        } catch RegistryError.notFound, RegistryError.invalid {
            return nil
        }
    }
}
