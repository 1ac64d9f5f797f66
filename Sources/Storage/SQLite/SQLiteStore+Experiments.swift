import GRDB
package import Registry

extension SQLiteStore {
    package func createExperiment(name: String, tags: [String: String]) async throws -> String {
        try Experiment.checkName(name)
        for (key, value) in tags { try Experiment.checkTag(key, value: value) }
        let time = timeMilliseconds
        return try await registryWrite { connection in
            try connection.checkExperimentNameIsFree(name)
            let number = try connection.insert(
                "INSERT INTO experiment (name, lifecycle, created_ms, updated_ms) VALUES (?, 'active', ?, ?)",
                [name, time, time])
            try connection.setTags(tags, in: .experiment, of: number)
            return String(number)
        }
    }

    package func experiment(id: String) async throws -> Experiment {
        let number = try Identifiers.experimentNumber(id)
        return try await registryRead { connection in
            guard let experiment = try connection.experiments(where: "id = ?", [number]).first else {
                throw Self.noExperiment(id)
            }
            return experiment
        }
    }

    package func experiment(named name: String) async throws -> Experiment {
        try await registryRead { connection in
            guard let experiment = try connection.experiments(where: "name = ?", [name]).first else {
                throw RegistryError.notFound("Could not find experiment with name '\(name)'")
            }
            return experiment
        }
    }

    /// By default newest first, then by id.
    package func searchExperiments(_ query: ExperimentQuery) async throws -> Page<Experiment> {
        let stretch = try Stretch(query.search, atMost: Limits.experimentsPage)
        let search = try SearchStatement(
            .experiments, in: query.view.scope("experiment.lifecycle"), filter: query.search.filter,
            order: SearchFields.experiments.completed(query.search.order), stretch: stretch)
        return try await registryRead { [shapes, work] connection in
            let keys = try connection.found(search, keeping: shapes, within: work) { $0[0] as Int64 }
            let found = try connection.experiments(
                where: "id IN (SELECT value FROM json_each(?))", [Connection.list(keys)])
            return stretch.page(Connection.inOrder(keys.map(String.init), found.map { ($0.id, $0) }))
        }
    }

    package func setExperimentTag(_ key: String, to value: String, on experimentID: String) async throws {
        try Experiment.checkTag(key, value: value)
        let number = try Identifiers.experimentNumber(experimentID)
        let time = timeMilliseconds
        try await registryWrite { connection in
            try connection.requireActiveExperiment(number)
            try connection.setTag(key, to: value, in: .experiment, of: number)
            try connection.run("UPDATE experiment SET updated_ms = ? WHERE id = ?", [time, number])
        }
    }

    package func deleteExperimentTag(_ key: String, from experimentID: String) async throws {
        let number = try Identifiers.experimentNumber(experimentID)
        let time = timeMilliseconds
        try await registryWrite { connection in
            try connection.requireActiveExperiment(number)
            guard try connection.deleteTag(key, in: .experiment, of: number) else {
                throw RegistryError.notFound("No tag with name: \(key) in experiment with id \(experimentID)")
            }
            try connection.run("UPDATE experiment SET updated_ms = ? WHERE id = ?", [time, number])
        }
    }

    /// Runs go with their experiment, and come back with it; those that had been deleted before stay deleted.
    package func setExperimentLifecycle(_ stage: LifecycleStage, id: String) async throws {
        let number = try Identifiers.experimentNumber(id)
        let time = timeMilliseconds
        try await registryWrite { connection in
            let present = try connection.experimentLifecycle(number)
            guard present != stage else {
                throw RegistryError.notFound(
                    "No Experiment with id=\(id) exists that could be \(stage == .active ? "restored" : "deleted"): it is \(present)."
                )
            }
            try connection.run(
                "UPDATE experiment SET lifecycle = ?, updated_ms = ? WHERE id = ?", [stage.rawValue, time, number])
            switch stage {
            case .deleted:
                try connection.run(
                    """
                    UPDATE run SET lifecycle = 'deleted', deleted_with_experiment = 1
                    WHERE experiment = ? AND lifecycle = 'active'
                    """, [number])
            case .active:
                try connection.run(
                    """
                    UPDATE run SET lifecycle = 'active', deleted_with_experiment = 0
                    WHERE experiment = ? AND deleted_with_experiment = 1
                    """, [number])
            }
        }
    }

    package func renameExperiment(id: String, to name: String) async throws {
        try Experiment.checkName(name)
        let number = try Identifiers.experimentNumber(id)
        let time = timeMilliseconds
        try await registryWrite { connection in
            try connection.requireActiveExperiment(number)
            let present: String? = try connection.value("SELECT name FROM experiment WHERE id = ?", [number])
            if present == name { return }
            try connection.checkExperimentNameIsFree(name)
            try connection.run("UPDATE experiment SET name = ?, updated_ms = ? WHERE id = ?", [name, time, number])
        }
    }

    static func noExperiment(_ id: String) -> RegistryError { .notFound("No Experiment with id=\(id) exists") }
}

extension Connection {
    func experiments(where condition: String, _ arguments: StatementArguments) throws -> [Experiment] {
        let numbered = try rows(
            "SELECT id, name, lifecycle, created_ms, updated_ms FROM experiment WHERE \(condition)", arguments
        ) { row in
            let number: Int64 = row[0]
            return (
                number,
                Experiment(
                    id: String(number), name: row[1], artifactLocation: "mlflow-artifacts:/\(number)",
                    lifecycleStage: try decode(row[2], "lifecycle"), creationTimeMilliseconds: row[3],
                    lastUpdateTimeMilliseconds: row[4], tags: [:])
            )
        }
        let tags = try tags(in: .experiment, of: numbered.map(\.0))
        return numbered.map { number, experiment in
            var experiment = experiment
            experiment.tags = tags[number] ?? [:]
            return experiment
        }
    }

    func experimentLifecycle(_ number: Int64) throws -> LifecycleStage {
        guard let text: String = try value("SELECT lifecycle FROM experiment WHERE id = ?", [number]) else {
            throw SQLiteStore.noExperiment(String(number))
        }
        return try decode(text, "lifecycle")
    }

    func requireActiveExperiment(_ number: Int64) throws {
        let stage = try experimentLifecycle(number)
        guard stage == .active else {
            throw RegistryError.invalid(
                "The experiment \(number) must be in the 'active' state. Current state is \(stage).")
        }
    }

    func checkExperimentNameIsFree(_ name: String) throws {
        guard let stage: String = try value("SELECT lifecycle FROM experiment WHERE name = ?", [name]) else { return }
        throw RegistryError.alreadyExists(
            stage == LifecycleStage.deleted.rawValue
                ? "Experiment '\(name)' already exists in deleted state. Restore it, or choose another name."
                : "Experiment(name=\(name)) already exists.")
    }

    /// A word of the database as the enumeration that wrote it.
    func decode<Value: RawRepresentable<String>>(_ text: String, _ column: String) throws -> Value {
        if let value = Value(rawValue: text) { return value }
        throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "the column \(column) holds \"\(text)\"")
    }
}
