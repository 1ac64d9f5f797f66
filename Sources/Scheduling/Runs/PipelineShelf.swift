/// The pipelines that are registered, and the files they were read from.
struct PipelineShelf {
    struct Entry {
        var pipeline: Pipeline
        let zone: ZoneRules
        /// Of the file as it is now, while this version runs on.
        var problems: [String]
    }

    /// A file that has never been right.
    struct BrokenFile {
        var source: String
        var problems: [String]
    }

    private(set) var entries: [String: Entry] = [:]
    /// By path.
    private(set) var broken: [String: BrokenFile] = [:]

    subscript(id: String) -> Entry? { entries[id] }

    /// - Throws: `ZoneError`, which the compiler has ruled out for its own pipelines.
    mutating func put(_ pipeline: Pipeline, problems: [String] = []) throws {
        let zone = try ZoneRules(identifier: pipeline.timeZoneID)
        entries[pipeline.id] = Entry(pipeline: pipeline, zone: zone, problems: problems)
        broken[pipeline.file] = nil
    }

    /// The file's last good version stays, if it had one.
    mutating func markBroken(_ file: String, source: String, problems: [String]) {
        if let id = id(of: file) {
            entries[id]?.problems = problems
        } else {
            broken[file] = BrokenFile(source: source, problems: problems)
        }
    }

    /// Forgets everything that was read from other files than these.
    /// - Returns: ids of pipelines that are gone.
    mutating func keep(files: Set<String>) -> [String] {
        let gone = entries.values.filter { !files.contains($0.pipeline.file) }.map(\.pipeline.id)
        for id in gone { entries[id] = nil }
        for file in broken.keys where !files.contains(file) { broken[file] = nil }
        return gone.sorted()
    }

    mutating func remove(_ id: String) { entries[id] = nil }

    /// Whether the end of a pipeline's run may make a run of another.
    func hasPipeline(after pipelineID: String) -> Bool {
        entries.values.contains { entry in
            entry.pipeline.triggers.contains {
                if case .after(let condition) = $0.kind { condition.pipelineID == pipelineID } else { false }
            }
        }
    }

    func id(of file: String) -> String? { entries.values.first { $0.pipeline.file == file }?.pipeline.id }

    /// - Throws: `SchedulingError.unknownPipeline`.
    func find(_ id: String) throws(SchedulingError) -> Entry {
        if let entry = entries[id] { return entry }
        throw .unknownPipeline(id: id, nearest: Spelling.nearest(to: id, among: entries.keys.sorted()))
    }
}
