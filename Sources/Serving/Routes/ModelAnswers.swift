import Hummingbird
import Registry

/// What is told of registered models and of one of them, whichever route is asked.
struct ModelAnswers {
    private let ports: ServingPorts

    private static let pageLength = 1000
    private static let historyLength = 100

    init(_ ports: ServingPorts) { self.ports = ports }

    /// - Parameter looksAtFiles: tells of each newest version whether it can be served.
    func list(looksAtFiles: Bool) async throws -> Response {
        var rows: [(model: RegisteredModel, count: Int, newest: ModelVersion?, files: VersionFiles?)] = []
        var token: String?
        repeat {
            let page = try await ports.registry.registeredModels(maxResults: Self.pageLength, pageToken: token)
            for model in page.items {
                let (count, newest) = try await versions(of: model.name)
                var files: VersionFiles?
                if looksAtFiles, let newest { files = try await VersionFiles(of: newest, in: ports.artifacts) }
                rows.append((model, count, newest, files))
            }
            token = page.nextPageToken
        } while token != nil
        return .json(capacity: 128 + 256 * rows.count) { json in
            json.member(
                "models",
                array: { json in
                    for (model, count, newest, files) in rows {
                        json.object { json in
                            json.registeredModel(model, isServed: model.name == ports.facts.defaultModel)
                            json.member("versions", count)
                            json.key("newest")
                            if let newest {
                                json.object { json in
                                    json.member("version", newest.version)
                                    json.member("created_at", timeMilliseconds: newest.creationTimeMilliseconds)
                                    if let files { json.member("servable", files.isServable) }
                                }
                            } else {
                                json.null()
                            }
                        }
                    }
                })
        }
    }

    private func versions(of name: String) async throws -> (count: Int, newest: ModelVersion?) {
        var (count, newest, token): (Int, ModelVersion?, String?) = (0, nil, nil)
        repeat {
            let page = try await ports.registry.versions(
                of: name, runID: nil, maxResults: Self.pageLength, pageToken: token)
            count += page.items.count
            newest = newest ?? page.items.first
            token = page.nextPageToken
        } while token != nil
        return (count, newest)
    }

    /// - Parameter before: only versions of lower numbers.
    func model(
        _ name: String, limit: Int = 50, before: Int? = nil, looksAtFiles: Bool = false
    ) async throws -> Response {
        let model = try await ports.registry.registeredModel(named: name)
        let versions = try await ports.registry.searchVersions(Self.page(of: name, before: before, limit: limit)).items
        var rows: [(ModelVersion, Run?, VersionFiles?)] = []
        for version in versions {
            let files = looksAtFiles ? try await VersionFiles(of: version, in: ports.artifacts) : nil
            rows.append((version, try await run(of: version), files))
        }
        var history: [AliasChange] = []
        // An alias that was removed has a history too, but only `production` is always asked for.
        for alias in Set(model.aliases.keys).union(["production"]).sorted() {
            history += try await ports.registry.aliasHistory(of: name, alias: alias, limit: Self.historyLength)
        }
        history.sort { $0.sequence > $1.sequence }
        let former = try await Rollback.target(
            of: AliasName.production, model.aliases[AliasName.production], of: name, in: ports.registry)
        let live = ports.slot.model
        return .json(capacity: 1024 + 1024 * rows.count) { json in
            json.registeredModel(model, isServed: name == ports.facts.defaultModel)
            json.member("tags", model.tags)
            json.key("serving")
            if let live, live.name == name { json.object { $0.member("version", live.version) } } else { json.null() }
            json.key("rollback")
            if let former { json.object { $0.member("version", former) } } else { json.null() }
            json.member(
                "versions",
                array: { json in
                    for (version, run, files) in rows {
                        json.object { json in
                            json.modelVersion(version, trainedBy: run)
                            if let files { json.size(of: files) }
                        }
                    }
                })
            json.member("history", array: { json in for change in history { json.object { $0.aliasChange(change) } } })
        }
    }

    /// nil when the version came without a run, or the run has been deleted.
    func run(of version: ModelVersion) async throws -> Run? {
        guard let id = version.runID, !id.isEmpty else { return nil }
        do {
            return try await ports.tracking.run(id: id)
        } catch RegistryError.notFound {
            return nil
        }
    }

    private static func page(of name: String, before: Int?, limit: Int) -> SearchQuery {
        let number = SearchField(.attribute, "version_number")
        var conditions = [
            SearchCondition.comparison(SearchComparison(SearchField(.attribute, "name"), .equal, .text(name)))
        ]
        if let before {
            conditions.append(.comparison(SearchComparison(number, .less, .integer(Int64(before)))))
        }
        var query = SearchQuery(
            filter: .all(conditions), order: [SearchOrder(number, isAscending: false)], maxResults: limit,
            pageToken: nil)
        query.includesPrompts = true
        return query
    }
}

extension JSONWriter {
    /// - Parameter isServed: whether `/api/v1/recommendations` answers with it.
    fileprivate mutating func registeredModel(_ model: RegisteredModel, isServed: Bool) {
        member("name", model.name)
        member("description", model.description)
        member("created_at", timeMilliseconds: model.creationTimeMilliseconds)
        member("updated_at", timeMilliseconds: model.lastUpdateTimeMilliseconds)
        member(
            "aliases",
            object: { json in
                for (alias, version) in model.aliases.sorted(by: { $0.key < $1.key }) {
                    json.key(named: alias)
                    json.int(version)
                }
            })
        member("served", isServed)
    }

    mutating func size(of files: VersionFiles) {
        member("bytes", files.isKnown ? files.bytes : nil)
        member("servable", files.isServable)
    }
}
