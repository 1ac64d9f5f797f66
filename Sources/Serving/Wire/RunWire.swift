import Scheduling

extension JSONWriter {
    /// The members of a run.
    mutating func run(_ run: DAGRun) {
        member("id", run.id)
        member("pipeline", run.pipelineID)
        member("version", run.pipelineVersion)
        member("cause", run.cause.rawValue)
        member("clock", run.clock.rawValue)
        member("logical_date", run.logicalDate)
        member(
            "data_interval",
            object: { json in
                json.member("start", run.dataInterval.start)
                json.member("end", run.dataInterval.end)
            })
        member("params", run.params)
        member("state", run.state.rawValue)
        member("message", run.message)
        member("parent_run", run.parentRunID)
        member("event", run.event)
        member("created_at", run.createdAt)
        member("started_at", run.startedAt)
        member("ended_at", run.endedAt)
    }

    /// The members of a task of a run.
    mutating func task(_ task: TaskInstance) {
        member("id", task.taskID)
        member("state", task.state.rawValue)
        member("attempt", task.attempt)
        member("failures", task.failures)
        member("outputs", task.outputs)
        member("message", task.message)
        member("item", task.item)
        member("mapped_from", task.mappedFrom)
        member("scheduled_at", task.scheduledAt)
        member("queued_at", task.queuedAt)
        member("started_at", task.startedAt)
        member("ended_at", task.endedAt)
        member("retry_at", task.retryAt)
        guard let measures = task.measures else { return member("measures", nil as String?) }
        member(
            "measures",
            object: { json in
                json.member("scope", measures.scope.rawValue)
                json.member("cpu_seconds", measures.cpuSeconds)
                json.member("peak_memory_bytes", measures.peakMemoryBytes.map(Int.init))
                json.member("read_bytes", measures.readBytes.map(Int.init))
                json.member("written_bytes", measures.writtenBytes.map(Int.init))
                json.member("exit_code", measures.exitCode.map(Int.init))
                json.member("signal", measures.signal.map(Int.init))
            })
    }

    /// The members of an order that somebody gave.
    mutating func audit(_ entry: AuditEntry) {
        member("at", entry.at)
        member("actor", entry.actor)
        member("action", entry.action.rawValue)
        member("pipeline", entry.pipelineID)
        member("run", entry.runID)
        member("task", entry.taskID)
        member("detail", entry.detail)
    }

    /// The members of a run with its tasks.
    mutating func storedRun(_ stored: StoredRun) {
        run(stored.run)
        member("tasks", objects: stored.tasks) { $0.task($1) }
    }

    /// The members that a pipeline has in lists.
    mutating func pipeline(_ summary: PipelineSummary, _ runs: [DAGRun], _ failures: [String: RunFailure]) {
        member("id", summary.id)
        member("description", summary.description)
        member("tags", summary.tags)
        member("file", summary.file)
        member("version", summary.version)
        member("timezone", summary.timeZoneID)
        member("paused", summary.isPaused)
        member("environment", summary.environment.rawValue)
        member("schedules", summary.schedules)
        member("triggers", objects: summary.triggers) { json, trigger in
            json.member("words", trigger.words)
            json.member("clock", trigger.clock?.rawValue)
        }
        member("next", objects: summary.nextFirings) { json, firing in
            json.member("clock", firing.clock.rawValue)
            json.member("at", firing.at)
        }
        member("problems", summary.problems)
        member("last_runs", objects: runs) { json, run in
            json.member("id", run.id)
            json.member("state", run.state.rawValue)
            json.member("cause", run.cause.rawValue)
            json.member("logical_date", run.logicalDate)
            json.member("created_at", run.createdAt)
            json.member("started_at", run.startedAt)
            json.member("ended_at", run.endedAt)
            json.member("message", run.message)
            json.key("failed_task")
            guard let failure = failures[run.id] else { return json.null() }
            json.object { json in
                json.member("id", failure.taskID)
                json.member("attempt", failure.attempt)
                json.member("message", failure.message)
            }
        }
    }

    /// The members that a pipeline has on a page of its own.
    mutating func pipeline(_ detail: PipelineDetail, _ runs: [DAGRun], _ failures: [String: RunFailure]) {
        pipeline(detail.summary, runs, failures)
        member("params", objects: detail.params) { $0.param($1) }
        member("tasks", objects: detail.tasks) { json, task in
            json.member("id", task.id)
            json.member("type", task.type)
            json.member("needs", task.needs)
            json.member("trigger_rule", task.triggerRule)
            json.member("level", task.level)
        }
        member("source", detail.source)
    }

    private mutating func param(_ param: ParamSpec) {
        member("name", param.name)
        member("type", param.kind.rawValue)
        member("default", param.defaultValue)
        member("min", param.min)
        member("max", param.max)
        member("values", param.values)
        member("help", param.help)
    }
}
