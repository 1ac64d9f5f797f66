"""A model of the `implicit` library, trained on a ratings file, served by mlstack.

    pip install implicit mlflow-skinny
    MLFLOW_TRACKING_URI=http://127.0.0.1:8080 python Tests/mlflow/implicit_example.py datasets/demo/ratings.csv

Trains ALS on the ratings of 4 stars and more, logs the factors as plain arrays with an `mlstack.json` that says which file is
what, registers the version, gives it the alias `production`, and asks the server for recommendations: those of somebody the
model knows must be what the library itself recommends. Production is then this version until the next simulated day, or until
`mlstack model rollback movies`.
"""

import csv
import json
import os
import pathlib
import sys
import tempfile
import urllib.parse
import urllib.request

os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
os.environ.setdefault("MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT", "true")
# The library asks for one thread of the linear algebra below it; its own threads do the rest.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

if len(sys.argv) != 2 or not os.environ.get("MLFLOW_TRACKING_URI", "").startswith("http"):
    sys.exit("usage: MLFLOW_TRACKING_URI=http://127.0.0.1:8080 python implicit_example.py RATINGS.csv")

import implicit  # noqa: E402
import mlflow  # noqa: E402
import numpy as np  # noqa: E402
import scipy.sparse as sparse  # noqa: E402
from mlflow import MlflowClient  # noqa: E402

MODEL = "movies"
SETTINGS = {"factors": 32, "regularization": 0.05, "alpha": 5.0, "iterations": 15}


def ratings(path):
    """Everything of at least 4 stars as a sparse matrix of users and items, and the ids of its rows and columns."""
    with open(path, newline="", encoding="utf-8") as file:
        liked = [(row["userId"], row["movieId"]) for row in csv.DictReader(file) if float(row["rating"]) >= 4]
    users, items = sorted({user for user, _ in liked}), sorted({item for _, item in liked})
    row, column = {user: at for at, user in enumerate(users)}, {item: at for at, item in enumerate(items)}
    places = [row[user] for user, _ in liked], [column[item] for _, item in liked]
    return sparse.csr_matrix((np.ones(len(liked), np.float32), places), (len(users), len(items))), users, items


def save(folder, model, users, items):
    np.savez_compressed(folder / "factors.npz", item_factors=model.item_factors, user_factors=model.user_factors)
    (folder / "items.json").write_text(json.dumps(items))
    (folder / "users.json").write_text(json.dumps(users))
    manifest = {
        "mlstack_format": "factors",
        "item_factors": "factors.npz", "items": "items.json",
        "user_factors": "factors.npz", "users": "users.json",
        # What ALS itself minimises: every item that somebody did not choose counts a little against.
        "fold_in": {"regularization": 1, "unobserved_weight": 1},
    }
    (folder / "mlstack.json").write_text(json.dumps(manifest, indent=2))


def served(path, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(
        mlflow.get_tracking_uri() + path, data, {"Content-Type": "application/json"} if data else {})
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def main():
    matrix, users, items = ratings(sys.argv[1])
    print(f"{matrix.shape[0]} users, {matrix.shape[1]} items, {matrix.nnz} ratings of 4 stars and more")
    model = implicit.als.AlternatingLeastSquares(**SETTINGS, random_state=7)
    model.fit(matrix, show_progress=False)

    mlflow.set_experiment("implicit")
    client = MlflowClient()
    with mlflow.start_run() as run, tempfile.TemporaryDirectory() as folder:
        mlflow.log_params(SETTINGS)
        save(pathlib.Path(folder), model, users, items)
        mlflow.log_artifacts(folder, "model")
    if MODEL not in [known.name for known in client.search_registered_models()]:
        client.create_registered_model(MODEL)
    version = client.create_model_version(
        MODEL, f"runs:/{run.info.run_id}/model", run.info.run_id, tags={"mlstack.algorithm": "implicit-als"})
    client.set_registered_model_alias(MODEL, "production", version.version)
    print(f"version {version.version} of {MODEL} is in production")

    for row in range(0, len(users), max(1, len(users) // 20)):
        answer = served(f"/api/v1/recommendations/{urllib.parse.quote(users[row])}?exclude_seen=false")
        assert answer["known"] and answer["model"]["version"] == int(version.version), answer["model"]
        expected, scores = model.recommend(row, matrix[row], N=10, filter_already_liked_items=False)
        for film, at, score in zip(answer["items"], expected, scores):
            # Two items may change places only where their scores are the same but for rounding.
            assert film["item"] == items[at] or abs(film["score"] - score) < 1e-4, (users[row], film, items[at])
            assert abs(film["score"] - score) < 1e-3, (film, score)
    print("known users get what the library recommends")

    history = [{"item": items[at], "rating": 5} for at in matrix[0].indices[:5]]
    answer = served("/api/v1/recommendations", {"history": history, "k": 5})
    print("somebody new, by fold-in:", ", ".join(film["title"] or film["item"] for film in answer["items"]))
    similar = served(f"/api/v1/items/{items[0]}/similar?k=5")
    expected = [items[at] for at in model.similar_items(0, N=6)[0] if at != 0][:5]
    assert {film["item"] for film in similar["items"]} == set(expected), (similar["items"], expected)
    print("similar items are the library's too")
    batch = served("/api/v1/recommendations/batch", {"users": users[:3], "k": 3})
    assert [len(result["items"]) for result in batch["results"]] == [3, 3, 3]
    print("ok")


if __name__ == "__main__":
    main()
