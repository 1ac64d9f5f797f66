"""The real MLflow client against a running server: this one, or MLflow's own.

    MLFLOW_TRACKING_URI=http://127.0.0.1:8080 python Tests/mlflow/client_test.py [GROUP...]

Needs `mlflow` and `scikit-learn`; `make test-mlflow` sees to them and to the servers. Everything it makes has a random word in its
name, so it may run against a server that is in use, and again. Makes every call of calls.txt. Prints one line per group and the
number of checks; ends with status 1 if a group fails.
"""

import sys
import time
import traceback

from client import checks
from client.artifacts import artifacts, downloads
from client.autologging import autologging, evaluating
from client.experiments import experiments
from client.models import loading, logged_models, logging_models
from client.production import production
from client.registry import aliases, prompts, registry, stages
from client.runs import batches, inputs, runs
from client.search import experiment_search, logged_model_search, registered_model_search, run_search, version_search
from client.tracing import tracing

import mlflow  # noqa: E402  (after what sets its environment)

GROUPS = {
    "experiments": experiments, "runs": runs, "batches and histories": batches, "dataset inputs": inputs, "artifacts": artifacts,
    "downloads": downloads, "models of runs": logging_models, "loading models": loading, "logged models": logged_models,
    "registry": registry, "aliases": aliases, "stages": stages, "prompts": prompts, "search of runs": run_search,
    "search of experiments": experiment_search, "search of registered models": registered_model_search,
    "search of versions": version_search, "search of logged models": logged_model_search, "autologging": autologging,
    "evaluation": evaluating, "traces and webhooks": tracing, "models:/movies@production": production,
}


def main():
    started, broken = time.monotonic(), []
    chosen = sys.argv[1:]
    server = "MLflow's own server" if checks.OTHER else "mlstack"
    print(f"mlflow {mlflow.__version__} against {server}, {checks.URL}", flush=True)
    for name, group in GROUPS.items():
        if chosen and name not in chosen:
            continue
        before, failed, start = checks.checks, len(checks.failures), time.monotonic()
        try:
            group(mlflow.set_experiment(f"{name} {checks.WORD}").experiment_id)
        except Exception:
            broken.append(name)
            checks.check(False, f"{name} ended early:\n{traceback.format_exc(limit=2)}")
        finally:
            while mlflow.active_run():
                mlflow.end_run()
        failed = len(checks.failures) - failed
        told = f", {failed} FAILED" if failed else ""
        print(f"  {name}: {checks.checks - before} checks{told}, {time.monotonic() - start:.2f} s", flush=True)
    if not chosen and not broken:
        checks.everything_was_driven()
    for difference in checks.left_out:
        print(f"  left out of MLflow's own server: {difference}")
    sent, failures = checks.requests_sent, checks.failures
    print(
        f"{'FAILED' if failures else 'ok'}: {checks.checks} checks, {len(failures)} failed, {len(checks.driven)} of {len(checks.CALLS)} calls of calls.txt, "
        f"{sum(sent.values()):,} requests to {len(sent)} paths, {time.monotonic() - started:.1f} s")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
