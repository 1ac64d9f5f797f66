/// The pipelines that are registered, and the files they were read from.
struct PipelineShelf {
    struct Entry {
        var pipeline: Pipeline
        let zone: ZoneRules
        /// Of the file as it is now, while this version runs on.
        var problems: [String]
        /// The text of the file as it is now, when that is not the version that runs.
        var draft: String?
    }

    /// A file that has never been right.
    struct BrokenFile {
        var source: String
        var problems: [String]
    }

    private(set) var entries: [String: Entry] = [:]
    /// By path.
    private(set) var broken: [String: BrokenFile] = [:]
    /// Path to id.
    private var ids: [String: String] = [:]
    /// Of pipelines whose problems changed since `takeToldProblems`.
    private var toTell: Set<String> = []

    subscript(id: String) -> Entry? { entries[id] }

    /// - Throws: `ZoneError`, which the compiler has ruled out for its own pipelines.
    mutating func put(_ pipeline: Pipeline, problems: [String] = []) throws {
        let zone = try ZoneRules(identifier: pipeline.timeZoneID)
        if let former = entries[pipeline.id] {
            if former.problems != problems { toTell.insert(pipeline.id) }
            if former.pipeline.file != pipeline.file { ids[former.pipeline.file] = nil }
        }
        entries[pipeline.id] = Entry(pipeline: pipeline, zone: zone, problems: problems)
        ids[pipeline.file] = pipeline.id
        broken[pipeline.file] = nil
    }

    /// The file's last good version stays, if it had one.
    mutating func markBroken(_ file: String, source: String, problems: [String]) {
        if let id = id(of: file) {
            if entries[id]?.problems != problems { toTell.insert(id) }
            entries[id]?.problems = problems
            let isWhatRuns = source == entries[id]?.pipeline.source
            entries[id]?.draft = isWhatRuns ? nil : source
        } else {
            broken[file] = BrokenFile(source: source, problems: problems)
        }
    }

    /// Forgets everything that was read from other files than these.
    /// - Returns: ids of pipelines that are gone.
    mutating func keep(files: Set<String>) -> [String] {
        let gone = entries.values.filter { !files.contains($0.pipeline.file) }.map(\.pipeline.id)
        for id in gone { remove(id) }
        for file in broken.keys where !files.contains(file) { broken[file] = nil }
        return gone.sorted()
    }

    mutating func remove(_ id: String) {
        guard let entry = entries.removeValue(forKey: id) else { return }
        if ids[entry.pipeline.file] == id { ids[entry.pipeline.file] = nil }
    }

    func id(of file: String) -> String? { ids[file] }

    /// The text of a file as it was read last, or as its last good version has it.
    func source(of file: String) -> String {
        if let id = ids[file], let entry = entries[id] { return entry.pipeline.source }
        return broken[file]?.source ?? ""
    }

    /// Ids of pipelines whose file has other problems than it had when this was asked last.
    mutating func takeToldProblems() -> Set<String> {
        defer { toTell = [] }
        return toTell
    }

    /// - Throws: `SchedulingError.unknownPipeline`.
    func find(_ id: String) throws(SchedulingError) -> Entry {
        if let entry = entries[id] { return entry }
        throw .unknownPipeline(id: id, nearest: Spelling.nearest(to: id, among: entries.keys.sorted()))
    }
}
