/// One task of the file as an operator of Airflow.
extension AirflowTasks {
    mutating func write(_ task: TaskSpec) {
        var common = commonArguments(task)
        if let when = task.when {
            common.append(("when", PythonText.literal(JinjaCondition(jinja: jinja).text(when))))
        }
        switch task.action {
        case .shell(let template): writeShell(task, template, common)
        case .uses("pipeline/run", let with):
            let id = with["pipeline"].map(value) ?? ""
            let waits = if case .literal(.bool(true)) = with["wait"] { "True" } else { "False" }
            add(
                task, "StartPipeline",
                common + [("trigger_dag_id", PythonText.literal(id)), ("wait_for_completion", waits)])
            remarks.append(.init(subject: "task \(task.id)", reason: "export the pipeline it starts (\(id)) as well"))
        case .uses("serving/deploy", let with):
            let model = with["model"].map(value) ?? "movies"
            let alias = with["alias"].map(value) ?? "production"
            let body = "{\"model\": \(PythonText.literal(model)), \"alias\": \(PythonText.literal(alias))}"
            add(task, "Request", common + [("url", "MLSTACK_URL + \"/api/v1/serving/reload\""), ("body", body)])
            remarks.append(
                .init(
                    subject: "task \(task.id)",
                    reason: "it asks the mlstack server that serves the model; set MLSTACK_URL (and MLSTACK_TOKEN)"))
        case .uses("notify", let with):
            let message = PythonText.literal(with["message"].map(value) ?? "")
            let url = PythonText.literal(with["webhook"].map(value) ?? "")
            add(task, "Request", common + [("url", url), ("body", "{\"text\": \(message)}")])
        case .uses(_, let with): writeRequest(task, with, common)
        }
    }

    private mutating func writeRequest(
        _ task: TaskSpec, _ with: [String: SettingTemplate], _ common: [(String, String)]
    ) {
        var arguments = common + [("url", PythonText.literal(with["url"].map(value) ?? ""))]
        arguments.append(("method", PythonText.literal(with["method"].map(value) ?? "GET")))
        if let body = with["body"] { arguments.append(("body", PythonText.literal(value(body)))) }
        let headers = values(with["headers"]).compactMap { header -> String? in
            guard let colon = header.firstIndex(of: ":") else { return nil }
            let content = header[header.index(after: colon)...].drop { $0 == " " }
            return "\(PythonText.literal(String(header[..<colon]))): \(PythonText.literal(String(content)))"
        }
        if !headers.isEmpty { arguments.append(("headers", "{\(headers.joined(separator: ", "))}")) }
        if let expect = with["expect"] { arguments.append(("expect", PythonText.literal(value(expect)))) }
        add(task, "Request", arguments)
    }

    private mutating func writeShell(_ task: TaskSpec, _ template: Template, _ common: [(String, String)]) {
        var arguments = common + [("bash_command", PythonText.literal(jinja.command(template), indent: 8))]
        if !task.environment.isEmpty {
            let values = task.environment.sorted { $0.key < $1.key }.map {
                "\(PythonText.literal($0.key)): \(PythonText.literal(jinja.text($0.value)))"
            }
            arguments.append(("env", "{\(values.joined(separator: ", "))}"))
        }
        if let folder = task.workingDirectory {
            arguments.append(("cwd", PythonText.literal(jinja.text(folder))))
            if folder.constant?.hasPrefix("/") != true {
                remarks.append(
                    .init(
                        subject: "task \(task.id)", reason: "its workdir is now seen from the DAG file: copy it there"))
            }
        }
        switch task.forEach {
        case nil: add(task, "Shell", arguments)
        case .literal(let items):
            let literals = PythonText.list(items.map { PythonText.literal(jinja.text($0)) })
            add(task, "Shell.partial", arguments, expanding: literals)
        case .template(let items):
            let id = Self.free("\(task.id)__items", Set(pipeline.tasks.map(\.id)))
            let own = ["task_id", "when", "trigger_rule"]
            let kept = common.filter { own.contains($0.0) && $0.0 != "task_id" }
            body.append(
                call(
                    "items_of_\(name(task.id))", "Items",
                    [("task_id", PythonText.literal(id))] + kept + [("items", PythonText.literal(jinja.text(items)))]))
            body += task.needs.map { "    \(name($0)) >> items_of_\(name(task.id))" }
            add(task, "Shell.partial", arguments, expanding: "items_of_\(name(task.id)).output")
        }
    }

    private mutating func add(
        _ task: TaskSpec, _ type: String, _ arguments: [(String, String)], expanding items: String? = nil
    ) {
        body.append(call(name(task.id), type, arguments) + (items.map { ".expand(item=\($0))" } ?? ""))
    }

    private func call(_ name: String, _ type: String, _ arguments: [(String, String)]) -> String {
        "    \(name) = \(type)(\n" + arguments.map { "        \($0.0)=\($0.1),\n" }.joined() + "    )"
    }

    private func value(_ setting: SettingTemplate) -> String { values(setting).joined(separator: ",") }

    private func values(_ setting: SettingTemplate?) -> [String] {
        switch setting {
        case nil: []
        case .template(let template): [jinja.text(template)]
        case .list(let templates): templates.map(jinja.text)
        case .literal(.string(let text)): [JinjaText.escaped(text)]
        case .literal(.int(let number)): ["\(number)"]
        case .literal(.float(let number)): ["\(number)"]
        case .literal(.bool(let flag)): [flag ? "true" : "false"]
        case .literal(.list(let texts)): texts.map { JinjaText.escaped($0) }
        }
    }
}
