/// The tasks of a DAG file and the arrows between them.
struct AirflowTasks {
    let pipeline: Pipeline
    /// A running mlstack carries the pipeline out.
    let usesServer: Bool
    let jinja: JinjaText
    var body: [String] = []
    var remarks: [AirflowExport.Remark] = []
    /// Python names of tasks, which may hold what a name in Python may not.
    private var names: [String: String] = [:]
    /// The task that starts the run on the server.
    let startID: String
    private let outcomeID: String

    init(_ pipeline: Pipeline, usesServer: Bool) {
        (self.pipeline, self.usesServer) = (pipeline, usesServer)
        jinja = JinjaText(pipeline)
        let ids = Set(pipeline.tasks.map(\.id))
        startID = Self.free("mlstack_start", ids)
        outcomeID = Self.free("mlstack_outcome", ids)
        var taken: Set<String> = []
        for task in pipeline.tasks {
            let name = Self.free("task_" + task.id.replacing("-", with: "_"), taken)
            taken.insert(name)
            names[task.id] = name
        }
    }

    static func free(_ name: String, _ taken: Set<String>) -> String {
        taken.contains(name) ? free(name + "_", taken) : name
    }

    func name(_ id: String) -> String { names[id] ?? "task_" + id }

    var hasConditions: Bool { !usesServer && pipeline.tasks.contains { $0.when != nil } }

    /// The Python that these tasks stand on.
    var runtime: [String] {
        var parts: [String] = []
        if hasConditions { parts.append(AirflowRuntime.conditions) }
        let operators = Set(
            pipeline.tasks.map { task in
                if case .uses(let name, _) = task.action { name } else { "run" }
            })
        if operators.contains("run") { parts.append(AirflowRuntime.shell) }
        if pipeline.tasks.contains(where: { if case .template = $0.forEach { true } else { false } }) {
            parts.append(AirflowRuntime.items)
        }
        if !operators.isDisjoint(with: ["notify", "http/request", "serving/deploy"]) {
            parts += [AirflowRuntime.request, AirflowRuntime.requestTask]
        }
        if operators.contains("pipeline/run") { parts.append(AirflowRuntime.start) }
        if failuresCanHide { parts.append(AirflowRuntime.outcome) }
        return parts
    }

    /// Whether Airflow can do it without mlstack's data.
    static func isPortable(_ task: TaskSpec) -> Bool {
        // The registry is asked for them.
        if !task.modelReferences.isEmpty { return false }
        switch task.action {
        case .shell: return true
        case .uses(let name, let with):
            guard task.forEach == nil else { return false }
            switch name {
            case "serving/deploy", "notify", "pipeline/run": return true
            case "http/request": return with["save"] == nil
            default: return false
            }
        }
    }

    mutating func write() {
        if usesServer { writeServerTasks() } else { writeTasks() }
    }

    // MARK: - On a server

    private mutating func writeServerTasks() {
        body.append("    start = StackRun(task_id=START, retries=0)")
        let arguments = "retries=0, trigger_rule=\"all_done\""
        for task in pipeline.tasks {
            body.append(
                "    \(name(task.id)) = StackTask(task_id=\(PythonText.literal(task.id)), \(arguments)\(outlets(task)))"
            )
        }
        body.append("    outcome = StackOutcome(task_id=\(PythonText.literal(outcomeID)), \(arguments))")
        body.append("    start >> outcome")
        let needed = Set(pipeline.tasks.flatMap(\.needs))
        for task in pipeline.tasks {
            body += task.needs.isEmpty ? ["    start >> \(name(task.id))"] : arrows(to: task)
            if !needed.contains(task.id) { body.append("    \(name(task.id)) >> outcome") }
        }
    }

    private func arrows(to task: TaskSpec) -> [String] {
        task.needs.map { "    \(name($0)) >> \(name(task.id))" }
    }

    private func outlets(_ task: TaskSpec) -> String {
        if task.produces.isEmpty { return "" }
        return ", outlets=\(PythonText.list(task.produces.map { "Asset(\(PythonText.literal($0)))" }))"
    }

    // MARK: - In Airflow

    private mutating func writeTasks() {
        for task in pipeline.tasks { write(task) }
        for task in pipeline.tasks { body += arrows(to: task) }
        guard failuresCanHide else { return }
        let counting = pipeline.tasks.filter { !$0.allowFailure }.map { name($0.id) }
        if !counting.isEmpty {
            body.append(
                "    outcome = AnyFailure(task_id=\(PythonText.literal(outcomeID)), retries=0, trigger_rule=\"one_failed\")"
            )
            body.append("    \(PythonText.list(counting)) >> outcome")
        }
        // Airflow judges by the last tasks: one that may fail must not be among them.
        let tolerated = pipeline.tasks.filter(\.allowFailure).map { name($0.id) }
        if !tolerated.isEmpty {
            let id = PythonText.literal(Self.free("mlstack_tolerated", Set(pipeline.tasks.map(\.id))))
            body.append("    tolerated = EmptyOperator(task_id=\(id), retries=0, trigger_rule=\"all_done\")")
            body.append("    \(PythonText.list(tolerated)) >> tolerated")
        }
    }

    /// Whether a run can end with success in Airflow though a task that counts has failed, or the other way round.
    private var failuresCanHide: Bool {
        let passing: Set<TriggerRule> = [.allSuccess, .noneFailed, .noneFailedMinOneSuccess]
        return pipeline.tasks.contains { $0.allowFailure || $0.when != nil || !passing.contains($0.triggerRule) }
    }

    func commonArguments(_ task: TaskSpec) -> [(String, String)] {
        var arguments = [
            // The words of trigger rules are Airflow's own.
            ("task_id", PythonText.literal(task.id)), ("trigger_rule", PythonText.literal(task.triggerRule.rawValue)),
            ("retries", "\(task.retry.max)"),
        ]
        if task.retry.max > 0 {
            arguments.append(("retry_delay", PythonText.duration(task.retry.delay)))
            if task.retry.backoff != 1 {
                arguments.append(("retry_exponential_backoff", PythonText.number(task.retry.backoff)))
            }
            arguments.append(("max_retry_delay", PythonText.duration(task.retry.maxDelay)))
        }
        if let timeout = task.timeout { arguments.append(("execution_timeout", PythonText.duration(timeout))) }
        if task.dependsOnPast { arguments.append(("depends_on_past", "True")) }
        if task.pool != TaskSpec.defaultPool { arguments.append(("pool", PythonText.literal(task.pool))) }
        if task.priority != 0 {
            // Airflow would otherwise add up the priorities of the tasks after it.
            arguments += [("priority_weight", "\(task.priority)"), ("weight_rule", "\"absolute\"")]
        }
        if !task.produces.isEmpty {
            arguments.append(
                ("outlets", PythonText.list(task.produces.map { "Asset(\(PythonText.literal($0)))" })))
        }
        return arguments
    }

}
