import Logging

/// The beginning and the end of the process.
extension LocalOrchestrator {
    /// Takes up what a former process left unfinished; to be called once, after the pipelines have been loaded and before `run`.
    ///
    /// Each run goes on with the version of its pipeline that it began with. Tasks that were running are lost: they run again
    /// once their former processes are gone, and use up no retry. When this returns, every such run counts as unfinished
    /// (`waitUntilIdle` waits for it), though old processes may still be ending.
    package func resume() async throws {
        paused = try await parts.store.pausedPipelines()
        try await learnLastEnds()
        let unfinished = try await parts.store.unfinishedRuns()
        var taken: [String] = []
        for stored in unfinished where active[stored.run.id] == nil {
            let (run, id) = (stored.run, stored.run.id)
            do {
                let (pipeline, zone) = try await version(of: run)
                active[id] = ActiveRun(
                    machine: RunMachine(run: run, plan: RunPlan(pipeline), tasks: stored.tasks), pipeline: pipeline,
                    zone: zone)
                taken.append(id)
            } catch {
                try await fail(stored, because: error)
            }
        }
        for id in taken {
            guard let run = active[id], run.run.state == .running else { continue }
            let former = run.machine.tasks.compactMap { task in task.process.map { (task.taskID, $0) } }
            if former.isEmpty { takeUp(id) } else { takingUp[id] = Task { await endProcesses(former, then: id) } }
        }
        for pipelineID in Set(taken.compactMap { active[$0]?.run.pipelineID }).sorted() { beginQueued(pipelineID) }
        takeUpTriggers()
    }

    /// What a former process had no time for after it had stored why: runs that datasets and ends of runs make, and deadlines.
    private func takeUpTriggers() {
        for pipelineID in paused { register(pipelineID) }
        for run in active.values { awaitDeadline(of: run.run, run.pipeline) }
        let waiting = triggers.ofDatasets
        if !waiting.isEmpty { _ = look(at: waiting) }
        lookBackAtEnds()
        loop.wake()
    }

    private func endProcesses(_ former: [(taskID: String, mark: ProcessMark)], then runID: String) async {
        let folder = workFolders.outputs(of: runID)
        for (taskID, mark) in former {
            await parts.shell.end(mark, runID: runID, taskID: taskID, outputFolder: folder)
        }
        takingUp[runID] = nil
        takeUp(runID)
    }

    private func takeUp(_ runID: String) {
        guard let run = active[runID] else { return }
        let lost = run.machine.tasks.filter { $0.state == .running || $0.state == .queued }.map(\.taskID)
        parts.logger.notice("run resumed", metadata: ["run": "\(runID)", "lost": "\(lost.joined(separator: ", "))"])
        change(runID) { $0.resume(at: parts.clock.now) }
    }

    /// - Throws: why the version that a run began with cannot be had.
    func version(of run: DAGRun) async throws -> (Pipeline, ZoneRules) {
        if let entry = shelf[run.pipelineID], entry.pipeline.version == run.pipelineVersion {
            return (entry.pipeline, entry.zone)
        }
        guard let stored = try await parts.store.pipelineSource(version: run.pipelineVersion) else {
            throw ResumeError.noSource
        }
        let file = shelf[run.pipelineID]?.pipeline.file ?? "\(run.pipelineID).yaml"
        let text = PipelineText(stored: stored)
        let compilation = compiler.compile(source: text.source, file: file, includes: .texts(text.includes))
        guard let pipeline = compilation.pipeline else {
            throw ResumeError.notRight(Diagnostic.lines(compilation.errors).first ?? "it has errors")
        }
        return (pipeline, try ZoneRules(identifier: pipeline.timeZoneID))
    }

    private enum ResumeError: Error, CustomStringConvertible {
        case noSource
        case notRight(String)
        var description: String {
            switch self {
            case .noSource: "the version of the pipeline file that it began with is not in the store"
            case .notRight(let problem):
                "this version of mlstack cannot run the pipeline file that it began with: \(problem)"
            }
        }
    }

    private func fail(_ stored: StoredRun, because error: any Error) async throws {
        let (message, now) = ("it could not be resumed: \(ErrorSentence.of(error))", parts.clock.now)
        parts.logger.error("run could not be resumed", metadata: ["run": "\(stored.run.id)", "reason": "\(message)"])
        var changes: [RunChange] = []
        for var task in stored.tasks where !task.state.isTerminal {
            if let mark = task.process { await parts.shell.end(mark, runID: task.runID, taskID: task.taskID) }
            (task.state, task.message, task.endedAt, task.process) = (.cancelled, message, now, nil)
            changes.append(.updateTask(task))
        }
        var run = stored.run
        (run.state, run.message, run.endedAt) = (.failed, message, now)
        try await submitAndWait(changes + [.updateRun(run)] + notifications(ofLost: run))
    }

    /// Starts nothing more, gives what is running half of the grace to end by itself and the other half to stop, and leaves a state
    /// from which `resume` goes on. Returns at the latest when the grace is over.
    package func shutdown(grace: Duration) async {
        if isStopping { return }
        isStopping = true
        loop.wake()
        for id in active.keys {
            for retry in active[id]?.retries.values ?? [:].values { retry.cancel() }
        }
        await quiet(atMost: grace / 2)
        for (id, run) in active {
            for taskID in run.attempts.keys { stop(taskID, of: id, because: .shutdown) }
        }
        await quiet(atMost: grace / 2)
        for (id, run) in active where !run.attempts.isEmpty {
            parts.logger.warning(
                "tasks did not stop in time and are lost",
                metadata: ["run": "\(id)", "tasks": "\(run.attempts.keys.sorted().joined(separator: ", "))"])
            for task in run.machine.tasks {
                if let mark = task.process { await parts.shell.kill(mark, runID: id, taskID: task.taskID) }
            }
        }
        hasShutDown = true
        finishEvents()
    }

    /// Returns when no attempt is running and everything is stored, or after so long.
    private func quiet(atMost duration: Duration) async {
        let waiting = Task { try await waitUntilQuiet() }
        let timer = Task { [clock = parts.clock] in
            try await clock.sleep(for: duration)
            waiting.cancel()
        }
        _ = await waiting.result
        timer.cancel()
    }
}
