import GRDB
package import Registry

extension SQLiteStore {
    /// With an id that exists already, answers the run that was made then and changes nothing.
    package func createRun(_ request: RunRequest) async throws -> Run {
        let experiment = try Identifiers.experimentNumber(request.experimentID)
        if let id = request.id { try Identifiers.checkRunID(id) }
        let id = request.id ?? Identifiers.hexadecimal(random)
        let name = try request.checkedName() ?? RunName.make(random)
        var tags = try RunBatch.checkedTags(request.tags)
        tags[RunName.tag] = name
        return try await registryWrite { [tags] connection in
            if request.id != nil, let existing = try connection.runs(where: "id = ?", [id]).first {
                guard existing.experimentID == request.experimentID else {
                    throw RegistryError.alreadyExists(
                        "Run with id=\(id) already exists in experiment \(existing.experimentID).")
                }
                return existing
            }
            try connection.requireActiveExperiment(experiment)
            let number = try connection.insert(
                """
                INSERT INTO run (id, experiment, name, user_id, status, started_ms, lifecycle)
                VALUES (?, ?, ?, ?, 'RUNNING', ?, 'active')
                """, [id, experiment, name, request.userID, request.startTimeMilliseconds])
            try connection.setTags(tags, in: .run, of: number)
            return try connection.run(id: id)
        }
    }

    package func run(id: String) async throws -> Run {
        try await registryRead { try $0.run(id: id) }
    }

    /// A run that goes back to RUNNING, as a client does that takes up an old one, loses its end time.
    package func updateRun(
        id: String, status: RunStatus?, endTimeMilliseconds: Int64?, name: String?
    ) async throws -> Run {
        try await registryWrite { connection in
            let number = try connection.activeRun(id)
            let present = try connection.run(id: id)
            if let status, !(status.isTerminal && status == present.status) {
                try connection.run("UPDATE run SET status = ? WHERE number = ?", [status.rawValue, number])
                if !status.isTerminal {
                    try connection.run("UPDATE run SET ended_ms = NULL WHERE number = ?", [number])
                }
            }
            let endedBefore =
                present.status.isTerminal && status == present.status && present.endTimeMilliseconds != nil
            if let endTimeMilliseconds, !endedBefore {
                try connection.run("UPDATE run SET ended_ms = ? WHERE number = ?", [endTimeMilliseconds, number])
            }
            if let name, !name.isEmpty {
                let name = Limits.shortened(name, to: Limits.runTagValue)
                try connection.setRunTags([RunName.tag: name], of: number)
            }
            return try connection.run(id: id)
        }
    }

    /// Deleting a deleted run, and restoring an active one, changes nothing. A run is not restored into a deleted experiment.
    package func setRunLifecycle(_ stage: LifecycleStage, id: String) async throws {
        try await registryWrite { connection in
            if stage == .active,
                let experiment: Int64 = try connection.value("SELECT experiment FROM run WHERE id = ?", [id])
            {
                try connection.requireActiveExperiment(experiment)
            }
            let changed = try connection.run(
                "UPDATE run SET lifecycle = ?, deleted_with_experiment = 0 WHERE id = ?", [stage.rawValue, id])
            guard changed > 0 else { throw Self.noRun(id) }
        }
    }

    package func deleteTag(_ key: String, from runID: String) async throws {
        try await registryWrite { connection in
            let number = try connection.activeRun(runID)
            guard try connection.deleteTag(key, in: .run, of: number) else {
                throw RegistryError.notFound("No tag with name: \(key) in run with id \(runID)")
            }
        }
    }

    /// By default latest start first, then by id.
    package func searchRuns(_ query: RunQuery) async throws -> Page<Run> {
        let stretch = try Stretch(query.search, atMost: Limits.runsPage)
        let experiments = try Connection.scope("run.experiment", experiments: query.experimentIDs)
        let search = try SearchStatement(
            .runs, in: [experiments] + query.view.scope("run.lifecycle"), filter: query.search.filter,
            order: SearchFields.runs.completed(query.search.order), stretch: stretch)
        return try await registryRead { [shapes, work] connection in
            let keys = try connection.found(search, keeping: shapes, within: work) { $0[0] as Int64 }
            return stretch.page(
                Connection.inOrder(
                    keys,
                    try connection.numberedRuns(
                        where: "number IN (SELECT value FROM json_each(?))", [Connection.list(keys)])))
        }
    }

    static func noRun(_ id: String) -> RegistryError { .notFound("Run with id=\(id) not found") }
}

extension Connection {
    func run(id: String) throws -> Run {
        guard let run = try runs(where: "id = ?", [id]).first else { throw SQLiteStore.noRun(id) }
        return run
    }

    /// The row of a run that may be written to.
    func activeRun(_ id: String) throws -> Int64 {
        let found = try firstDirectly("SELECT number, lifecycle FROM run WHERE id = ?", bind: { $0.bind(id) }) { row in
            (number: row.integer(0), lifecycle: row.text(1))
        }
        guard let found else { throw SQLiteStore.noRun(id) }
        guard found.lifecycle == LifecycleStage.active.rawValue else {
            throw RegistryError.invalid(
                "The run \(id) must be in the 'active' state. Current state is \(found.lifecycle).")
        }
        return found.number
    }

    /// Sets tags of a run; `mlflow.runName` renames it.
    /// An empty name leaves the run the one that it has.
    func setRunTags(_ tags: [String: String], of number: Int64) throws {
        var tags = tags
        if tags[RunName.tag]?.isEmpty ?? false { tags[RunName.tag] = nil }
        try setTags(tags, in: .run, of: number)
        if let name = tags[RunName.tag] { try run("UPDATE run SET name = ? WHERE number = ?", [name, number]) }
    }

    func runs(where condition: String, _ arguments: StatementArguments) throws -> [Run] {
        try numberedRuns(where: condition, arguments).map(\.1)
    }

    fileprivate func numberedRuns(
        where condition: String, _ arguments: StatementArguments
    ) throws -> [(Int64, Run)] {
        let numbered = try rows(
            """
            SELECT number, id, experiment, name, user_id, status, started_ms, ended_ms, lifecycle FROM run
            WHERE \(condition)
            """, arguments
        ) { row in
            let (number, id, experiment): (Int64, String, Int64) = (row[0], row[1], row[2])
            return (
                number,
                Run(
                    id: id, experimentID: String(experiment), name: row[3], userID: row[4],
                    status: try decode(row[5], "status"), startTimeMilliseconds: row[6], endTimeMilliseconds: row[7],
                    artifactURI: "mlflow-artifacts:/\(experiment)/\(id)/artifacts",
                    lifecycleStage: try decode(row[8], "lifecycle"), metrics: [], params: [], tags: [:])
            )
        }
        return try filled(numbered)
    }

    /// The runs with their latest metrics, params and tags: three statements for any number of runs.
    private func filled(_ numbered: [(Int64, Run)]) throws -> [(Int64, Run)] {
        let numbers = numbered.map(\.0)
        let tags = try tags(in: .run, of: numbers)
        var params: [Int64: [Param]] = [:]
        let paramRows = try rows(
            "SELECT run, key, value FROM param WHERE run IN (SELECT value FROM json_each(?)) ORDER BY run, key",
            [Self.list(numbers)]
        ) { ($0[0] as Int64, Param(key: $0[1], value: $0[2])) }
        for (number, param) in paramRows { params[number, default: []].append(param) }
        var metrics: [Int64: [Metric]] = [:]
        let metricRows = try rows(
            """
            SELECT run, key, value, is_nan, time_ms, step FROM latest_metric
            WHERE run IN (SELECT value FROM json_each(?)) ORDER BY run, key
            """, [Self.list(numbers)]
        ) { ($0[0] as Int64, Self.metric(key: $0[1], value: $0[2], isNaN: $0[3], time: $0[4], step: $0[5])) }
        for (number, metric) in metricRows { metrics[number, default: []].append(metric) }
        return numbered.map { number, run in
            var run = run
            (run.tags, run.params, run.metrics) = (tags[number] ?? [:], params[number] ?? [], metrics[number] ?? [])
            return (number, run)
        }
    }

    static func metric(key: String, value: Double, isNaN: Bool, time: Int64, step: Int64) -> Metric {
        Metric(key: key, value: isNaN ? .nan : value, timestampMilliseconds: time, step: step)
    }
}
