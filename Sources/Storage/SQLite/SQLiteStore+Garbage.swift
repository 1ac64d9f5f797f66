import GRDB
package import Registry

/// What a look for files that no record names has found.
package struct GarbageReport: Sendable, Equatable {
    /// Folders that were removed.
    package var removed = 0
    /// Folders that are kept for now, in case it is the database that is wrong.
    package var kept = 0
    /// Of the kept ones found for the first time.
    package var new = 0
    /// Folders that could not be removed: the next look tries again.
    package var failed = 0
    package init(removed: Int = 0, kept: Int = 0, new: Int = 0, failed: Int = 0) {
        (self.removed, self.kept, self.new, self.failed) = (removed, kept, new, failed)
    }
}

extension SQLiteStore {
    /// A folder that this database does not know stays so long after it was first found: an older database that was put
    /// back knows nothing of what came after it.
    package static let garbageDays = 7

    /// Setting: since when this database looks after the artefacts beside it.
    private static let sinceKey = "artifacts_since"
    /// Setting: when folders were first found to have no record, by their paths, in milliseconds since 1970; 0 for those
    /// whose records this database has itself removed.
    fileprivate static let unknownKey = "artifacts_unknown"
    private static let garbagePiece = 500

    /// Removes files that no record names: at once those whose records this database has removed, others when they have been
    /// without one for `garbageDays`. May be called at any time.
    ///
    /// Whoever uploads has made the run or the logged model first, so a folder without a record is nobody's. A logged model
    /// that is pending keeps its files: somebody may go on with it. And what is older than this database is left alone for
    /// good: it may belong to one that was moved aside.
    /// - Throws: `StorageError`, `RegistryError`.
    package func removeGarbage(in artifacts: any SearchableArtifactStore) async throws -> GarbageReport {
        let time = timeMilliseconds
        let since = try await write { connection in
            let known: String? = try connection.value("SELECT value FROM setting WHERE key = ?", [Self.sinceKey])
            if let known = known.flatMap(Int64.init) { return known }
            try connection.set("\(time)", forKey: Self.sinceKey)
            return time
        }
        // The folders first, the records then: what is made meanwhile is known.
        let unknown = try await withoutRecord(try await artifacts.holders())
        let marks = try await read { try $0.unknownFolders() }
        var (left, report): ([String: Int64], GarbageReport) = ([:], GarbageReport())
        for holder in unknown {
            let mark = marks[holder.path.description]
            if mark == nil {
                guard let change = try await artifacts.lastChangeSeconds(of: holder), (change + 1) * 1000 > since
                else { continue }
            }
            let found = mark ?? time
            if time - found > Int64(Self.garbageDays) * 86_400_000 {
                do {
                    // Runs of pipelines have the same id whenever they are made: it may be back meanwhile.
                    if try await withoutRecord([holder]).isEmpty { continue }
                    try await artifacts.delete(holder.path)
                    report.removed += 1
                } catch is CancellationError {
                    throw CancellationError()
                } catch {
                    left[holder.path.description] = found
                    report.failed += 1
                }
            } else {
                left[holder.path.description] = found
                report.kept += 1
                if mark == nil { report.new += 1 }
            }
        }
        // What a purge has added meanwhile stays.
        try await write { [left] connection in
            let present = try connection.unknownFolders().filter { marks[$0.key] != $0.value }
            try connection.setUnknownFolders(present.merging(left) { min($0, $1) })
        }
        return report
    }

    private func withoutRecord(_ holders: [ArtifactHolder]) async throws -> [ArtifactHolder] {
        var unknown: [ArtifactHolder] = []
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
            unknown += piece.filter { !known.contains($0.id) }
        }
        return unknown
    }

    /// Settles what was being stored when the program died: with its version a file is ready, without it never was, and its
    /// folder goes with the next look for garbage. To be called at a start, before anybody can upload.
    /// - Throws: `StorageError`.
    package func settleStoredFiles() async throws {
        let unfinished = """
            number IN (SELECT model FROM logged_model_tag WHERE key = ?1) AND status <> ?2
            """
        let hasVersion = "id IN (SELECT model_id FROM model_version WHERE is_deleted = 0 AND model_id IS NOT NULL)"
        try await write { connection in
            let arguments: StatementArguments = [StoredFile.markerTag, LoggedModel.ready]
            try connection.run(
                "UPDATE logged_model SET status = ?2 WHERE \(hasVersion) AND \(unfinished)", arguments)
            let dead = try connection.rows(
                "SELECT experiment, id FROM logged_model WHERE \(unfinished)", arguments
            ) { try ArtifactPath("\($0[0] as Int64)/\(ArtifactHolder.models)/\($0[1] as String)") }
            if dead.isEmpty { return }
            try connection.run("DELETE FROM logged_model WHERE \(unfinished)", arguments)
            try connection.condemn(dead)
        }
    }
}

extension Connection {
    /// Notes folders whose records go in the same transaction: whatever keeps them from being removed now, the next look for
    /// garbage removes them.
    func condemn(_ folders: [ArtifactPath]) throws {
        let holders = folders.compactMap(ArtifactHolder.init)
        if holders.isEmpty { return }
        let gone = Dictionary(holders.map { ($0.path.description, Int64(0)) }) { first, _ in first }
        try setUnknownFolders(try unknownFolders().merging(gone) { $1 })
    }

    fileprivate func unknownFolders() throws -> [String: Int64] {
        let text: String? = try value("SELECT value FROM setting WHERE key = ?", [SQLiteStore.unknownKey])
        return try text.map { try JSONText.decode([String: Int64].self, from: $0) } ?? [:]
    }

    fileprivate func setUnknownFolders(_ folders: [String: Int64]) throws {
        try set(folders.isEmpty ? nil : try JSONText.encode(folders), forKey: SQLiteStore.unknownKey)
    }
}
