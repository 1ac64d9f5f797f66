import Logging

/// Attempts of tasks: each a child `Task` with a log of its own.
extension LocalOrchestrator {
    func begin(_ number: Int, of taskID: String, in run: ActiveRun) {
        guard let spec = run.spec(of: taskID) else {
            return report(run.run.id, taskID, .failed(message: "the pipeline has no such task"))
        }
        let runID = run.run.id
        let work = Task { await attempt(number, spec, taskID, runID) }
        let timeout = spec.timeout.map { limit in
            Task { [clock = parts.clock] in
                try await clock.sleep(for: limit)
                timedOut(taskID, attempt: number, of: runID, after: limit)
            }
        }
        active[runID]?.attempts[taskID] = Attempt(number: number, work: work, timeout: timeout)
    }

    /// A moment that came when its attempt had just ended is none of the next one's.
    func timedOut(_ taskID: String, attempt number: Int, of runID: String, after limit: Duration) {
        guard active[runID]?.attempts[taskID]?.number == number else { return }
        stop(taskID, of: runID, because: .timedOut(after: limit))
    }

    private func attempt(_ number: Int, _ spec: TaskSpec, _ taskID: String, _ runID: String) async {
        guard let facts = active[runID]?.facts(of: spec, taskID) else { return }
        let metadata: Logger.Metadata = ["run": "\(runID)", "attempt": "\(number)"]
        parts.logger.notice("\(taskID) started", metadata: metadata)
        let secrets = await secrets()
        let log = FileTaskLog(
            path: logPath(runID, taskID, number), zone: facts.zone, clock: parts.clock, queue: parts.logQueue,
            masks: SecretMasks(secrets.values.values + parts.masked))
        let began = parts.clock.now
        let measured = await execute(spec, taskID, number, facts, secrets, log)
        let stopReason = self.active[runID]?.attempts[taskID]?.stopReason
        var outcome = outcome(of: measured.result, stopReason: stopReason)
        // A value that a template put into a message goes where no log's masks reach: the store, the pages, webhooks.
        if case .failed(let message, let isPermanent) = outcome {
            outcome = .failed(message: log.masks.masked(message), isPermanent: isPermanent)
        }
        if case .skipped(let reason) = outcome { outcome = .skipped(reason: log.masks.masked(reason)) }
        let words = Self.words(for: outcome)
        // The clock may have been set back meanwhile.
        let seconds = Double(max(0, parts.clock.now.milliseconds - began.milliseconds)) / 1000
        log.write(words.level, "\(words.text) after \(seconds) s")
        if let failure = await log.close() {
            parts.logger.error(
                "log incomplete", metadata: metadata.merging(["reason": "\(ErrorSentence.of(failure))"]) { $1 })
        }
        parts.logger.log(
            level: words.level == .error ? .error : .notice, "\(taskID) \(words.text)",
            metadata: metadata.merging(["seconds": "\(seconds)"]) { $1 })
        report(runID, taskID, outcome, measures: measured.measures, messages: measured.messages)
    }

    /// Does the work of an attempt, and measures it.
    private func execute(
        _ spec: TaskSpec, _ taskID: String, _ number: Int, _ facts: TaskFacts, _ secrets: Secrets, _ log: FileTaskLog
    ) async -> MeasuredOutputs {
        var measured: MeasuredOutputs
        do {
            measured = try await perform(spec, taskID, number, facts, secrets, log)
        } catch {
            measured = MeasuredOutputs(failure: secrets.cause(of: error))
        }
        guard case .success(let outputs) = measured.result else { return measured }
        do {
            try TaskOutputLimits.check(outputs)
        } catch {
            measured.result = .failure(error)
        }
        for (key, value) in outputs.sorted(by: { $0.key < $1.key }) where log.masks.cover(value) {
            log.warning(
                "the output \(key) holds a secret, and is kept as it is: everybody who sees the run can read it")
        }
        return measured
    }

    private func perform(
        _ spec: TaskSpec, _ taskID: String, _ number: Int, _ facts: TaskFacts, _ secrets: Secrets, _ log: FileTaskLog
    ) async throws -> MeasuredOutputs {
        try Task.checkCancellation()
        let (run, pipeline, zone) = (facts.run, facts.pipeline, facts.zone)
        try await makeFolders(of: run, pipeline)
        let context = TaskContext(
            run: run, taskID: taskID, attempt: number, timeZoneID: pipeline.timeZoneID,
            environment: pipeline.environment, upstream: facts.outputs, upstreamOrder: facts.upstreamOrder,
            workDirectory: workFolders.path(of: run.id), log: log)
        let scope = try await scope(of: spec, facts, secrets)
        switch spec.action {
        case .uses(let name, let with):
            let found = try parts.operators.find(name)
            let settings = try Settings(resolving: with, specs: found.settings, scope: scope)
            if let problem = found.problems(in: settings).first { throw problem }
            var measured = await parts.shell.program.measure { try await found.run(settings, context) }
            measured.messages = context.messages.all
            return measured
        case .shell(let text):
            let command = try shellCommand(text, spec, context, pipeline, zone, scope)
            let runID = run.id
            return await parts.shell.run(command, log: log) { mark in
                try await self.store(mark, of: taskID, runID)
            }
        }
    }

    /// Once is enough when nothing of the run can remove them; a shell command can.
    private func makeFolders(of run: DAGRun, _ pipeline: Pipeline) async throws {
        if active[run.id]?.hasFolders == true { return }
        try await workFolders.make(run.id)
        active[run.id]?.hasFolders = pipeline.tasks.allSatisfy { if case .uses = $0.action { true } else { false } }
    }

    /// The secrets of an attempt; when they cannot be had, only a task that names one fails.
    struct Secrets {
        var values: [String: String] = [:]
        var problem: (any Error)?

        func cause(of error: any Error) -> any Error {
            if let problem, case .noValue(let reference, _)? = error as? RenderError, reference.hasPrefix("secrets.") {
                return problem
            }
            return error
        }
    }

    func secrets() async -> Secrets {
        do {
            return Secrets(values: try await parts.secrets())
        } catch {
            return Secrets(problem: error)
        }
    }

    private func shellCommand(
        _ text: Template, _ spec: TaskSpec, _ context: TaskContext, _ pipeline: Pipeline, _ zone: ZoneRules,
        _ scope: RenderScope
    ) throws -> ShellCommand {
        let outputFile = "\(workFolders.outputs(of: context.run.id))/\(context.taskID).\(context.attempt)"
        var own: [String: String] = [:]
        for (name, template) in spec.environment { own[name] = try template.render(scope, quoting: .plain) }
        let environment = ShellEnvironment.make(
            base: scope.environment.filter { !parts.withheld.contains($0.key) }, task: own, context: context,
            pipeline: pipeline, zone: zone, outputFile: outputFile
        )
        return ShellCommand(
            text: try text.render(scope, quoting: .shell), environment: environment,
            workingDirectory: try workingDirectory(spec, context, pipeline, scope), outputFile: outputFile)
    }

    /// The run's own folder, so that tasks of a run share files and runs do not; a `workdir` that is not absolute is seen from
    /// the pipeline file.
    private func workingDirectory(
        _ spec: TaskSpec, _ context: TaskContext, _ pipeline: Pipeline, _ scope: RenderScope
    ) throws -> String {
        guard let path = try spec.workingDirectory?.render(scope, quoting: .plain) else { return context.workDirectory }
        if path.hasPrefix("/") { return path }
        let folder = pipeline.file.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(
            separator: "/")
        return folder.isEmpty ? path : "\(folder)/\(path)"
    }

    /// Puts the mark of a process on disk before its command begins.
    private func store(_ mark: ProcessMark, of taskID: String, _ runID: String) async throws {
        guard var run = active[runID] else { throw CancellationError() }
        let transition = run.machine.processStarted(taskID, mark)
        active[runID] = run
        try await submitAndWait(transition.changes)
    }

    private func outcome(
        of result: Result<TaskOutputs, any Error>, stopReason: Attempt.StopReason?
    ) -> TaskOutcome {
        let error: any Error
        switch result {
        case .success(let outputs): return .success(outputs)
        case .failure(let failure): error = failure
        }
        if let skip = error as? TaskSkip { return .skipped(reason: skip.reason) }
        // Neither a store that is out of order nor the end of this process is a fault of the task.
        switch error as? SchedulingError {
        case .storeFailed, .stopping: return .lost
        default: break
        }
        switch stopReason {
        case .cancelled: return .cancelled
        case .shutdown: return .lost
        case .timedOut(let limit): return .failed(message: "timed out after \(DurationText.text(limit))")
        case nil:
            if error is CancellationError {
                return .failed(message: "it stopped as if cancelled, though nobody asked it to")
            }
            let isPermanent = (error as? any PermanentError)?.isPermanent ?? false
            return .failed(message: ErrorSentence.of(error), isPermanent: isPermanent)
        }
    }

    private static func words(for outcome: TaskOutcome) -> (level: TaskLogLevel, text: String) {
        switch outcome {
        case .success: (.info, "succeeded")
        case .skipped(let reason): (.info, "skipped: \(reason)")
        case .failed(let message, let isPermanent):
            (.error, isPermanent ? "failed for good: \(message)" : "failed: \(message)")
        case .cancelled: (.warning, "cancelled")
        case .lost: (.warning, "interrupted, to run again")
        }
    }

    func logPath(_ runID: String, _ taskID: String, _ attempt: Int) -> String {
        "\(parts.logsFolder)/\(runID)/\(taskID)/\(attempt).log"
    }
}
