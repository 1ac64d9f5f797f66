import Logging

/// Which pipelines there are.
extension LocalOrchestrator {
    /// Registers pipelines as they are, in place of all that were registered before.
    /// - Parameter problems: of each pipeline's file, by id.
    package func load(_ pipelines: [Pipeline], problems: [String: [String]] = [:]) async throws {
        var fresh = PipelineShelf()
        for pipeline in pipelines { try fresh.put(pipeline, problems: problems[pipeline.id] ?? []) }
        let former = shelf
        shelf = fresh
        for id in former.entries.keys where fresh[id] == nil { register(id) }
        for pipeline in pipelines { register(pipeline.id) }
        for pipeline in pipelines { send(.pipeline(id: pipeline.id)) }
        try await beginTriggers()
        loop.wake()
    }

    /// Reads the pipeline files of a folder: those that are right are registered by their ids, those with errors keep their last
    /// good version, and pipelines whose file is gone are forgotten. Runs go on with the version that they began with.
    /// A file that cannot be read counts as one with errors.
    /// - Throws: `SchedulingError.noFolder`; then nothing has changed.
    @discardableResult
    package func reload(folder: String) async throws -> PipelineReload {
        let (compiler, now, known) = (compiler, parts.clock.now, fileTraces)
        let files = try await parts.fileQueue.run {
            try PipelineFolder.read(folder, compiler: compiler, now: now, known: known)
        }
        var reload = PipelineReload()
        reload.removed = shelf.keep(files: Set(files.map(\.path)))
        // A pipeline stays with its file, even while that has errors: a copy beside it takes nothing over.
        var owners: [String: String] = [:]
        for file in files {
            if let id = shelf.id(of: file.path), file.trace.id ?? id == id { owners[id] = file.path }
        }
        fileTraces = [:]
        for file in files { try take(file, &owners, &reload) }
        let changed = Set(reload.registered + reload.removed)
        for id in changed {
            register(id)
            // There may be more places than before.
            beginQueued(id)
        }
        for id in changed.union(shelf.takeToldProblems()).sorted() { send(.pipeline(id: id)) }
        if !changed.isEmpty {
            try await beginTriggers()
            loop.wake()
        }
        return reload
    }

    private func take(
        _ file: PipelineFolder.File, _ owners: inout [String: String], _ reload: inout PipelineReload
    ) throws {
        let (source, compilation): (String, Compilation?)
        switch file.content {
        case .unchanged: (source, compilation) = (shelf.source(of: file.path), nil)
        case .unreadable(let reason):
            let problem = ErrorSentence.of(SchedulingError.unreadablePipeline(file: file.path, reason: reason))
            reload.conflicts[file.path] = problem
            return shelf.markBroken(file.path, source: shelf.source(of: file.path), problems: [problem])
        case .text(let text, let found):
            (source, compilation) = (text, found)
            if !found.diagnostics.isEmpty { reload.diagnostics[file.path] = found.diagnostics }
        }
        guard let id = file.trace.id else {
            let problems = compilation.map { Diagnostic.lines($0.errors) } ?? []
            return shelf.markBroken(file.path, source: source, problems: problems)
        }
        if let owner = owners[id], owner != file.path {
            let problem = "the pipeline \(id) is defined in \(owner) already; give one of the two another id"
            reload.conflicts[file.path] = problem
            return shelf.markBroken(file.path, source: source, problems: [problem])
        }
        owners[id] = file.path
        fileTraces[file.path] = file.trace
        guard let pipeline = compilation?.pipeline else { return }
        // The file's former id, if it has been given another one.
        if let former = shelf.id(of: file.path), former != id {
            shelf.remove(former)
            reload.removed.append(former)
        }
        if shelf[id]?.pipeline != pipeline { reload.registered.append(id) }
        try shelf.put(pipeline)
    }

    var compiler: PipelineCompiler {
        PipelineCompiler(operators: parts.operators.all, machineZone: parts.machineZone)
    }

    package func pipelines() async throws -> [PipelineSummary] {
        var summaries: [PipelineSummary] = []
        for id in shelf.entries.keys.sorted() {
            if let entry = shelf[id] { summaries.append(try await summary(of: entry)) }
        }
        for (file, broken) in shelf.broken.sorted(by: { $0.key < $1.key }) {
            summaries.append(Self.summary(of: broken, file: file))
        }
        return summaries
    }

    /// - Throws: `SchedulingError.unknownPipeline`. A file that has never been right is found by its name without the ending.
    package func pipeline(id: String) async throws -> PipelineDetail {
        if shelf[id] == nil, let (file, broken) = shelf.broken.first(where: { Self.stem(of: $0.key) == id }) {
            return PipelineDetail(
                summary: Self.summary(of: broken, file: file), params: [], tasks: [], source: broken.source)
        }
        let entry = try shelf.find(id)
        let pipeline = entry.pipeline
        let levels = try DAG(tasks: pipeline.tasks.map { ($0.id, $0.needs) }).levels
        let tasks = pipeline.tasks.map { task in
            let type = if case .uses(let name, _) = task.action { name } else { "shell" }
            return TaskSummary(
                id: task.id, type: type, needs: task.needs, triggerRule: task.triggerRule.rawValue,
                level: levels[task.id] ?? 0)
        }
        return PipelineDetail(
            summary: try await summary(of: entry), params: pipeline.params, tasks: tasks, source: pipeline.source)
    }

    package func setPaused(_ isPaused: Bool, pipelineID: String, actor: String) async throws {
        _ = try shelf.find(pipelineID)
        let entry = AuditEntry(
            at: parts.clock.now, actor: actor, action: isPaused ? .pause : .resume, pipelineID: pipelineID,
            detail: isPaused ? "schedule paused" : "schedule resumed")
        var changes: [RunChange] = [.setPaused(pipelineID: pipelineID, isPaused), .addAudit(entry)]
        // The ends of runs during the pause: without this the next start of the program would make up for them.
        for trigger in shelf[pipelineID]?.pipeline.triggers ?? [] where !isPaused && trigger.catchup == .none {
            guard case .after = trigger.kind else { continue }
            changes.append(.setCursor(pipelineID: pipelineID, trigger: trigger.key, parts.clock.now))
        }
        try await submitAndWait(changes)
        if isPaused { paused.insert(pipelineID) } else { paused.remove(pipelineID) }
        // What came and went during the pause is made up only by a trigger that catches up.
        for trigger in shelf[pipelineID]?.pipeline.triggers ?? [] where trigger.timetable != nil {
            let key = TriggerKey(pipelineID: pipelineID, trigger: trigger.key)
            if trigger.catchup == .none, trigger.clock == .wall { triggers.wallCursors[key] = parts.clock.now }
            if trigger.clock == .wall { awaitNextFiring(key) }
        }
        if !isPaused { _ = look(at: triggers.ofDatasets.filter { $0.pipelineID == pipelineID }) }
        loop.wake()
    }

    private func summary(of entry: PipelineShelf.Entry) async throws -> PipelineSummary {
        let pipeline = entry.pipeline
        var firings: [Firing] = []
        if !paused.contains(pipeline.id) {
            for trigger in pipeline.triggers {
                guard let now = try await now(of: trigger, pipeline.id) else { continue }
                var moment = now
                for _ in 0..<Self.shownFirings {
                    guard let next = trigger.next(after: moment, in: entry.zone) else { break }
                    firings.append(Firing(clock: trigger.clock, at: next))
                    moment = next
                }
            }
            firings = [ClockName.replay, .wall].flatMap { clock in
                Array(Set(firings.filter { $0.clock == clock }.map(\.at))).sorted().prefix(Self.shownFirings)
                    .map { Firing(clock: clock, at: $0) }
            }
        }
        return PipelineSummary(
            id: pipeline.id, description: pipeline.description, tags: pipeline.tags, file: pipeline.file,
            version: pipeline.version, timeZoneID: pipeline.timeZoneID, isPaused: paused.contains(pipeline.id),
            environment: pipeline.environment, schedules: pipeline.triggers.map(\.words),
            triggers: pipeline.triggers.map(\.summary),
            nextFirings: firings,
            problems: entry.problems + triggerProblems(of: pipeline))
    }

    private func triggerProblems(of pipeline: Pipeline) -> [String] {
        pipeline.triggers.compactMap { triggers.problems[TriggerKey(pipelineID: pipeline.id, trigger: $0.key)] }
    }

    /// What a trigger's clock reads; nil for a replay that has not begun.
    private func now(of trigger: Trigger, _ pipelineID: String) async throws -> Instant? {
        switch trigger.clock {
        case .wall: parts.clock.now
        case .replay: try await replayMoment(pipelineID, trigger.key)
        }
    }

    private static func summary(of broken: PipelineShelf.BrokenFile, file: String) -> PipelineSummary {
        PipelineSummary(
            id: stem(of: file), description: "", tags: [], file: file, version: "", timeZoneID: "UTC", isPaused: false,
            schedules: [], nextFirings: [], problems: broken.problems)
    }

    /// How many of the next firings are told.
    private static let shownFirings = 3

    static func stem(of file: String) -> String {
        let name = file.split(separator: "/").last.map(String.init) ?? file
        return String(name.prefix(while: { $0 != "." }))
    }
}
