extension AirflowRuntime {
    /// Tasks of a pipeline that a running mlstack carries out; expects `PIPELINE` and the functions of `request`.
    static let stack = #"""
        def answer_of(method, path, body=None):
            """What the mlstack server says; a refusal fails the task."""
            status, answer = ask(method, f"{MLSTACK_URL}/api/v1/pipelines/{PIPELINE}{path}", body)
            if status >= 400:
                raise AirflowException(f"mlstack at {MLSTACK_URL} answered with status {status}: {answer[:500]}")
            return answer


        def run_path(ti):
            return f"/runs/{urllib.parse.quote(ti.xcom_pull(task_ids=START, key='return_value', map_indexes=-1), safe='')}"


        class StackRun(BaseOperator):
            """Starts the pipeline's run on the mlstack server."""

            def execute(self, context):
                dag_run = context["dag_run"]
                body = {"params": {name: text(value) for name, value in context["params"].items()}}
                if SENDS_DATE and dag_run.run_type != "manual":
                    body["logical_date"] = dag_run.run_after.isoformat()
                run = json.loads(answer_of("POST", "/runs", body))["id"]
                self.log.info("mlstack runs it as %s", run)
                return run


        class StackTask(BaseOperator):
            """Waits for a task of that run, shows its log and outputs, and ends as it did."""

            def execute(self, context):
                ti = context["ti"]
                self.path = run_path(ti)
                while True:
                    run = json.loads(answer_of("GET", self.path))
                    states = {task["id"]: task for task in run["tasks"]}
                    task = states[self.task_id]
                    if task["state"] in ("success", "skipped", "failed", "upstream_failed", "cancelled", "removed"):
                        break
                    if run["state"] in ("failed", "cancelled"):
                        raise AirflowFailException(f"{run['id']} ended as {run['state']}: {run.get('message')}")
                    time.sleep(1)
                if task["attempt"]:
                    log = answer_of("GET", f"{self.path}/tasks/{urllib.parse.quote(self.task_id)}/logs")
                    for line in log.splitlines():
                        self.log.info("%s", line)
                for key, value in (task.get("outputs") or {}).items():
                    ti.xcom_push(key, value)
                if task["state"] == "skipped":
                    raise AirflowSkipException(task.get("message") or "skipped")
                if task["state"] != "success":
                    raise AirflowFailException(f"{task['state']}: {task.get('message')}")

            def on_kill(self):
                if hasattr(self, "path"):
                    answer_of("POST", f"{self.path}/cancel", {})


        class StackOutcome(BaseOperator):
            """Ends as the run on the mlstack server did: a task with allow_failure does not count there."""

            def execute(self, context):
                path = run_path(context["ti"])
                while (run := json.loads(answer_of("GET", path)))["state"] not in ("success", "failed", "cancelled"):
                    time.sleep(1)
                if run["state"] != "success":
                    raise AirflowFailException(f"{run['id']} ended as {run['state']}: {run.get('message')}")
        """#
}
