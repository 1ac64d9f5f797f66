import GRDB
package import Registry

extension SQLiteStore {
    /// A dataset that the experiment knows already by name and digest is stored once; one that the run has already among
    /// its inputs gets the tags of this call added.
    package func logDatasetInputs(_ inputs: [DatasetInput], to runID: String) async throws {
        for input in inputs { try input.check() }
        try await registryWrite { connection in
            let run = try connection.activeRun(runID)
            for input in inputs {
                let dataset = try connection.dataset(of: input, run: run)
                try connection.run(
                    "INSERT INTO dataset_input (run, dataset) VALUES (?, ?) ON CONFLICT DO NOTHING", [run, dataset])
                guard
                    let number: Int64 = try connection.value(
                        "SELECT number FROM dataset_input WHERE run = ? AND dataset = ?", [run, dataset])
                else { throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "an input vanished") }
                try connection.setTags(input.tags, in: .datasetInput, of: number)
            }
        }
    }

    /// In the order in which they were logged.
    package func datasetInputs(of runID: String) async throws -> [DatasetInput] {
        try await registryRead { connection in
            guard let run: Int64 = try connection.value("SELECT number FROM run WHERE id = ?", [runID]) else {
                throw Self.noRun(runID)
            }
            return try connection.datasetInputs(where: "i.run = ?", [run])[runID] ?? []
        }
    }

    package func datasetInputs(ofRuns ids: [String]) async throws -> [String: [DatasetInput]] {
        let ids = try JSONText.encode(ids)
        return try await registryRead { connection in
            try connection.datasetInputs(
                where: "i.run IN (SELECT number FROM run WHERE id IN (SELECT value FROM json_each(?)))", [ids])
        }
    }
}

extension Connection {
    /// The row of the input's dataset in the run's experiment, made when it is new.
    fileprivate func dataset(of input: DatasetInput, run: Int64) throws -> Int64 {
        guard let experiment: Int64 = try value("SELECT experiment FROM run WHERE number = ?", [run]) else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a run vanished")
        }
        if let known: Int64 = try value(
            "SELECT number FROM dataset WHERE experiment = ? AND name = ? AND digest = ?",
            [experiment, input.name, input.digest])
        {
            return known
        }
        return try insert(
            """
            INSERT INTO dataset (experiment, name, digest, source_type, source, schema, profile)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """,
            [experiment, input.name, input.digest, input.sourceType, input.source, input.schema, input.profile])
    }
    /// By the runs' ids.
    fileprivate func datasetInputs(
        where condition: String, _ arguments: StatementArguments
    ) throws -> [String: [DatasetInput]] {
        let numbered = try rows(
            """
            SELECT r.id, i.number, d.name, d.digest, d.source_type, d.source, d.schema, d.profile
            FROM dataset_input i JOIN dataset d ON d.number = i.dataset JOIN run r ON r.number = i.run
            WHERE \(condition) ORDER BY i.number
            """, arguments
        ) { row in
            (
                run: row[0] as String, number: row[1] as Int64,
                input: DatasetInput(
                    name: row[2], digest: row[3], sourceType: row[4], source: row[5], schema: row[6],
                    profile: row[7])
            )
        }
        let tags = try tags(in: .datasetInput, of: numbered.map(\.number))
        var inputs: [String: [DatasetInput]] = [:]
        for (run, number, input) in numbered {
            var input = input
            input.tags = tags[number] ?? [:]
            inputs[run, default: []].append(input)
        }
        return inputs
    }
}
