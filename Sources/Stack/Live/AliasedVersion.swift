import Registry

/// What `${models.NAME.ALIAS.FIELD}` reads: facts of the version that an alias names.
struct AliasedVersion: Sendable {
    let registry: any ModelRegistry

    static let fields = ["version", "source", "run_id", "stage", "description"]

    /// - Parameter path: model, alias, then a field, `tags.NAME`, or nothing for the version's number.
    /// - Returns: nil when there is no such model, alias or field.
    func value(_ path: [String]) async throws -> String? {
        guard path.count >= 2 else { return nil }
        let version: ModelVersion
        do {
            version = try await registry.version(alias: path[1], of: path[0])
        } catch RegistryError.notFound {
            return nil
        }
        switch path.dropFirst(2).joined(separator: ".") {
        case "", "version": return String(version.version)
        case "source": return version.source
        case "run_id": return version.runID
        case "stage": return version.stage
        case "description": return version.description
        case let name where name.hasPrefix("tags."): return version.tags[String(name.dropFirst(5))]
        default: return nil
        }
    }
}
