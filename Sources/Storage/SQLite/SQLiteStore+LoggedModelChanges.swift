import GRDB
package import Registry

extension SQLiteStore {
    package func loggedModel(id: String, allowDeleted: Bool) async throws -> LoggedModel {
        try await registryRead { connection in
            guard allowDeleted else { return try connection.loggedModel(id: id) }
            guard let model = try connection.loggedModels(where: "id = ?", [id]).first else {
                throw Self.noLoggedModel(id)
            }
            return model
        }
    }

    package func deleteLoggedModel(id: String) async throws {
        let time = timeMilliseconds
        try await registryWrite { connection in
            let changed = try connection.run(
                "UPDATE logged_model SET deleted_ms = coalesce(deleted_ms, ?) WHERE id = ?", [time, id])
            guard changed > 0 else { throw Self.noLoggedModel(id) }
        }
    }

    package func deleteLoggedModelTag(_ key: String, id: String) async throws {
        let time = timeMilliseconds
        try await registryWrite { connection in
            let number = try connection.loggedModelNumber(id)
            guard try connection.deleteTag(key, in: .loggedModel, of: number) else {
                throw RegistryError.notFound("No tag with key '\(key)' found for model with ID '\(id)'.")
            }
            try connection.run("UPDATE logged_model SET updated_ms = ? WHERE number = ?", [time, number])
        }
    }

    package func addLoggedModelParams(_ params: [Param], id: String) async throws {
        // The rules of a run's params are those of a model's.
        let checked = try RunBatch(params: params).checked().params
        let time = timeMilliseconds
        try await registryWrite { connection in
            let number = try connection.loggedModelNumber(id)
            for param in checked {
                let added = try connection.run(
                    "INSERT INTO logged_model_param (model, key, value) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                    [number, param.key, param.value])
                guard added > 0 else {
                    throw RegistryError.invalid(
                        "Changing param values is not allowed. Param with key='\(param.key)' was already logged for "
                            + "the model with ID '\(id)'.")
                }
            }
            try connection.run("UPDATE logged_model SET updated_ms = ? WHERE number = ?", [time, number])
        }
    }
}
