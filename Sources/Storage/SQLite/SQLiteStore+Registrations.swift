import GRDB
import Registry

extension SQLiteStore {
    /// Writes down on a logged model which versions are made of it, where MLflow's client does so too and its pages look.
    /// Again changes nothing.
    /// - Throws: `RegistryError`.
    package func tagRegistrations(ofLoggedModel id: String) async throws {
        try await registryWrite { connection in
            let number = try connection.loggedModelNumber(id)
            let versions = try connection.rows(
                """
                SELECT m.name, v.version FROM model_version v JOIN registered_model m ON m.number = v.model
                WHERE v.model_id = ? AND v.is_deleted = 0 ORDER BY m.name, v.version
                """, [id]
            ) { Registration(name: $0[0], version: String($0[1] as Int)) }
            try connection.setTag(
                LoggedModel.registrationsTag, to: try JSONText.encode(versions), in: .loggedModel, of: number)
        }
    }
}

private struct Registration: Codable, Sendable {
    var name: String
    var version: String
}
