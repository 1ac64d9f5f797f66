"""A fresh stack in a temporary home, and what a story needs to put into it."""

import http.client
import json
import pathlib
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from contextlib import contextmanager

from browser import PATIENCE, Failed

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent / "Benchmarks"))
import harness

DEMO = ("--dataset", "demo", "--paused", "--day-length", "0")


class Stack:
    def __init__(self, port, home):
        self.port, self.home, self.url = port, pathlib.Path(home), f"http://127.0.0.1:{port}"

    def ask(self, path, body=None, method=None):
        status, text = harness.ask(self.port, path, method or ("GET" if body is None else "POST"), body)
        if status >= 400:
            raise Failed(f"{path} answered {status}: {text[:500]}")
        return json.loads(text)

    def until(self, condition, what, patience=6 * PATIENCE):
        before = time.monotonic()
        while not (value := condition()):
            if time.monotonic() - before > patience:
                raise Failed(f"waited {patience} s for {what}")
            time.sleep(0.02)
        return value

    def mlflow(self, path, body=None):
        return self.ask(f"/api/2.0/mlflow/{path}", body)

    def days(self, count):
        """Lets so many simulated days go by, with all that they start."""
        wanted = self.ask("/api/v1/replay")["day"] + count
        self.ask("/api/v1/replay", {"action": "step", "days": count})
        self.until(lambda: (now := self.ask("/api/v1/replay"))["day"] >= wanted and now["state"] in ("paused", "finished"), f"{count} days")

    def write(self, name, text):
        """A pipeline's file; the stack takes it up by itself."""
        folder = self.home / "pipelines"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.yaml").write_text(text)

    def listed(self, pipeline):
        self.until(lambda: any(each["id"] == pipeline for each in self.ask("/api/v1/pipelines")["pipelines"]), f"{pipeline} to be listed")

    def run(self, pipeline, **params):
        """Starts a run and waits for its end."""
        self.listed(pipeline)
        path = f"/api/v1/pipelines/{pipeline}/runs"
        path += f"/{self.ask(path, {'params': params})['id']}"
        return self.until(lambda: (run := self.ask(path))["ended_at"] and run, f"{path} to end")

    def track(self, experiment, name, params, metrics, tags=()):
        """A run as the MLflow client logs one: `metrics` has a list of values for each name. Its experiment's id and its own."""
        try:
            ident = self.mlflow("experiments/create", {"name": experiment})["experiment_id"]
        except Failed:
            ident = self.mlflow(f"experiments/get-by-name?experiment_name={urllib.parse.quote(experiment)}")["experiment"]["experiment_id"]
        run = self.mlflow("runs/create", {"experiment_id": ident, "run_name": name, "start_time": int(time.time() * 1000)})["run"]["info"]["run_id"]
        points = [{"key": key, "value": value, "timestamp": 1, "step": step} for key, values in metrics.items() for step, value in enumerate(values)]
        pairs = lambda of: [{"key": key, "value": value} for key, value in dict(of).items()]
        self.mlflow("runs/log-batch", {"run_id": run, "metrics": points, "params": pairs(params), "tags": pairs(tags)})
        self.mlflow("runs/update", {"run_id": run, "status": "FINISHED", "end_time": int(time.time() * 1000)})
        return ident, run

    def keep(self, experiment, run, path, content):
        """Stores a file of a run; its address."""
        address = f"{self.url}/api/2.0/mlflow-artifacts/artifacts/{experiment}/{run}/artifacts/{urllib.parse.quote(path)}"
        with urllib.request.urlopen(urllib.request.Request(address, content, {"Content-Type": "application/octet-stream"}, method="PUT")) as answer:
            answer.read()
        return address


@contextmanager
def stack(program, *options, before=lambda home: None):
    """`before(home)` puts into the home what is to be there at the start."""
    with tempfile.TemporaryDirectory(prefix="mlstack-ui-") as folder:
        home = pathlib.Path(folder) / "home"
        home.mkdir()
        before(home)
        with harness.stack(program, str(home), *(options or DEMO)) as (port, _):
            yield Stack(port, home)
