/// The operators of exported tasks.
extension AirflowRuntime {
    /// A `run:` task.
    static let shell = #"""
        class Shell(BashOperator):
            """A `run:` task of mlstack: tasks of one run share a folder, and what is appended to $MLSTACK_OUTPUT as
            key=value lines becomes XComs beside the last line of standard output."""

            template_fields = ("when", "item", "bash_command", "env", "cwd")
            # A command that ends with .sh is a command here, and not the name of a template file.
            template_ext = ()

            def __init__(self, *, when="", item="", **kwargs):
                # An exit code of 99 is a failure like any other.
                super().__init__(append_env=True, skip_on_exit_code=None, **kwargs)
                self.when = when
                self.item = item

            def execute(self, context):
                ti, dag_run = context["ti"], context["dag_run"]
                folder = run_folder(dag_run)
                self.cwd = os.path.join(os.path.dirname(os.path.abspath(__file__)), self.cwd) if self.cwd else folder
                with tempfile.TemporaryDirectory() as scratch:
                    path = os.path.join(scratch, "output")
                    open(path, "w").close()
                    self.env = {
                        "MLFLOW_EXPERIMENT_NAME": dag_run.dag_id,
                        **(self.env or {}),
                        "MLSTACK_RUN_ID": dag_run.run_id,
                        "MLSTACK_TASK_ID": ti.task_id,
                        "MLSTACK_ATTEMPT": str(ti.try_number),
                        "MLSTACK_PIPELINE": dag_run.dag_id,
                        "MLSTACK_LOGICAL_DATE": run_value(dag_run, "logical_date"),
                        "MLSTACK_DATA_INTERVAL_START": run_value(dag_run, "data_interval.start"),
                        "MLSTACK_DATA_INTERVAL_END": run_value(dag_run, "data_interval.end"),
                        "MLSTACK_OUTPUT": path,
                    }
                    last_line = super().execute(context)
                    with open(path, encoding="utf-8") as file:
                        lines = [line.rstrip("\n") for line in file if line.strip()]
                for line in lines:
                    if "=" not in line:
                        raise AirflowException(f"{line[:80]!r} in $MLSTACK_OUTPUT is not key=value")
                outputs = dict(line.split("=", 1) for line in lines)
                for key, value in outputs.items():
                    ti.xcom_push(key, value)
                for asset in self.outlets:
                    context["outlet_events"][asset].extra = outputs
                return outputs.get("return_value", last_line)


        def run_folder(dag_run):
            """The folder that the tasks of a run share; on several workers, MLSTACK_WORK names a disk they all see."""
            root = os.environ.get("MLSTACK_WORK") or os.path.join(tempfile.gettempdir(), f"mlstack-{os.getuid()}")
            folder = os.path.join(root, dag_run.dag_id, re.sub(r"[^A-Za-z0-9_.-]", "_", dag_run.run_id))
            os.makedirs(folder, mode=0o700, exist_ok=True)
            return folder
        """#

    /// The list of a `foreach` that is known only while the run goes on.
    static let items = #"""
        class Items(BaseOperator):
            """What a `foreach` repeats its task over: a JSON list, or one item a line."""

            template_fields = ("when", "items")

            def __init__(self, *, items, when="", **kwargs):
                super().__init__(**kwargs)
                self.items = items
                self.when = when

            def execute(self, context):
                if self.items.lstrip().startswith("["):
                    return [text(item) for item in json.loads(self.items)]
                return [line for line in self.items.splitlines() if line.strip()]
        """#

    /// Fails the run where Airflow, which looks at the last tasks alone, would call it a success.
    static let outcome = #"""
        class AnyFailure(BaseOperator):
            """A run fails when one of its tasks has: Airflow alone looks at the last tasks only."""

            def execute(self, context):
                raise AirflowFailException("a task of this run failed")
        """#
}
