import Hummingbird
import Registry

/// Registered models, their versions, and which one an alias names.
struct ModelRoutes: RouteFamily {
    let surroundings: Surroundings
    private var ports: ServingPorts { surroundings.ports }
    private var answers: ModelAnswers { ModelAnswers(ports) }

    private static let historyLength = 100

    func register(in table: inout RouteTable) {
        table.get(
            "/api/v1/models",
            RouteDocumentation(
                "Registered models", tag: "models",
                query: [
                    .init(
                        "files", .boolean,
                        "Also whether the newest version can be served, for which its files are looked at.")
                ], answers: "Models", failures: [422]), handler: list)
        table.get(
            "/api/v1/models/{name}",
            RouteDocumentation(
                "One model: its versions, newest first, and what its aliases named", tag: "models",
                query: [
                    .init("limit", .integer, "How many versions, 1 to 1000; 50 when absent."),
                    .init("before", .integer, "Only versions of lower numbers: the next page."),
                    .init("files", .boolean, "Also how large each version is and whether it can be served."),
                ], answers: "Model",
                failures: [404, 422]),
            handler: one)
        table.post(
            "/api/v1/models/{name}/promote",
            RouteDocumentation(
                "Moves an alias to a version; of the served model, loads it", tag: "models",
                body: .init("PromoteRequest"),
                answers: "Model", failures: [400, 404, 409, 415, 422]),
            handler: promote)
        table.post(
            "/api/v1/models/{name}/rollback",
            RouteDocumentation(
                "Moves an alias back to what it named before; of the served model, loads it", tag: "models",
                body: .init("RollbackRequest"), answers: "Model", failures: [400, 404, 409, 415, 422]),
            handler: rollback)
        table.get(
            "/api/v1/models/{name}/history",
            RouteDocumentation(
                "Every change of an alias, a stage or the name, and every deletion, newest first; also of a model that was deleted",
                tag: "models", query: [.init("limit", .integer, "How many changes, 1 to 1000; 100 when absent.")],
                answers: "ModelHistory", failures: [404, 422]),
            handler: history)
        table.post(
            "/api/v1/models/{name}/versions/{version}/reproduce",
            RouteDocumentation(
                "Trains a version again from its recorded data, code and parameters, and compares the bytes; answers when that has ended",
                tag: "models", answers: "Reproduction", failures: [404, 409, 422]),
            handler: reproduce)
    }

    private func reproduce(_ call: HTTPCall) async throws -> Response {
        try QueryFields(call).finish()
        guard let version = Int(call.parameter("version")), version > 0 else {
            throw ServingFailure.unprocessable(
                "\(call.parameter("version").prefix(20)) is no number of a version.", remedy: "give one, such as 3.")
        }
        let report = try await ports.reproducer.reproduce(model: call.parameter("name"), version: version)
        return .json { json in
            json.member("name", report.name)
            json.member("version", report.version)
            json.member("algorithm", report.algorithm)
            json.member("equal", report.contentHash == report.reproducedHash)
            json.member("content_hash", report.contentHash)
            json.member("reproduced_hash", report.reproducedHash)
            json.member("differing_files", report.differingFiles)
            json.member("seconds", report.seconds)
        }
    }

    private func list(_ call: HTTPCall) async throws -> Response {
        var fields = try QueryFields(call)
        let looksAtFiles = try fields.bool("files") ?? false
        try fields.finish()
        return try await answers.list(looksAtFiles: looksAtFiles)
    }

    private func one(_ call: HTTPCall) async throws -> Response {
        var fields = try QueryFields(call)
        let limit = try fields.int("limit", in: 1...1000) ?? 50
        let before = try fields.int("before", in: 1...Int.max)
        let looksAtFiles = try fields.bool("files") ?? false
        try fields.finish()
        return try await answers.model(
            call.parameter("name"), limit: limit, before: before, looksAtFiles: looksAtFiles)
    }

    private func promote(_ call: HTTPCall) async throws -> Response {
        var fields = try await call.fields()
        let version = try fields.requiredInt("version", in: 1...Int.max)
        let alias = try fields.string("alias") ?? "production"
        let reason = try fields.string("reason") ?? ""
        try fields.finish()
        let name = call.parameter("name")
        // Asked for its refusal, which names the version; the alias is moved in one transaction afterwards.
        do {
            _ = try await ports.registry.version(version, of: name)
        } catch RegistryError.notFound(let text) {
            throw ServingFailure.notFound(text, remedy: try await alternatives(of: name))
        }
        try await move(alias, of: name, to: version, actor: call.actor, reason: reason)
        return try await answers.model(name)
    }

    private func history(_ call: HTTPCall) async throws -> Response {
        var fields = try QueryFields(call)
        let limit = try fields.int("limit", in: 1...1000) ?? Self.historyLength
        try fields.finish()
        let name = call.parameter("name")
        let changes = try await ports.registry.history(of: name, limit: limit)
        return .json(capacity: 128 + 256 * changes.count) { json in
            json.member("name", name)
            json.member("changes", objects: changes) { $0.modelChange($1) }
        }
    }

    /// What to promote instead of a version that is not there.
    private func alternatives(of name: String) async throws -> String {
        let most = 10
        do {
            _ = try await ports.registry.registeredModel(named: name)
        } catch let error as RegistryError {
            return error.recoverySuggestion ?? ""
        }
        let page = try await ports.registry.versions(of: name, runID: nil, maxResults: most, pageToken: nil)
        let numbers = page.items.map { "\($0.version)" }.joined(separator: ", ")
        if numbers.isEmpty { return "\(name) has no version yet; wait until one has been trained." }
        return page.nextPageToken == nil
            ? "choose one of its versions: \(numbers)."
            : "the latest versions are \(numbers); `mlstack model show \(name)` lists more."
    }

    private func rollback(_ call: HTTPCall) async throws -> Response {
        var fields = try await call.fields(optional: true)
        let alias = try fields.string("alias") ?? "production"
        try fields.finish()
        let name = call.parameter("name")
        // nil when the alias was removed, alone or with its version: then it goes back to what it named last.
        let current = try await ports.registry.registeredModel(named: name).aliases[alias]
        if let former = try await Rollback.target(of: alias, current, of: name, in: ports.registry) {
            try await move(
                alias, of: name, to: former, actor: call.actor, reason: Rollback.reason(from: current, to: former))
            return try await answers.model(name)
        }
        throw ServingFailure.conflict(
            "nothing_to_roll_back",
            current.map { "\(alias) of \(name) has named no other version than \($0) that is still there." }
                ?? "\(alias) of \(name) has named no version that is still there.",
            remedy:
                "`mlstack model promote \(name) VERSION --alias \(alias)` moves it to the version that you want.")
    }

    /// Moves the alias, tells everybody, and has the version loaded when it is the one that is served.
    private func move(
        _ alias: String, of name: String, to version: Int, actor: String, reason: String
    ) async throws {
        let previous = try await ports.registry.registeredModel(named: name).aliases[alias]
        try await ports.registry.setAlias(alias, to: version, of: name, actor: actor, reason: reason)
        if previous != version {
            ports.events.publish(.model(name: name, version: version, alias: alias, previousVersion: previous))
        }
        try await ServedAlias(ports).follow(alias, of: name, to: version)
    }
}

/// Which versions a rollback may go to.
enum Rollback {
    private static let word = "rolled back from "
    private static let historyLength = 1000

    static func reason(from former: Int?, to version: Int) -> String {
        "\(word)\(former.map { "\($0)" } ?? "none") to \(version)"
    }

    /// Where a rollback would go; nil: nowhere.
    static func target(
        of alias: String, _ current: Int?, of name: String, in registry: any ModelRegistry
    ) async throws -> Int? {
        let history = try await registry.aliasHistory(of: name, alias: alias, limit: historyLength)
        for candidate in candidates(history: history, current: current) {
            do {
                return try await registry.version(candidate, of: name).version
            } catch RegistryError.notFound {
                continue
            }
        }
        return nil
    }

    /// What the alias named before `current`, the latest first, as if what was rolled back had never been: two rollbacks in a row
    /// go back by two, and never forward again.
    /// - Parameter history: of one alias, newest first.
    static func candidates(history: [AliasChange], current: Int?) -> [Int] {
        var path: [Int] = []
        for change in history.reversed() {
            guard let version = change.version else { continue }
            if change.reason.hasPrefix(word), let place = path.lastIndex(of: version) {
                path.removeSubrange((place + 1)...)
            } else {
                path.append(version)
            }
        }
        if path.isEmpty, let previous = history.first?.previousVersion { path.append(previous) }
        while let last = path.last, last == current { path.removeLast() }
        return path.reversed().reduce(into: []) { if !$0.contains($1), $1 != current { $0.append($1) } }
    }
}
