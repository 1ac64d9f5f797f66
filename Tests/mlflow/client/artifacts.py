"""Artifacts: every way to log one, lists, downloads, deletion, awkward names."""

import os
import pathlib
import tempfile
import urllib.parse

import mlflow
import numpy as np
import requests

from client.checks import FIVE_HUNDRED, URL, check, client, drives, equal, ours_alone

AWKWARD = "deep/er/ü & 100% +1;a=b.txt"


def artifacts(experiment):
    with mlflow.start_run() as active:
        run_id = active.info.run_id
        with drives("log_text", "log_dict", "log_image", "log_table"):
            mlflow.log_text("hello", "notes/hello.txt")
            mlflow.log_dict({"k": [1, 2]}, "config.json")
            mlflow.log_dict({"k": [1, 2]}, "config.yaml")
            mlflow.log_image(np.zeros((4, 4, 3), dtype=np.uint8), "black.png")
            mlflow.log_image(np.zeros((4, 4, 3), dtype=np.uint8), key="steps", step=3)
            mlflow.log_table({"user": ["a", "b"], "score": [0.5, 0.25]}, "table.json")
            mlflow.log_table({"user": ["c"], "score": [0.125]}, "table.json")
        with drives("log_figure"):
            from matplotlib.figure import Figure

            figure = Figure()
            figure.subplots().plot([1, 2], [3, 4])
            mlflow.log_figure(figure, "plots/line.png")
        with tempfile.TemporaryDirectory() as folder, drives("log_artifact", "log_artifacts(dir)"):
            folder = pathlib.Path(folder)
            (folder / "big.bin").write_bytes(os.urandom(5_000_000))
            (folder / "empty").write_bytes(b"")
            (folder / "deep/er").mkdir(parents=True)
            (folder / AWKWARD).write_text("awkward")
            mlflow.log_artifact(str(folder / "big.bin"), "single")
            mlflow.log_artifacts(str(folder), "all")
            with tempfile.TemporaryDirectory() as target, drives("artifacts.download_artifacts(dir)", "artifacts.download_artifacts(run_id,path)"):
                got = pathlib.Path(mlflow.artifacts.download_artifacts(run_id=run_id, artifact_path="all", dst_path=target))
                for path in ("big.bin", "empty", AWKWARD):
                    equal((got / path).read_bytes(), (folder / path).read_bytes(), f"{path} comes back")
                got = mlflow.artifacts.download_artifacts(run_id=run_id, artifact_path="single/big.bin", dst_path=target)
                equal(pathlib.Path(got).read_bytes(), (folder / "big.bin").read_bytes(), "one file comes back")
                got = mlflow.artifacts.download_artifacts(f"runs:/{run_id}/all/empty", dst_path=target)
                equal(pathlib.Path(got).read_bytes(), b"", "by a runs: address")
                got = pathlib.Path(mlflow.artifacts.download_artifacts(run_id=run_id, artifact_path="", dst_path=target))
                check((got / "config.json").exists() and (got / "all/empty").exists(), "the whole run")
        mlflow.log_text("hello again", "notes/hello.txt")
    uri = client.get_run(run_id).info.artifact_uri
    with drives("artifacts.load_text"):
        equal(mlflow.artifacts.load_text(f"{uri}/notes/hello.txt"), "hello again", "replaced")
    equal(mlflow.artifacts.load_dict(f"{uri}/config.json"), {"k": [1, 2]}, "load_dict")
    equal(mlflow.artifacts.load_text(f"{uri}/config.yaml"), "k:\n- 1\n- 2\n", "as YAML")
    equal(mlflow.artifacts.load_image(f"{uri}/black.png").size, (4, 4), "an image")
    equal(mlflow.artifacts.load_image(f"{uri}/plots/line.png").format, "PNG", "a figure")
    equal(mlflow.artifacts.load_dict(f"{uri}/table.json")["data"], [["a", 0.5], ["b", 0.25], ["c", 0.125]], "a table that grew")
    table = mlflow.load_table("table.json", run_ids=[run_id], extra_columns=["run_id"])
    equal((list(table.user), set(table.run_id)), (["a", "b", "c"], {run_id}), "load_table")
    with drives("artifacts.list_artifacts", "client.list_artifacts"):
        listed = {f.path: (f.is_dir, f.file_size) for f in client.list_artifacts(run_id)}
        equal(listed["notes"], (True, None), "a folder")
        equal(listed["config.json"], (False, 29), "a file and its size")
        equal({f.path for f in mlflow.artifacts.list_artifacts(run_id=run_id)}, set(listed), "the same by the fluent call")
        equal([f.path for f in mlflow.artifacts.list_artifacts(f"runs:/{run_id}/notes")], ["notes/hello.txt"], "by a runs: address")
        equal({f.path: f.file_size or 0 for f in client.list_artifacts(run_id, "all")}["all/empty"], 0, "an empty file")
        equal([f.path for f in client.list_artifacts(run_id, "all/deep/er")], [f"all/{AWKWARD}"], "deep")
        equal(client.list_artifacts(run_id, "none"), [], "a folder that is not there")
        equal(client.list_artifacts(run_id, "config.json"), [], "a file is no folder")
    images = [f.path for f in client.list_artifacts(run_id, "images")]
    check(any("steps" in path and "step%3" in path.lower() or "step" in path for path in images), f"the image of a step: {images}")


def downloads(experiment):
    """Artifacts by plain HTTP: headers, ranges, chunks, deletion, and paths that lead out."""
    run_id = client.create_run(experiment).info.run_id
    base = f"{URL}/api/2.0/mlflow-artifacts/artifacts"
    place = f"{base}/{experiment}/{run_id}/artifacts"
    content = os.urandom(300_000)
    equal(requests.put(f"{place}/a/b.bin", iter([content[:100_000], b"", content[100_000:]])).status_code, 200, "sent in chunks")
    answer = requests.get(f"{place}/a/b.bin")
    equal(answer.content, content, "comes back")
    equal(answer.headers["Content-Type"], "application/octet-stream", "its type")
    check("attachment" in answer.headers["Content-Disposition"] and "b.bin" in answer.headers["Content-Disposition"], "to be saved, not shown")
    equal(answer.headers["X-Content-Type-Options"], "nosniff", "nobody shall guess its type")
    for name, kind in (("x.txt", "text/plain"), ("x.png", "image/png")):
        requests.put(f"{place}/{name}", b"{}")
        found = requests.get(f"{place}/{name}").headers["Content-Type"]
        check(found.startswith(kind), f"{name} is {found}")
    named = f"{place}/{urllib.parse.quote('größe 100%.txt')}"
    equal(requests.put(named, b"g").status_code, 200, "a name beyond ASCII")
    check("filename*=" in requests.get(named).headers["Content-Disposition"], "and in the header")
    missing = requests.get(f"{place}/none.bin")
    equal((missing.status_code, missing.json()["error_code"]), (404, "RESOURCE_DOES_NOT_EXIST"), "no such file")
    equal(requests.get(f"{place}/a").status_code // 100, 4, "a folder is no file")
    if ours_alone("ranges of an artifact: MLflow sends all of it"):
        part = requests.get(f"{place}/a/b.bin", headers={"Range": "bytes=100-199"})
        equal((part.status_code, part.content, part.headers["Content-Range"]), (206, content[100:200], "bytes 100-199/300000"), "a range")
        part = requests.get(f"{place}/a/b.bin", headers={"Range": "bytes=-10"})
        equal((part.status_code, part.content), (206, content[-10:]), "the last bytes")
        equal(requests.get(f"{place}/a/b.bin", headers={"Range": "bytes=300000-"}).status_code, 416, "beyond the end")
    strange = ("%2Fetc/passwd", "a%00b", "..%5cx", "a%5c..%5c..%5cx") if ours_alone(FIVE_HUNDRED) else ()
    for path in ("../x", "%2e%2e/x", "%252e%252e/x", "..%2fx", "a/../../x", *strange):
        for method in ("PUT", "GET", "DELETE"):
            sent = requests.Request(method, base, data=b"x").prepare()
            sent.url = f"{place}/{path}"
            with requests.Session() as session:
                answer = session.send(sent)
            plain = method == "DELETE" and answer.status_code == 200 and answer.json() == {}
            check(answer.status_code // 100 == 4 or plain, f"{method} {path} was answered with {answer.status_code}")
    listed = {f["path"] for f in requests.get(base, {"path": f"{experiment}/{run_id}/artifacts"}).json()["files"]}
    equal(listed, {"a", "x.txt", "x.png", "größe 100%.txt"}, "names alone, and nothing came in between")
    listed = requests.get(f"{URL}/api/2.0/mlflow/artifacts/list", {"run_id": run_id, "path": "a"}).json()
    equal(listed["files"], [{"path": "a/b.bin", "is_dir": False, "file_size": 300_000}], "artifacts/list tells paths within the run")
    equal(requests.delete(f"{place}/a").status_code, 200, "deleted")
    equal(requests.delete(f"{place}/a").status_code, 200, "deleted though it is gone")
    equal(requests.get(f"{place}/a/b.bin").status_code, 404, "gone")
