import Testing

@testable import Scheduling

/// The keys that say how runs and tasks are made, besides what a task does.
struct PipelineSettingsTests {
    @Test func `the keys of the pipeline and of its tasks are read`() throws {
        let pipeline = try compiled(
            """
            pipeline: p
            variables: {pool: training}
            max_active_tasks: 4
            overlap: cancel_running
            deadline: 20m
            environment: production
            tasks:
              a: {run: x, pool: "${variables.pool}", priority: -5, allow_failure: true, depends_on_past: true, produces: [ratings, "${variables.pool}.csv"]}
              b: {run: x}
            """)
        #expect(
            pipeline.maxActiveTasks == 4 && pipeline.overlap == .cancelRunning && pipeline.environment == .production)
        #expect(pipeline.deadline == .seconds(1200))
        let task = pipeline.tasks[0]
        #expect(task.pool == "training" && task.priority == -5 && task.allowFailure && task.dependsOnPast)
        #expect(task.produces == ["ratings", "training.csv"])
        #expect(pipeline.tasks[1].pool == TaskSpec.defaultPool && !pipeline.tasks[1].allowFailure)
    }

    @Test func `defaults are where every task begins, and env and workdir are for shell tasks`() throws {
        let pipeline = try compiled(
            """
            pipeline: p
            defaults: {env: {A: 1, B: "${run.id}"}, workdir: /tmp, pool: cpu, priority: 3, trigger_rule: none_failed, allow_failure: true, depends_on_past: true}
            tasks:
              a: {run: x, env: {A: 2}}
              b: {run: x, workdir: /srv, pool: gpu, priority: 0, trigger_rule: always, allow_failure: false, depends_on_past: false}
              c: {uses: replay/ingest}
            """)
        let (a, b, c) = (pipeline.tasks[0], pipeline.tasks[1], pipeline.tasks[2])
        #expect(a.environment["A"]?.constant == "2" && a.environment["B"]?.references.count == 1)
        #expect(a.workingDirectory?.constant == "/tmp" && b.workingDirectory?.constant == "/srv")
        #expect(a.pool == "cpu" && a.priority == 3 && a.triggerRule == .noneFailed && a.allowFailure && a.dependsOnPast)
        #expect(b.pool == "gpu" && b.priority == 0 && b.triggerRule == .always && !b.allowFailure && !b.dependsOnPast)
        #expect(c.environment.isEmpty && c.workingDirectory == nil && c.pool == "cpu")
    }

    @Test func `in sequence each task needs the one before it too`() throws {
        let pipeline = try compiled(
            "pipeline: p\norder: sequential\ntasks:\n  a: {run: x}\n  b: {run: x}\n  c: {run: x, needs: [a]}\n  d: {run: x, needs: [c]}"
        )
        #expect(pipeline.tasks.map(\.needs) == [[], ["a"], ["a", "b"], ["c"]])
        #expect(
            try problems("pipeline: p\norder: sequential\ntasks:\n  a: {run: x, needs: [b]}\n  b: {run: x}") == [
                "4:23 E311 cycle: a -> b -> a   (the other half is at 5:3)"
            ])
    }

    @Test func `notifications are read, with the usual end of the log`() throws {
        let pipeline = try compiled(
            """
            pipeline: p
            deadline: 5m
            tasks: {t: {run: x}}
            notify:
              failure: [{webhook: "${secrets.SLACK_URL}", log_lines: 40}, log]
              success: [{log: true}]
              retry: [{webhook: "https://example.org/${run.id}"}]
              deadline: [log]
              recovered: [{log: false}]
            """)
        let secret = try Template(parsing: "${secrets.SLACK_URL}")
        #expect(
            pipeline.notifications == [
                NotificationRule(event: .success, target: .log, logLines: 0),
                NotificationRule(event: .failure, target: .webhook(secret), logLines: 40),
                NotificationRule(event: .failure, target: .log, logLines: 20),
                NotificationRule(
                    event: .retry, target: .webhook(try Template(parsing: "https://example.org/${run.id}")),
                    logLines: 20),
                NotificationRule(event: .deadline, target: .log, logLines: 0),
            ])
    }

    @Test(arguments: [
        ("overlap: wait", "2:10 E204 unknown overlap \"wait\". Expected: queue, skip, cancel_running."),
        ("max_active_tasks: 0", "2:19 E331 max_active_tasks is 0; 1 or more expected"),
        ("deadline: 0s", "2:11 E331 deadline is 0s; more than nothing expected"),
        ("environment: prodution", "2:14 E204 unknown environment \"prodution\". Did you mean production?"),
        ("order: sequental", "2:8 E204 unknown order \"sequental\". Did you mean sequential?"),
        ("secrets: {}", "2:1 E301 unknown key \"secrets\" in the pipeline."),
        ("notify: {failed: [log]}", "2:10 E301 unknown key \"failed\" in notify."),
        ("notify: {failure: log}", "2:19 E010 notify.failure is the text \"log\"; a list expected"),
        (
            "notify: {failure: [{}]}",
            "2:20 E350 an element of notify.failure says not whom to tell; write webhook: https://… or log: true"
        ),
        (
            "notify: {failure: [{webhook: example.org}]}",
            "2:30 E350 \"example.org\" is no web address; begin with https:// or http://"
        ),
        (
            "notify: {failure: [{webhook: \"${tasks.t.outputs.x}\"}]}",
            "2:31 E122 ${tasks.t.outputs.x}: `tasks` is known only in a task; here stand params, variables, run, event, env, secrets"
        ),
        (
            "notify: {success: [{log: true, log_lines: 5}]}",
            "2:32 E350 log_lines has no effect on notify.success: it is for failure and retry, where a task has failed"
        ),
        (
            "notify: {deadline: [log]}",
            "2:10 E350 notify.deadline would never be sent: the pipeline has no `deadline`; write for instance deadline: 20m"
        ),
        ("defaults: {pool: a b}", "2:18 E102 pool in defaults \"a b\" is not a usable name;"),
    ])
    func `what is wrong with a key of the pipeline`(line: String, problem: String) throws {
        let found = try problems("pipeline: p\n\(line)\ntasks: {t: {run: x}}")
        #expect(found.count == 1 && found[0].hasPrefix(problem), "\(found)")
    }

    @Test(arguments: [
        ("run: x\nallow_failure: yes", "5:20 E010 allow_failure of task t is the text \"yes\"; true or false expected"),
        ("run: x\npriority: high", "5:15 E010 priority of task t is the text \"high\"; a whole number expected"),
        ("run: x\nproduces: ratings", "5:15 E010 produces of task t is the text \"ratings\"; a list expected"),
        ("run: x\nnotify: {}", "5:5 E301 unknown key \"notify\" in task t."),
        ("run: x\ndeadline: 5m", "5:5 E301 unknown key \"deadline\" in task t."),
    ])
    func `what is wrong with a key of a task`(lines: String, problem: String) throws {
        let found = try taskProblems(lines)
        #expect(found.count == 1 && found[0].hasPrefix(problem), "\(found)")
    }
}
