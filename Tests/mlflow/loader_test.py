"""The Python loader in a model's folder against the program itself, for every algorithm.

    python Tests/mlflow/loader_test.py .build/debug/mlstack datasets/demo/ratings.csv

Trains each algorithm on the ratings, opens the folder as mlflow.pyfunc.load_model would, and compares the lists of known users and of
a stranger with those of `mlstack recommend --model`. Needs numpy; goes through mlflow.pyfunc too where mlflow is there.
"""

import importlib.util
import json
import pathlib
import subprocess
import sys
import tempfile

SETTINGS = {
    "als": ["factors=16", "iterations=5"],
    "als-explicit": ["factors=8", "iterations=5"],
    "bpr": ["factors=8", "iterations=10"],
    "ease": [],
    "item-knn": ["k=20"],
    "popularity": [],
    "recvae": ["hidden=32", "latent=16", "epochs=2"],
}
USERS, COUNT = 12, 20


def run(*arguments):
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"error: {' '.join(map(str, arguments))}\n{done.stderr}")
    return json.loads(done.stdout)


def opened(folder):
    """By the folder's own loader, as MLflow finds it."""
    try:
        import mlflow.pyfunc

        return mlflow.pyfunc.load_model(str(folder)).predict
    except ImportError:
        spec = importlib.util.spec_from_file_location("mlstack_model", folder / "code" / "mlstack_model.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module._load_pyfunc(str(folder)).predict


def main():
    if len(sys.argv) != 3:
        sys.exit("usage: loader_test.py MLSTACK RATINGS")
    program, ratings = sys.argv[1:]
    with tempfile.TemporaryDirectory() as home:
        for algorithm, settings in SETTINGS.items():
            folder = pathlib.Path(home) / algorithm
            given = [text for setting in settings for text in ("--set", setting)]
            run(program, "train", "--algorithm", algorithm, "--ratings", ratings, *given, "--output", folder)
            predict = opened(folder)
            everybody = json.loads((folder / "users.json").read_text())
            users = everybody[:: max(1, len(everybody) // USERS)][:USERS]
            swapped = 0
            for user, films in zip(users, predict([{"user": user, "k": COUNT} for user in users])):
                expected = run(program, "recommend", "--model", folder, "--user", user, "-k", str(COUNT), "--json")
                score = {film["item"]: film["score"] for film in expected}
                for film, other in zip(films, expected):
                    if film == other["item"]:
                        continue
                    # Rounding may swap two items, and no more, whose scores are the same to five digits.
                    gap = abs(score.get(film, expected[-1]["score"]) - other["score"])
                    assert gap <= 1e-5 * max(1e-3, abs(other["score"])), (algorithm, user, films, expected)
                    swapped += 1
                assert len(films) == len(expected), (algorithm, user)
            # However the question is put, ids that are numbers included.
            numbers, lists = [int(user) for user in users], predict([{"user": user} for user in users])
            for asked in [users, numbers, {"user": users}, {"user": numbers}, [{"user_id": user} for user in numbers]]:
                assert predict(asked) == lists, (algorithm, asked)
            assert predict(users, {"k": 3}) == [films[:3] for films in lists], algorithm
            example = json.loads((folder / "serving_input_example.json").read_text())
            assert len(predict(example["inputs"])[0]) == 10, (algorithm, example)
            strangers = predict(["nobody at all"])[0]
            assert len(strangers) == 10 and len(set(strangers)) == 10, (algorithm, strangers)
            print(f"  {algorithm}: {len(users)} users, {COUNT} items each, {swapped} places swapped by rounding")
    print("ok")


if __name__ == "__main__":
    main()
