import GRDB
package import Registry

extension SQLiteStore {
    /// An empty name is replaced by a made-up one.
    package func createLoggedModel(
        experimentID: String, name: String, modelType: String, sourceRunID: String?, params: [Param],
        tags: [String: String]
    ) async throws -> LoggedModel {
        try await createLoggedModel(
            id: nil, experimentID: experimentID, name: name, modelType: modelType, sourceRunID: sourceRunID,
            params: params, tags: tags)
    }

    /// With an id that exists already, answers the model that was made then and changes nothing.
    /// - Parameter id: given by a caller that wants the creation to be idempotent (a pipeline run); otherwise random.
    package func createLoggedModel(
        id: String?, experimentID: String, name: String, modelType: String, sourceRunID: String?, params: [Param],
        tags: [String: String]
    ) async throws -> LoggedModel {
        let experiment = try Identifiers.experimentNumber(experimentID)
        let name = name.isEmpty ? RunName.make(random) : name
        try LoggedModel.checkName(name)
        if let sourceRunID { try Identifiers.checkRunID(sourceRunID) }
        let keys = params.map(\.key)
        if Set(keys).count < keys.count {
            throw RegistryError.invalid("Duplicate parameter keys have been submitted. Name each param once.")
        }
        for key in keys + Array(tags.keys) { try KeyName.check(key, parameter: "key") }
        let given = id
        let id = given ?? Identifiers.loggedModelID(random)
        let time = timeMilliseconds
        return try await registryWrite { connection in
            if given != nil, let made = try connection.loggedModels(where: "id = ?", [id]).first { return made }
            try connection.requireActiveExperiment(experiment)
            let number = try connection.insert(
                """
                INSERT INTO logged_model
                    (id, experiment, name, model_type, source_run, status, created_ms, updated_ms)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """, [id, experiment, name, modelType, sourceRunID, LoggedModel.pending, time, time])
            for param in params {
                try connection.run(
                    "INSERT INTO logged_model_param (model, key, value) VALUES (?, ?, ?)",
                    [number, param.key, Limits.shortened(param.value, to: Limits.paramValue)])
            }
            try connection.setTags(
                tags.mapValues { Limits.shortened($0, to: Limits.runTagValue) }, in: .loggedModel, of: number)
            return try connection.loggedModel(id: id)
        }
    }

    package func loggedModel(id: String) async throws -> LoggedModel {
        try await registryRead { try $0.loggedModel(id: id) }
    }

    package func finishLoggedModel(id: String, status: String) async throws -> LoggedModel {
        guard status == LoggedModel.ready || status == LoggedModel.uploadFailed else {
            throw RegistryError.invalid(
                "Invalid value \(status) for parameter 'status' supplied: a model ends as \(LoggedModel.ready) or as "
                    + "\(LoggedModel.uploadFailed).")
        }
        let time = timeMilliseconds
        return try await registryWrite { connection in
            let changed = try connection.run(
                "UPDATE logged_model SET status = ?, updated_ms = ? WHERE id = ? AND deleted_ms IS NULL",
                [status, time, id])
            guard changed > 0 else { throw Self.noLoggedModel(id) }
            return try connection.loggedModel(id: id)
        }
    }

    package func setLoggedModelTags(_ tags: [String: String], id: String) async throws {
        for key in tags.keys { try KeyName.check(key, parameter: "key") }
        let time = timeMilliseconds
        try await registryWrite { connection in
            let number = try connection.loggedModelNumber(id)
            try connection.setTags(
                tags.mapValues { Limits.shortened($0, to: Limits.runTagValue) }, in: .loggedModel, of: number)
            try connection.run("UPDATE logged_model SET updated_ms = ? WHERE number = ?", [time, number])
        }
    }

    /// By default newest first, then by id.
    package func searchLoggedModels(_ query: LoggedModelQuery) async throws -> Page<LoggedModel> {
        if query.datasets.count > Limits.searchedDatasets {
            throw RegistryError.invalid(
                "Invalid value for parameter 'datasets' supplied: at most \(Limits.searchedDatasets) can be named.")
        }
        let stretch = try Stretch(query.search, atMost: Limits.loggedModelsPage, of: try query.pageName())
        var scope = [
            try Connection.scope("m.experiment", experiments: query.experimentIDs), ("m.deleted_ms IS NULL", []),
        ]
        let source = SearchSource.loggedModels(datasets: query.datasets)
        let asksForMetrics = query.search.filter?.comparisons.contains { $0.field.entity == .metric } ?? false
        if !asksForMetrics, let measured = source.rows[.metric]?.restriction {
            scope.append(
                (
                    "EXISTS (SELECT 1 FROM logged_model_metric x WHERE x.model = m.number AND \(measured.sql))",
                    measured.arguments
                ))
        }
        let search = try SearchStatement(
            source, in: scope, filter: query.search.filter,
            order: SearchFields.loggedModels.completed(query.search.order), stretch: stretch)
        return try await registryRead { [shapes, work] connection in
            let keys = try connection.found(search, keeping: shapes, within: work) { $0[0] as Int64 }
            return stretch.page(
                Connection.inOrder(
                    keys,
                    try connection.numberedLoggedModels(
                        where: "number IN (SELECT value FROM json_each(?))", [Connection.list(keys)])))
        }
    }

    /// An output that the run has already changes nothing.
    package func addOutputs(modelIDs: [String], to runID: String) async throws {
        try await registryWrite { connection in
            let run = try connection.activeRun(runID)
            for id in modelIDs {
                try connection.run(
                    "INSERT INTO run_output (run, model) VALUES (?, ?) ON CONFLICT DO NOTHING",
                    [run, try connection.loggedModelNumber(id)])
            }
        }
    }

    /// Ids of logged models, in the order in which they were added.
    package func outputs(of runID: String) async throws -> [String] {
        try await registryRead { connection in
            guard let run: Int64 = try connection.value("SELECT number FROM run WHERE id = ?", [runID]) else {
                throw Self.noRun(runID)
            }
            return try connection.rows(
                """
                SELECT m.id FROM run_output o JOIN logged_model m ON m.number = o.model WHERE o.run = ? ORDER BY o.number
                """, [run]
            ) { $0[0] as String }
        }
    }

    package func outputs(ofRuns ids: [String]) async throws -> [String: [String]] {
        try await registryRead { connection in
            let outputs = try connection.rows(
                """
                SELECT r.id, m.id FROM run r JOIN run_output o ON o.run = r.number
                    JOIN logged_model m ON m.number = o.model
                WHERE r.id IN (SELECT value FROM json_each(?)) ORDER BY o.number
                """, [try JSONText.encode(ids)]
            ) { ($0[0] as String, $0[1] as String) }
            return Dictionary(grouping: outputs, by: \.0).mapValues { $0.map(\.1) }
        }
    }

    static func noLoggedModel(_ id: String) -> RegistryError { .notFound("Logged model with ID '\(id)' not found.") }
}

extension Connection {
    func loggedModelNumber(_ id: String) throws -> Int64 {
        guard let number: Int64 = try value("SELECT number FROM logged_model WHERE id = ? AND deleted_ms IS NULL", [id])
        else {
            throw SQLiteStore.noLoggedModel(id)
        }
        return number
    }

    func loggedModel(id: String) throws -> LoggedModel {
        guard let model = try loggedModels(where: "id = ? AND deleted_ms IS NULL", [id]).first else {
            throw SQLiteStore.noLoggedModel(id)
        }
        return model
    }

    func loggedModels(where condition: String, _ arguments: StatementArguments) throws -> [LoggedModel] {
        try numberedLoggedModels(where: condition, arguments).map(\.1)
    }

    fileprivate func numberedLoggedModels(
        where condition: String, _ arguments: StatementArguments
    ) throws -> [(Int64, LoggedModel)] {
        let numbered = try rows(
            """
            SELECT number, id, experiment, name, model_type, source_run, status, created_ms, updated_ms FROM logged_model
            WHERE \(condition)
            """, arguments
        ) { row in
            let (number, id, experiment): (Int64, String, Int64) = (row[0], row[1], row[2])
            return (
                number,
                LoggedModel(
                    id: id, experimentID: String(experiment), name: row[3], modelType: row[4], sourceRunID: row[5],
                    artifactURI: "mlflow-artifacts:/\(experiment)/models/\(id)/artifacts", status: row[6],
                    creationTimeMilliseconds: row[7], lastUpdateTimeMilliseconds: row[8], params: [], tags: [:])
            )
        }
        let numbers = numbered.map(\.0)
        let tags = try tags(in: .loggedModel, of: numbers)
        var params: [Int64: [Param]] = [:]
        let paramRows = try rows(
            """
            SELECT model, key, value FROM logged_model_param WHERE model IN (SELECT value FROM json_each(?))
            ORDER BY model, key
            """, [Self.list(numbers)]
        ) { ($0[0] as Int64, Param(key: $0[1], value: $0[2])) }
        for (number, param) in paramRows { params[number, default: []].append(param) }
        let metrics = try modelMetrics(of: numbers)
        return numbered.map { number, model in
            var model = model
            (model.params, model.tags) = (params[number] ?? [], tags[number] ?? [:])
            model.metrics = metrics[number] ?? []
            return (number, model)
        }
    }
}
