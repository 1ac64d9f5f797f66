import GRDB
import Registry

extension SQLiteStore {
    /// Setting: since when this database looks after the artefacts beside it.
    private static let sinceKey = "artifacts_since"

    /// Removes files that no record names: of stored files whose version never came, of records that were removed just
    /// before a crash. To be called at a start, before anybody can upload.
    ///
    /// Whoever uploads has made the run or the logged model first, so a folder without a record is nobody's. A logged model
    /// that is pending keeps its files: somebody may go on with it. And what is older than this database is left alone:
    /// it may belong to one that was moved aside.
    /// - Returns: how many folders were removed.
    /// - Throws: `StorageError`, `RegistryError`.
    package func removeGarbage(in artifacts: FileArtifactStore) async throws -> Int {
        let time = timeMilliseconds
        let since = try await write { connection in
            let known: String? = try connection.value("SELECT value FROM setting WHERE key = ?", [Self.sinceKey])
            if let known = known.flatMap(Int64.init) { return known }
            try connection.set("\(time)", forKey: Self.sinceKey)
            return time
        }
        try await settleStoredFiles()
        var count = 0
        let holders = try await artifacts.holders().filter { ($0.changedSeconds + 1) * 1000 > since }
        for start in stride(from: 0, to: holders.count, by: Self.garbagePiece) {
            let piece = holders[start..<min(holders.count, start + Self.garbagePiece)]
            let ids = try JSONText.encode(piece.map(\.id))
            let known = try await read { connection in
                Set(
                    try connection.rows(
                        """
                        SELECT id FROM run WHERE id IN (SELECT value FROM json_each(?1))
                        UNION ALL SELECT id FROM logged_model WHERE id IN (SELECT value FROM json_each(?1))
                        """, [ids]
                    ) { $0[0] as String })
            }
            for holder in piece where !known.contains(holder.id) {
                try await artifacts.delete(holder.path)
                count += 1
            }
        }
        return count
    }

    private static let garbagePiece = 500

    /// A file that was being stored when the program died: with its version it is ready, without it never was.
    private func settleStoredFiles() async throws {
        let unfinished = """
            number IN (SELECT model FROM logged_model_tag WHERE key = ?) AND status <> ?
            """
        let hasVersion = "id IN (SELECT model_id FROM model_version WHERE is_deleted = 0 AND model_id IS NOT NULL)"
        try await write { connection in
            try connection.run(
                "UPDATE logged_model SET status = ? WHERE \(hasVersion) AND \(unfinished)",
                [LoggedModel.ready, StoredFile.markerTag, LoggedModel.ready])
            try connection.run(
                "DELETE FROM logged_model WHERE \(unfinished)", [StoredFile.markerTag, LoggedModel.ready])
        }
    }
}
