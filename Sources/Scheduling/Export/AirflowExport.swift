/// A pipeline as one Python file that Airflow 3 loads and runs, and what of it could not be kept.
///
/// Pure: the same pipeline gives the same text. A pipeline whose tasks are commands (and built-in tasks that are one
/// request) becomes Airflow tasks that need nothing of mlstack. One with other built-in tasks, which share data inside
/// one run, stays on a running mlstack server: Airflow starts it there and shows each task as it goes.
package struct AirflowExport: Sendable, Equatable {
    /// What differs in Airflow, and why.
    package struct Remark: Sendable, Equatable {
        package var subject: String
        package var reason: String
        package var line: String { "\(subject): \(reason)" }
    }

    package private(set) var text: String
    package private(set) var remarks: [Remark]

    /// - Parameter program: name and version, for the first line.
    package init(_ pipeline: Pipeline, zone: ZoneRules, program: String) {
        let schedule = AirflowSchedule(pipeline, zone: zone)
        let isPortable = pipeline.tasks.allSatisfy(AirflowTasks.isPortable)
        var tasks = AirflowTasks(pipeline, usesServer: !isPortable)
        tasks.write()
        remarks = schedule.remarks + AirflowRemarks.of(pipeline, usesServer: !isPortable) + tasks.remarks
        let dag = AirflowDAG(pipeline, zone: zone, schedule: schedule, tasks: tasks)
        let heading = ["Pipeline \(pipeline.id), exported by \(program) for Airflow 3 (tested with 3.3)."]
        let notes =
            remarks.isEmpty
            ? ["", "Everything in the pipeline file is kept."]
            : ["", "What is different in Airflow:"] + remarks.map { "- \($0.line)" }
        text = (heading + notes).map(PythonText.comment).joined(separator: "\n") + "\n\n" + dag.text
    }
}

/// What the whole pipeline says that Airflow can't.
enum AirflowRemarks {
    static func of(_ pipeline: Pipeline, usesServer: Bool) -> [AirflowExport.Remark] {
        var remarks: [AirflowExport.Remark] = []
        func add(_ subject: String, _ reason: String) { remarks.append(.init(subject: subject, reason: reason)) }
        if usesServer {
            let names = pipeline.tasks.filter { !AirflowTasks.isPortable($0) }.map(\.id).joined(separator: ", ")
            add(
                "built-in tasks (\(names))",
                "they hand data to each other inside one run of mlstack, so a running server does the whole pipeline, with "
                    + "its retries, timeouts, pools and conditions; Airflow starts it and shows its tasks. Set MLSTACK_URL "
                    + "(and MLSTACK_TOKEN) for the workers")
            if !pipeline.triggers.isEmpty {
                add(
                    "triggers",
                    "the server has them too: `mlstack pipeline pause \(pipeline.id)`, and Airflow's count alone")
            }
        } else {
            if pipeline.overlap != .queue {
                add("overlap: \(pipeline.overlap.rawValue)", "Airflow lets runs beyond max_active_runs wait")
            }
            if pipeline.environment == .production {
                add("environment: production", "Airflow does not hold research and production apart; its roles can")
            }
            let pools = Set(pipeline.tasks.map(\.pool)).subtracting([TaskSpec.defaultPool]).sorted()
            for pool in pools {
                add("pool \(pool)", "create it once: airflow pools set \(pool) 1 \"from mlstack\"")
            }
            if pipeline.tasks.contains(where: { if case .shell = $0.action { true } else { false } }) {
                add(
                    "MLflow",
                    "MLFLOW_TRACKING_URI is the worker's own, and no run is opened for a task: log with mlflow.start_run()"
                )
                add("resources", "CPU, memory and disk of a task are not recorded")
            }
            if pipeline.tasks.contains(where: { $0.retry.max > 0 && $0.retry.jitter > 0 && $0.retry.backoff == 1 }) {
                add("retry.jitter", "Airflow spreads delays only where backoff is not 1")
            }
        }
        if pipeline.deadline != nil {
            add("deadline", "left out: Airflow's DeadlineAlert needs a callback of your own")
        }
        if !pipeline.notifications.isEmpty {
            add("notify", "left out: set up Airflow's own notifiers (on_failure_callback and the like)")
        }
        return remarks
    }
}
