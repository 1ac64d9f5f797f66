import Testing

@testable import Scheduling

struct AirflowExportTests {
    private func export(_ source: String) throws -> AirflowExport {
        let operators = ["model/train", "pipeline/run", "serving/deploy"].map { name in
            DescribedOperator(
                name: name,
                settings: ["pipeline", "model", "alias"].map { SettingSpec($0, .string, isOptional: true, help: "") })
        }
        let compilation = PipelineCompiler(operators: operators, machineZone: .utc).compile(
            source: source, file: "p.yaml")
        #expect(compilation.errors == [])
        let pipeline = try #require(compilation.pipeline)
        return AirflowExport(pipeline, zone: try ZoneRules(identifier: pipeline.timeZoneID), program: "mlstack test")
    }

    private func subjects(_ export: AirflowExport) -> [String] { export.remarks.map(\.subject) }

    @Test func `a chain of commands keeps its order, retries, limits and priority`() throws {
        let text = try export(
            """
            pipeline: p
            tags: [a]
            max_active_runs: 2
            max_active_tasks: 3
            tasks:
              one:
                run: echo 1
                retry: {max: 3, delay: 5s, backoff: 2, max_delay: 1m}
                timeout: 10m
                priority: 4
                depends_on_past: true
              two: {needs: [one], run: echo 2, trigger_rule: none_failed}
            """
        ).text
        for line in [
            "dag_id=\"p\"", "tags=[\"a\"]", "schedule=None", "max_active_runs=2", "max_active_tasks=3", "retries=3",
            "retry_delay=timedelta(seconds=5)", "retry_exponential_backoff=2", "max_retry_delay=timedelta(seconds=60)",
            "execution_timeout=timedelta(seconds=600)", "priority_weight=4", "weight_rule=\"absolute\"",
            "depends_on_past=True", "trigger_rule=\"none_failed\"", "bash_command=\"echo 1\"",
        ] { #expect(text.contains("\(line),\n"), "\(line)") }
        #expect(text.contains("    task_one >> task_two\n"))
        #expect(!text.contains("AnyFailure"))
    }

    @Test func `a value is put in as data of the place where it stands`() throws {
        let text = try export(
            """
            pipeline: p
            variables: {v: "it's {{ 6*7 }}"}
            params: {x: {type: string, default: a}}
            tasks:
              one:
                run: |-
                  echo ${params.x} "${params.x}" '${params.x}' ${params.x!raw} ${variables.v} # ${params.x}
              two:
                needs: [one]
                run: echo ${tasks.one.outputs.n} ${run.logical_date}
                env: {E: "${params.x}", F: "{${params.x}"}
            """
        ).text
        let command =
            #"echo {{ params['x'] | word }} \"{{ params['x'] | in_double_quotes }}\" "#
            + #"'{{ params['x'] | in_single_quotes }}' {{ params['x'] | text }} 'it'\\''s {{ '{' }}{ 6*7 }}' "#
            + #"# {{ params['x'] | in_comment }}""#
        #expect(text.contains(command))
        #expect(
            text.contains(
                "{{ output(ti, 'one', 'n') | word }} {{ run_value(dag_run, 'logical_date') | word }}"))
        #expect(text.contains(#"{"E": "{{ params['x'] | text }}", "F": "{{ '{' }}{{ params['x'] | text }}"}"#))
    }

    @Test func `parameters keep their types, bounds, choices and help`() throws {
        let text = try export(
            """
            pipeline: p
            params:
              i: {type: int, default: 5, min: 1, max: 9, help: "a \\"b\\""}
              f: {type: float, default: 0.5}
              b: {type: bool, default: true}
              e: {type: enum, values: [x, y], default: x}
              d: {type: datetime, default: 2015-01-01}
              s: {type: string}
            tasks:
              t: {run: 'echo ${params.i}${params.f}${params.b}${params.e}${params.d}${params.s}'}
            """
        ).text
        for param in [
            #""i": Param(5, type="integer", minimum=1, maximum=9, description="a \"b\"")"#,
            #""f": Param(0.5, type="number")"#, #""b": Param(True, type="boolean")"#,
            #""e": Param("x", type="string", enum=["x", "y"])"#,
            #""d": Param("2015-01-01T00:00:00+00:00", type="string", format="date-time")"#,
            #""s": Param(type="string")"#,
        ] { #expect(text.contains(param), "\(param)") }
    }

    @Test func `one cron trigger is a schedule of data intervals in the pipeline's zone`() throws {
        let export = try export(
            """
            pipeline: p
            timezone: Asia/Seoul
            triggers: [{cron: "@hourly", start: 2025-01-01, catchup: all}]
            tasks: {t: {run: echo}}
            """)
        #expect(export.text.contains("TIMEZONE = pendulum.timezone(\"Asia/Seoul\")"))
        #expect(export.text.contains("schedule=CronDataIntervalTimetable(\"0 * * * *\", timezone=TIMEZONE)"))
        #expect(
            export.text.contains("start_date=pendulum.parse(\"2025-01-01T00:00:00+09:00\").in_timezone(TIMEZONE)"))
        #expect(export.text.contains("catchup=True"))
        #expect(subjects(export) == ["MLflow", "resources"])
    }

    @Test func `a dataset trigger is an asset, and its parameters come with the run that it starts`() throws {
        let export = try export(
            """
            pipeline: p
            params: {rows: {type: int, default: 0}}
            triggers:
              - {dataset: {any: [a, b], min_new_rows: 5}, params: {rows: "${event.new_rows}"}}
            tasks: {t: {run: 'echo ${params.rows}', produces: [c]}}
            """)
        #expect(export.text.contains("schedule=(AssetAny(Asset(\"a\"), Asset(\"b\")))"))
        #expect(export.text.contains("outlets=[Asset(\"c\")]"))
        #expect(
            export.text.contains(
                "\"asset_triggered\": {\"rows\": lambda dag_run, asset_events: text(event(dag_run, asset_events, \"new_rows\"))}"
            ))
        #expect(export.text.contains("given_params(params, dag_run, triggering_asset_events)['rows'] | word"))
        #expect(subjects(export).contains("trigger dataset a or b"))
    }

    @Test func `what Airflow cannot do is said at the top of the file, each with its reason`() throws {
        let export = try export(
            """
            pipeline: p
            triggers:
              - {cron: "@daily", clock: replay}
              - {cron: "0 0 15W * *"}
              - {after: other}
              - {webhook: hook}
            overlap: skip
            deadline: 5m
            tasks: {t: {run: echo, pool: gpu}}
            notify: {failure: [{log: true}]}
            """)
        #expect(
            subjects(export) == [
                "trigger 0 0 15W * * on the wall clock", "trigger after other", "trigger webhook hook",
                "trigger @daily on the replay clock", "overlap: skip", "pool gpu", "MLflow", "resources", "deadline",
                "notify",
            ])
        let head = export.text.prefix { _ in true }.split(separator: "\n").prefix { $0.hasPrefix("#") }
        #expect(export.remarks.allSatisfy { remark in head.contains { $0 == "# - \(remark.line)" } })
    }

    @Test(arguments: ["trigger_rule: all_done", "allow_failure: true", "when: \"${tasks.a.outputs.n > 1}\""])
    func `where Airflow would hide a failure, a last task brings it to light`(line: String) throws {
        let text = try export("pipeline: p\ntasks:\n  a: {run: echo}\n  b: {needs: [a], run: echo, \(line)}\n").text
        #expect(
            text.contains("outcome = AnyFailure(task_id=\"mlstack_outcome\", retries=0, trigger_rule=\"one_failed\")"))
        let tolerates = line.hasPrefix("allow_failure")
        #expect(text.contains(tolerates ? "[task_a] >> outcome" : "[task_a, task_b] >> outcome"))
        #expect(text.contains("[task_b] >> tolerated") == tolerates)
    }

    @Test func `foreach becomes a mapped task, over a list or over what a task put out`() throws {
        let text = try export(
            """
            pipeline: p
            tasks:
              a: {run: 'echo ${item}', foreach: [x, "it's"]}
              b: {needs: [a], run: 'echo ${item.k} ${tasks.a.outputs.n}', foreach: "${tasks.a.outputs.return_value}"}
            """
        ).text
        #expect(text.contains("task_a = Shell.partial("))
        #expect(text.contains(").expand(item=[\"x\", \"it's\"])"))
        #expect(text.contains("items=\"{{ output(ti, 'a', 'return_value', mapped=true) | text }}\""))
        #expect(text.contains(").expand(item=items_of_task_b.output)"))
        #expect(text.contains("{{ field(task.item, 'k') | word }}"))
    }

    @Test func `built-in tasks that share data stay on a server, and Airflow shows them one by one`() throws {
        let export = try export(
            """
            pipeline: p
            tasks:
              train: {uses: model/train, retry: {max: 2}}
              after: {needs: [train], run: echo}
            """)
        #expect(export.text.contains("task_train = StackTask(task_id=\"train\", retries=0, trigger_rule=\"all_done\")"))
        #expect(export.text.contains("task_after = StackTask("))
        #expect(export.text.contains("start >> task_train"))
        #expect(export.text.contains("task_after >> outcome"))
        #expect(!export.text.contains("bash_command"))
        #expect(subjects(export).contains("built-in tasks (train)"))
    }

    @Test func `built-in tasks that are one order are Airflow's own`() throws {
        let export = try export(
            """
            pipeline: p
            tasks:
              swap: {uses: serving/deploy, with: {model: films}}
              next: {needs: [swap], uses: pipeline/run, with: {pipeline: other}}
            """)
        #expect(export.text.contains("body={\"model\": \"films\", \"alias\": \"production\"}"))
        #expect(export.text.contains("trigger_dag_id=\"other\""))
        #expect(!export.text.contains("StackTask"))
    }

    @Test func `tasks whose names would be the same in Python are kept apart`() throws {
        let text = try export("pipeline: p\ntasks:\n  a-b: {run: echo}\n  a_b: {needs: [a-b], run: echo}\n").text
        #expect(text.contains("task_a_b >> task_a_b_\n"))
    }
}
