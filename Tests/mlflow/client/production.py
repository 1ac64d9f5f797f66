"""The model that the daily pipeline promoted, opened in Python, chooses what the server's own endpoint chooses."""

import json
import pathlib
import subprocess
import sys
import urllib.parse

import mlflow
import pandas as pd
import requests
from mlflow.exceptions import MlflowException

from client.checks import OTHER, URL, check, client, equal

# Run in a Python of its own, in which nothing but MLflow and numpy may be loaded: what else a model needs would show.
PLAIN = """
import json, sys
for name in ("sklearn", "scipy", "torch", "implicit"):
    sys.modules[name] = None
import mlflow
people = json.loads(sys.argv[1])
model = mlflow.pyfunc.load_model("models:/movies@production")
print(json.dumps([list(films) for films in model.predict([{"user": user} for user in people])]))
"""


def served(path, **more):
    answer = requests.request("POST" if more else "GET", URL + path, **more)
    assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text[:300]}"
    return answer.json()


def production(_):
    if OTHER:
        return
    try:
        version = client.get_model_version_by_alias("movies", "production")
    except MlflowException as error:
        equal(error.error_code, "INVALID_PARAMETER_VALUE", "no such alias")
        return print("  (no production version of movies yet: let a simulated day go by)")
    run = client.get_run(version.run_id)
    check(run.data.params and run.data.metrics and run.inputs.dataset_inputs, "the run that made it tells how")
    check(all(d.dataset.name and d.dataset.digest and d.dataset.source for d in run.inputs.dataset_inputs), "each dataset has its name, digest and source")
    equal(len(run.outputs.model_outputs), 1, "the model is an output of the run")
    for output in run.outputs.model_outputs:
        logged = mlflow.get_logged_model(output.model_id)
        equal((str(logged.status), logged.source_run_id), ("READY", version.run_id), "and a logged model")
        check(logged.metrics, "which has the run's metrics")
    info = mlflow.models.get_model_info("models:/movies@production")
    check(info.signature and info.signature.inputs and info.signature.outputs, f"its signature: {info.signature}")
    check(info.saved_input_example_info is not None, "an input example is logged")
    model = mlflow.pyfunc.load_model("models:/movies@production")
    if model.input_example is not None:
        check(len(model.predict(model.input_example)) > 0, "the example can be predicted")
    people = [person["user"] for person in served("/api/v1/users?limit=20")["users"]] + ["nobody at all"]
    done = subprocess.run([sys.executable, "-c", PLAIN, json.dumps(people)], capture_output=True, text=True)
    check(done.returncode == 0, f"opened with nothing but numpy: {done.stderr[-2000:]}")
    lists = json.loads(done.stdout.strip().splitlines()[-1])
    folder = pathlib.Path(mlflow.artifacts.download_artifacts("models:/movies@production"))
    written = folder / "requirements.txt"
    needs = {line.split("=")[0].split(">")[0].strip() for line in (written.read_text() if written.exists() else "").splitlines() if line.strip()}
    check(needs <= {"mlflow", "numpy", "pandas"}, f"its requirements: {needs}")
    equal([len(films) for films in lists], [10] * len(people), "ten for everybody")
    for column in ("user", "user_id"):
        equal([list(films) for films in model.predict(pd.DataFrame({column: people}))], lists, f"from a table with the column {column}")
    compared = 0
    for films, person in zip(lists, people):
        answer = served(f"/api/v1/recommendations/{urllib.parse.quote(person)}")
        equal(answer["model"]["version"], int(version.version), "the server answers with the same version")
        # A rating of today masks a film at the server at once; the model's own mask is of the day it was trained on.
        if not answer["known"] or films == [film["item"] for film in answer["items"]]:
            equal(films, [film["item"] for film in answer["items"]], f"the same films as the server's for {person}")
            compared += 1
    check(compared >= len(people) * 0.9, f"the same films for {compared} of {len(people)} people")
    frame = pd.DataFrame({"user": people})
    forms = [
        {"dataframe_split": frame.to_dict(orient="split")}, {"dataframe_records": frame.to_dict(orient="records")},
        {"inputs": people}, {"instances": [{"user": person} for person in people]}, {"inputs": {"user": people}, "params": {"k": 10}},
    ]
    for form in forms:
        equal(served("/invocations", json=form)["predictions"], lists, f"as {next(iter(form))}")
    answer = served("/invocations", data=frame.to_csv(index=False).encode(), headers={"Content-Type": "text/csv"})
    equal(answer["predictions"], lists, "as CSV")
    equal(len(served("/invocations", json={"inputs": ["1"], "params": {"k": 3}})["predictions"][0]), 3, "k")
