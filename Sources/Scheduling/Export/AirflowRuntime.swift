/// The Python that exported DAG files carry with them, so that each is one file that needs nothing but Airflow.
enum AirflowRuntime {
    /// What every DAG with steps of its own needs: values and how they are put in.
    static let values = #"""
        def text(value):
            """The text of a value as mlstack writes it; one that is not there fails the task."""
            if value is None or isinstance(value, Undefined):
                raise AirflowException("a value that this task needs is not there")
            if isinstance(value, bool):
                return "true" if value else "false"
            if isinstance(value, (dict, list, tuple)):
                return json.dumps(value, ensure_ascii=False)
            return str(value)


        def word(value):
            """A value as one word of the shell, whatever is in it."""
            result = text(value)
            if "\0" in result:
                raise AirflowException("a value holds a NUL, which no shell can pass on")
            return "'" + result.replace("'", "'\\''") + "'"


        def in_single_quotes(value):
            return "'" + word(value) + "'"


        def in_double_quotes(value):
            return '"' + word(value) + '"'


        def in_comment(value):
            return " ".join(text(value).splitlines())


        def run_value(dag_run, name):
            """What ${run.…} stands for: dates in the pipeline's zone, and beside each its _utc."""
            moment = {
                "started_at": dag_run.start_date,
                "data_interval.start": dag_run.data_interval_start or dag_run.run_after,
                "data_interval.end": dag_run.data_interval_end or dag_run.run_after,
            }.get(name.removesuffix("_utc"), dag_run.run_after)
            moment = pendulum.instance(moment).in_timezone("UTC" if name.endswith("_utc") else TIMEZONE)
            written = moment.isoformat(timespec="milliseconds" if moment.microsecond >= 1000 else "seconds")
            return written.replace("+00:00", "Z") if name.endswith("_utc") else written


        def output(ti, task_id, key, mapped=False):
            """An output of a task before this one; of a mapped task, the list of all of them."""
            if not mapped:
                return ti.xcom_pull(task_ids=task_id, key=key, map_indexes=-1)
            values = list(ti.xcom_pull(task_ids=[task_id], key="return_value" if key == "count" else key))
            return len(values) if key == "count" else values


        def field(value, *path):
            """What a path leads to in a value that is JSON; None when it leads nowhere."""
            for name in path:
                if isinstance(value, str):
                    try:
                        value = json.loads(value)
                    except ValueError:
                        return None
                if isinstance(value, dict):
                    value = value.get(name)
                elif isinstance(value, list) and str(name).isdigit() and int(name) < len(value):
                    value = value[int(name)]
                else:
                    return None
            return value


        def event(dag_run, asset_events, *path):
            """What ${event.…} stands for: the asset events that started the run, else what its conf says."""
            found = dict(dag_run.conf or {})
            events = [(asset.name, one) for asset, events in (asset_events or {}).items() for one in events]
            rows = 0
            for name, one in sorted(events, key=lambda pair: pair[1].timestamp):
                extra = one.extra or {}
                found.update(extra)
                count = str(extra.get("new_rows", extra.get("rows", "")))
                rows += int(count) if count.isdigit() else 0
                found.update(dataset=name, new_rows=rows, run_id=one.source_run_id or "", task=one.source_task_id or "")
            return found.get(".".join(path), field(found, *path))


        def secret(name):
            """A secret of the worker's environment, MLSTACK_SECRET_<name>, hidden in Airflow's logs."""
            value = os.environ.get(f"MLSTACK_SECRET_{name}")
            if value is None:
                raise AirflowException(f"the environment of the worker has no MLSTACK_SECRET_{name}")
            mask_secret(value)
            return value
        """#

    /// Where triggers give parameters; expects `TRIGGER_PARAMS`.
    static let triggerParams = #"""
        def given_params(params, dag_run, asset_events):
            """The parameters, with those that the trigger gives when nobody gave them by hand."""
            kind = str(getattr(dag_run.run_type, "value", dag_run.run_type))
            merged = dict(params)
            for name, value in TRIGGER_PARAMS.get(kind, {}).items():
                if name not in (dag_run.conf or {}):
                    merged[name] = value(dag_run, asset_events) if callable(value) else value
            return merged
        """#
}
