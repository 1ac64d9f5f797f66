"""The real MLflow client against a running server.

    MLFLOW_TRACKING_URI=http://127.0.0.1:8080 python Tests/mlflow/client_test.py

Needs `mlflow`, `numpy`, `pandas` and `scikit-learn`. Everything it makes has a random word in its name, so it may run against a
server that is in use, and again. Prints one line per group and the number of checks; the first check that fails ends it.
"""

import json
import logging
import math
import os
import pathlib
import sys
import tempfile
import time
import urllib.parse
import urllib.request
import uuid

# Nothing may leave this machine, and a server's failure shall show at once instead of after minutes of asking again.
os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
os.environ.setdefault("DO_NOT_TRACK", "true")
os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
os.environ.setdefault("MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT", "true")

if not os.environ.get("MLFLOW_TRACKING_URI", "").startswith("http"):
    sys.exit("error: MLFLOW_TRACKING_URI names no server.\n  fix: export MLFLOW_TRACKING_URI=http://127.0.0.1:8080")

import mlflow  # noqa: E402
import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
from mlflow import MlflowClient  # noqa: E402
from mlflow.entities import Dataset, DatasetInput, Metric, Param, RunTag, ViewType  # noqa: E402
from mlflow.exceptions import MlflowException  # noqa: E402
from sklearn.linear_model import LinearRegression  # noqa: E402

logging.getLogger("mlflow").setLevel(logging.ERROR)

WORD = uuid.uuid4().hex[:8]
client = MlflowClient()
checks = 0


def check(condition, what):
    global checks
    assert condition, what
    checks += 1


def equal(actual, expected, what):
    check(actual == expected, f"{what}: {actual!r} is not {expected!r}")


def refused(code, phrase, call, *arguments, **named):
    """The call must be refused with this error code and a message that holds the phrase."""
    try:
        call(*arguments, **named)
    except MlflowException as error:
        equal(error.error_code, code, f"error code of {phrase!r}")
        check(phrase in str(error), f"{phrase!r} is not in {error}")
        return
    raise AssertionError(f"{call.__name__} was not refused with {phrase!r}")


def experiments():
    name = f"films {WORD}"
    made = mlflow.set_experiment(name)
    equal(made.name, name, "name")
    equal(made.lifecycle_stage, "active", "stage")
    equal(made.artifact_location, f"mlflow-artifacts:/{made.experiment_id}", "artifact location")
    equal(mlflow.set_experiment(name).experiment_id, made.experiment_id, "the same experiment again")
    equal(mlflow.get_experiment_by_name(name).experiment_id, made.experiment_id, "by name")
    equal(mlflow.get_experiment_by_name(f"none {WORD}"), None, "an experiment that is not there")
    equal(mlflow.get_experiment("0").name, "Default", "the default experiment")
    mlflow.set_experiment_tag("team", "cinema")
    equal(client.get_experiment(made.experiment_id).tags["team"], "cinema", "tag")
    check(made.experiment_id in [e.experiment_id for e in mlflow.search_experiments()], "search_experiments")

    second = client.create_experiment(f"second {WORD}", tags={"a": "b"})
    equal(client.get_experiment(second).tags, {"a": "b"}, "tags of a new experiment")
    refused("RESOURCE_ALREADY_EXISTS", "already exists", client.create_experiment, f"second {WORD}")
    client.rename_experiment(second, f"third {WORD}")
    equal(client.get_experiment(second).name, f"third {WORD}", "renamed")
    run = client.create_run(second)
    client.delete_experiment(second)
    equal(client.get_experiment(second).lifecycle_stage, "deleted", "deleted")
    equal(client.get_experiment_by_name(f"third {WORD}").lifecycle_stage, "deleted", "found by name though deleted")
    equal(client.get_run(run.info.run_id).info.lifecycle_stage, "deleted", "its run is deleted with it")
    check(second not in [e.experiment_id for e in client.search_experiments()], "hidden")
    check(second in [e.experiment_id for e in client.search_experiments(ViewType.DELETED_ONLY)], "among the deleted")
    refused("INVALID_PARAMETER_VALUE", "must be in the 'active' state", client.create_run, second)
    client.restore_experiment(second)
    equal(client.get_run(run.info.run_id).info.lifecycle_stage, "active", "its run comes back with it")
    refused("RESOURCE_DOES_NOT_EXIST", "No Experiment with id=99999999 exists", client.get_experiment, "99999999")

    pages, token = [], None
    while True:
        page = client.search_experiments(ViewType.ALL, max_results=2, page_token=token)
        pages += [e.experiment_id for e in page]
        token = page.token
        if not token:
            break
    equal(sorted(pages, key=int), sorted(set(pages), key=int), "pages repeat nothing")
    check(made.experiment_id in pages and second in pages, "pages leave nothing out")
    return made.experiment_id


def runs(experiment):
    with mlflow.start_run(run_name="first", tags={"kind": "test"}, description="what it is") as active:
        run_id = active.info.run_id
        mlflow.log_param("alpha", 40)
        mlflow.log_params({"factors": 64, "note": "ünïcode ✓", "empty": ""})
        mlflow.log_metric("loss", 0.5, step=0)
        mlflow.log_metric("loss", 0.25, step=1)
        mlflow.log_metrics({"ndcg_at_10": 0.125, "tiny": 1e-300, "whole": 3}, step=1)
        mlflow.log_metric("nothing", float("nan"))
        mlflow.log_metric("endless", float("inf"))
        mlflow.log_metric("later", 1.5, synchronous=False).wait()
        mlflow.set_tag("stage", "test")
        mlflow.set_tags({"a": "1", "b": 2})
        mlflow.delete_tag("a")
        refused("INVALID_PARAMETER_VALUE", "Changing param values is not allowed", mlflow.log_param, "alpha", 41)
        mlflow.log_param("alpha", 40)
        refused("INVALID_PARAMETER_VALUE", "ndcg_at_10", mlflow.log_metric, "ndcg@10", 1)
        refused("RESOURCE_DOES_NOT_EXIST", "No tag with name: a in run with id", mlflow.delete_tag, "a")
        equal(client.get_run(run_id).info.status, "RUNNING", "status while it runs")

    run = mlflow.get_run(run_id)
    equal(run.info.status, "FINISHED", "status")
    equal(run.info.run_name, "first", "name")
    equal(run.info.artifact_uri, f"mlflow-artifacts:/{experiment}/{run_id}/artifacts", "artifact uri")
    check(run.info.end_time >= run.info.start_time > 0, "times")
    equal(run.data.params, {"alpha": "40", "factors": "64", "note": "ünïcode ✓", "empty": ""}, "params")
    equal(run.data.metrics["loss"], 0.25, "latest point")
    equal(run.data.metrics["tiny"], 1e-300, "a tiny value")
    equal(run.data.metrics["whole"], 3.0, "a whole value")
    check(math.isnan(run.data.metrics["nothing"]), "NaN")
    equal(run.data.metrics["endless"], sys.float_info.max, "infinity is the largest number")
    equal(run.data.metrics["later"], 1.5, "asynchronous")
    equal({k: run.data.tags.get(k) for k in ("kind", "stage", "a", "b")}, {"kind": "test", "stage": "test", "a": None, "b": "2"}, "tags")
    equal(run.data.tags["mlflow.note.content"], "what it is", "description")

    history = client.get_metric_history(run_id, "loss")
    equal([(m.step, m.value) for m in history], [(0, 0.5), (1, 0.25)], "history")
    equal(client.get_metric_history(run_id, "none"), [], "no history")
    now = int(time.time() * 1000)
    client.log_batch(run_id, metrics=[Metric("many", i / 7, now + i, i) for i in range(1000)])
    client.log_batch(run_id, params=[Param(f"p{i}", str(i)) for i in range(100)], tags=[RunTag(f"t{i}", str(i)) for i in range(100)])
    many = client.get_metric_history(run_id, "many")
    equal([m.value for m in many], [i / 7 for i in range(1000)], "a thousand points")
    equal(len(client.get_run(run_id).data.params), 104, "a hundred params")

    client.update_run(run_id, status="FAILED", name="renamed")
    run = client.get_run(run_id)
    equal((run.info.status, run.info.run_name, run.data.tags["mlflow.runName"]), ("FAILED", "renamed", "renamed"), "updated")
    client.set_tag(run_id, "mlflow.runName", "again")
    equal(client.get_run(run_id).info.run_name, "again", "the tag renames")
    client.set_terminated(run_id, "FINISHED")

    with mlflow.start_run() as parent:
        with mlflow.start_run(nested=True) as child:
            mlflow.log_metric("x", 1)
    equal(client.get_run(child.info.run_id).data.tags["mlflow.parentRunId"], parent.info.run_id, "nested")
    check(len(parent.info.run_name.split("-")) == 3, "a made-up name")

    found = mlflow.search_runs([experiment])
    equal(set(found.run_id), {run_id, parent.info.run_id, child.info.run_id}, "search_runs")
    equal(float(found.set_index("run_id").loc[run_id, "metrics.loss"]), 0.25, "its metrics")
    equal(len(mlflow.search_runs(experiment_names=[f"films {WORD}"])), 3, "by experiment name")
    first = client.search_runs([experiment], max_results=2)
    rest = client.search_runs([experiment], max_results=2, page_token=first.token)
    equal((len(first), len(rest), rest.token), (2, 1, None), "pages")
    refused("INVALID_PARAMETER_VALUE", "Invalid clause(s) in filter string", client.search_runs, [experiment], "metrics.loss < 1")
    client.delete_run(child.info.run_id)
    equal(len(client.search_runs([experiment])), 2, "deleted is hidden")
    equal(len(client.search_runs([experiment], run_view_type=ViewType.DELETED_ONLY)), 1, "the deleted alone")
    refused("INVALID_PARAMETER_VALUE", "must be in the 'active' state", client.log_metric, child.info.run_id, "x", 2)
    client.restore_run(child.info.run_id)
    equal(len(client.search_runs([experiment])), 3, "restored")
    refused("RESOURCE_DOES_NOT_EXIST", "Run with id=" + "0" * 32 + " not found", client.get_run, "0" * 32)
    return run_id


def artifacts(run_id):
    with mlflow.start_run(run_id=run_id):
        mlflow.log_text("hello", "notes/hello.txt")
        mlflow.log_dict({"k": [1, 2]}, "config.json")
        mlflow.log_image(np.zeros((4, 4, 3), dtype=np.uint8), "black.png")
        mlflow.log_table({"user": ["1", "2"], "score": [0.5, 0.25]}, "table.json")
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            (folder / "big.bin").write_bytes(os.urandom(5_000_000))
            (folder / "empty").write_bytes(b"")
            (folder / "deep/er").mkdir(parents=True)
            (folder / "deep/er/ü & 100% +1.txt").write_text("awkward")
            mlflow.log_artifact(str(folder / "big.bin"), "single")
            mlflow.log_artifacts(str(folder), "all")
            with tempfile.TemporaryDirectory() as target:
                got = pathlib.Path(mlflow.artifacts.download_artifacts(run_id=run_id, artifact_path="all", dst_path=target))
                for path in ("big.bin", "empty", "deep/er/ü & 100% +1.txt"):
                    equal((got / path).read_bytes(), (folder / path).read_bytes(), f"{path} comes back")
                got = mlflow.artifacts.download_artifacts(run_id=run_id, artifact_path="single/big.bin", dst_path=target)
                equal(pathlib.Path(got).read_bytes(), (folder / "big.bin").read_bytes(), "one file comes back")
        # A run that is taken up again has lost its end; log_text replaces.
        mlflow.log_text("hello again", "notes/hello.txt")
    uri = client.get_run(run_id).info.artifact_uri
    equal(mlflow.artifacts.load_text(f"{uri}/notes/hello.txt"), "hello again", "replaced")
    equal(mlflow.artifacts.load_dict(f"{uri}/config.json"), {"k": [1, 2]}, "load_dict")
    equal(mlflow.artifacts.load_dict(f"{uri}/table.json")["data"], [["1", 0.5], ["2", 0.25]], "a table")
    listed = {f.path: (f.is_dir, f.file_size) for f in client.list_artifacts(run_id)}
    equal(listed["notes"], (True, None), "a folder")
    equal(listed["config.json"][0], False, "a file")
    equal({f.path: f.file_size for f in client.list_artifacts(run_id, "all")}["all/empty"], 0, "an empty file")
    equal([f.path for f in client.list_artifacts(run_id, "all/deep/er")], ["all/deep/er/ü & 100% +1.txt"], "deep")
    equal(client.list_artifacts(run_id, "none"), [], "a folder that is not there")
    equal(client.list_artifacts(run_id, "config.json"), [], "a file is no folder")


def inputs(experiment):
    frame = pd.DataFrame({"user": [1, 2], "rating": [4.0, 3.5]})
    with mlflow.start_run() as active:
        mlflow.log_input(mlflow.data.from_pandas(frame, name="ratings"), context="training", tags={"day": "2015-01-09"})
    read = client.get_run(active.info.run_id).inputs.dataset_inputs
    equal([d.dataset.name for d in read], ["ratings"], "dataset")
    equal({t.key: t.value for t in read[0].tags}, {"day": "2015-01-09", "mlflow.data.context": "training"}, "its tags")
    check(json.loads(read[0].dataset.profile)["num_rows"] == 2, "its profile")
    found = [r for r in client.search_runs([experiment]) if r.info.run_id == active.info.run_id]
    equal([d.dataset.name for d in found[0].inputs.dataset_inputs], ["ratings"], "in a search, too")


def models(experiment):
    name = f"movies-{WORD}"
    x, y = np.arange(10.0).reshape(-1, 1), np.arange(10.0) * 2
    model = LinearRegression().fit(x, y)
    with mlflow.start_run() as active:
        mlflow.log_metric("rmse", 0.0)
        info = mlflow.sklearn.log_model(model, name="model", registered_model_name=name, pip_requirements=[])
    run_id, model_id = active.info.run_id, info.model_id
    version = client.get_model_version(name, "1")
    equal((version.source, version.run_id), (f"models:/{model_id}", run_id), "version 1")
    equal((version.status, version.current_stage), ("READY", "None"), "its state")
    equal([o.model_id for o in client.get_run(run_id).outputs.model_outputs], [model_id], "outputs of the run")
    logged = client.get_logged_model(model_id)
    equal((logged.name, str(logged.status), logged.source_run_id), ("model", "READY", run_id), "logged model")
    equal(logged.artifact_location, f"mlflow-artifacts:/{experiment}/models/{model_id}/artifacts", "where it lies")

    second = mlflow.register_model(f"runs:/{run_id}/model", name, tags={"by": "hand"})
    equal((str(second.version), second.tags), ("2", {"by": "hand"}), "runs:/")
    third = mlflow.register_model(f"models:/{model_id}", name)
    equal(str(third.version), "3", "models:/m-…")
    fourth = client.copy_model_version(f"models:/{name}/1", f"copy-{WORD}")
    equal((fourth.name, str(fourth.version)), (f"copy-{WORD}", "1"), "copy")

    client.set_registered_model_alias(name, "champion", "2")
    equal(str(client.get_model_version_by_alias(name, "champion").version), "2", "alias")
    client.set_registered_model_alias(name, "champion", "3")
    equal(client.get_registered_model(name).aliases, {"champion": "3"}, "moved")
    refused("INVALID_PARAMETER_VALUE", "Registered model alias nope not found.", client.get_model_version_by_alias, name, "nope")
    refused("RESOURCE_DOES_NOT_EXIST", f"Model Version (name={name}, version=99) not found", client.set_registered_model_alias, name, "x", "99")
    refused("INVALID_PARAMETER_VALUE", "reserved", client.set_registered_model_alias, name, "latest", "1")

    uris = [f"models:/{name}@champion", f"models:/{name}/1", f"models:/{name}/latest", f"runs:/{run_id}/model", f"models:/{model_id}", f"models:/copy-{WORD}/1"]
    client.transition_model_version_stage(name, "1", "Staging")
    uris.append(f"models:/{name}/Staging")
    for uri in uris:
        answer = mlflow.pyfunc.load_model(uri).predict(np.array([[21.0]]))
        check(abs(float(answer[0]) - 42) < 1e-9, f"{uri} predicts {answer}")

    client.transition_model_version_stage(name, "2", "Production")
    equal(str(client.get_model_version_by_alias(name, "production").version), "2", "Production is the alias production")
    client.transition_model_version_stage(name, "3", "Production", archive_existing_versions=True)
    equal(client.get_model_version(name, "2").current_stage, "Archived", "archived")
    latest = {v.current_stage: str(v.version) for v in client.get_latest_versions(name)}
    equal(latest, {"Staging": "1", "Archived": "2", "Production": "3"}, "latest versions")
    equal([str(v.version) for v in client.get_latest_versions(name, ["Production"])], ["3"], "of one stage")
    equal([str(v.version) for v in client.search_model_versions(f"name='{name}'")], ["3", "2", "1"], "search by name")
    equal({(v.name, str(v.version)) for v in client.search_model_versions(f"run_id='{run_id}'")} >= {(name, "1"), (name, "2"), (name, "3")}, True, "search by run")
    check(name in [m.name for m in client.search_registered_models()], "search_registered_models")
    equal([m.name for m in client.search_registered_models(f"name='{name}'")], [name], "by name")
    equal(client.search_registered_models(f"name='none-{WORD}'"), [], "no such model")
    refused("INVALID_PARAMETER_VALUE", "Invalid clause(s) in filter string", client.search_model_versions, "name LIKE 'a%'")
    check(client.get_model_version_download_uri(name, "1").endswith(f"{model_id}/artifacts"), "download uri")

    client.update_registered_model(name, "films for people")
    client.set_registered_model_tag(name, "team", "cinema")
    client.update_model_version(name, "1", "the first")
    client.set_model_version_tag(name, "1", "checked", "yes")
    made = client.get_registered_model(name)
    equal((made.description, made.tags), ("films for people", {"team": "cinema"}), "description and tag")
    version = client.get_model_version(name, "1")
    equal((version.description, version.tags), ("the first", {"checked": "yes"}), "of a version")
    client.delete_registered_model_tag(name, "team")
    client.delete_model_version_tag(name, "1", "checked")
    equal((client.get_registered_model(name).tags, client.get_model_version(name, "1").tags), ({}, {}), "tags are gone")
    client.delete_registered_model_alias(name, "champion")
    refused("INVALID_PARAMETER_VALUE", "not found", client.get_model_version_by_alias, name, "champion")

    client.set_logged_model_tags(model_id, {"note": "kept"})
    equal(client.get_logged_model(model_id).tags["note"], "kept", "tag of a logged model")
    found = client.search_logged_models([experiment], filter_string="name = 'model'")
    check(model_id in [m.model_id for m in found], "search_logged_models")

    refused("RESOURCE_ALREADY_EXISTS", f"Registered Model (name={name}) already exists", client.create_registered_model, name)
    refused("RESOURCE_DOES_NOT_EXIST", f"Registered Model with name=none-{WORD} not found", client.get_registered_model, f"none-{WORD}")
    refused("INVALID_PARAMETER_VALUE", "", client.create_model_version, name, "file:///etc/passwd")
    client.delete_model_version(name, "3")
    refused("RESOURCE_DOES_NOT_EXIST", "not found", client.get_model_version, name, "3")
    equal(str(mlflow.register_model(f"models:/{model_id}", name).version), "4", "numbers are not used again")
    client.delete_registered_model(f"copy-{WORD}")
    refused("RESOURCE_DOES_NOT_EXIST", "not found", client.get_registered_model, f"copy-{WORD}")


def autologging(experiment):
    mlflow.sklearn.autolog(log_datasets=True)
    try:
        with mlflow.start_run() as active:
            LinearRegression().fit(np.arange(6.0).reshape(-1, 1), np.arange(6.0))
    finally:
        mlflow.sklearn.autolog(disable=True)
    run = client.get_run(active.info.run_id)
    equal(run.data.params["fit_intercept"], "True", "its params")
    check("training_r2_score" in run.data.metrics, "its metrics")
    equal(len(run.inputs.dataset_inputs), 1, "its dataset")
    equal(len(run.outputs.model_outputs), 1, "its model")


def evaluating():
    frame = pd.DataFrame({"x": np.arange(6.0), "y": np.arange(6.0)})
    with mlflow.start_run() as active:
        info = mlflow.sklearn.log_model(LinearRegression().fit(frame[["x"]], frame.y), name="judged", pip_requirements=[])
        mlflow.models.evaluate(info.model_uri, frame, targets="y", model_type="regressor", evaluator_config={"log_explainer": False})
    run = client.get_run(active.info.run_id)
    check(run.data.metrics["mean_absolute_error"] < 1e-9, "its metrics")
    equal([m.model_id for m in run.inputs.model_inputs], [info.model_id], "the model that it judged")
    with mlflow.start_run() as active:
        info = mlflow.sklearn.log_model(LinearRegression().fit(frame[["x"]], frame.y), name="late", step=7, pip_requirements=[])
    made = client.get_run(active.info.run_id).outputs.model_outputs
    equal([(m.model_id, m.step) for m in made], [(info.model_id, 7)], "a model of step 7")


def production():
    """The model that the daily pipeline promoted, opened in Python, chooses what the server's own endpoint chooses."""
    try:
        version = client.get_model_version_by_alias("movies", "production")
    except MlflowException as error:
        equal(error.error_code, "INVALID_PARAMETER_VALUE", "no such alias")
        return print("  (no production version of movies yet: let a simulated day go by)")
    run = client.get_run(version.run_id)
    check(run.data.params and run.data.metrics and run.inputs.dataset_inputs, "the run that made it tells how")
    model = mlflow.pyfunc.load_model(f"models:/movies/{version.version}")
    check(mlflow.pyfunc.load_model("models:/movies@production") is not None, "by its alias")
    people = [person["user"] for person in served("/api/v1/users?limit=5")["users"]] + ["nobody at all"]
    lists = model.predict(pd.DataFrame({"user": people}))
    equal([len(films) for films in lists], [10] * len(people), "ten for everybody")
    equal(list(model.predict(pd.DataFrame({"user_id": people}))), list(lists), "another name for the column")
    answers = [served(f"/api/v1/recommendations/{urllib.parse.quote(person)}") for person in people]
    for films, answer in zip(lists, answers):
        # A rating of today masks a film at the server at once; the model's own mask is of the day it was trained on.
        if answer["model"]["version"] == int(version.version) and not answer["known"]:
            equal(films, [film["item"] for film in answer["items"]], "the same films as the server's")
    frame = pd.DataFrame({"user": people})
    forms = [
        {"dataframe_split": frame.to_dict(orient="split")}, {"dataframe_records": frame.to_dict(orient="records")},
        {"inputs": people}, {"instances": [{"user": person} for person in people]}, {"inputs": {"user": people}, "params": {"k": 10}},
    ]
    for form in forms:
        equal(served("/invocations", json.dumps(form), "application/json")["predictions"], list(lists), f"as {next(iter(form))}")
    equal(served("/invocations", frame.to_csv(index=False), "text/csv")["predictions"], list(lists), "as CSV")
    equal(len(served("/invocations", '{"inputs": ["1"], "params": {"k": 3}}', "application/json")["predictions"][0]), 3, "k")


def served(path, body=None, kind=None):
    request = urllib.request.Request(mlflow.get_tracking_uri() + path, body and body.encode(), {"Content-Type": kind} if kind else {})
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def main():
    started = time.monotonic()
    print(f"mlflow {mlflow.__version__} against {mlflow.get_tracking_uri()}")

    def group(name, call, *arguments):
        global checks
        before, start = checks, time.monotonic()
        result = call(*arguments)
        print(f"  {name}: {checks - before} checks, {time.monotonic() - start:.2f} s")
        return result

    experiment = group("experiments", experiments)
    run_id = group("runs, params, metrics, tags", runs, experiment)
    group("artifacts", artifacts, run_id)
    group("dataset inputs", inputs, experiment)
    group("models, versions, aliases, stages", models, experiment)
    group("autologging", autologging, experiment)
    group("evaluation", evaluating)
    group("models:/movies@production", production)
    print(f"ok: {checks} checks in {time.monotonic() - started:.1f} s")


if __name__ == "__main__":
    main()
