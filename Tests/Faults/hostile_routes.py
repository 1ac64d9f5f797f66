"""The MLflow routes as hostile.py asks them: method, path, and a good request, each field with what kind of thing it is.

Kinds: `id` names something that is there, `name` and `key` are new names under strict rules, `text` is anything, `path` an artifact's;
`reference` an id that need not be there;
the others are as JSON has them. A field whose name ends in `*` is required.
"""

API = "/api/2.0/mlflow"

ROUTES = [
    ("POST", "experiments/create", {"name*": "name", "artifact_location": "text", "tags": "pairs"}),
    ("GET", "experiments/get", {"experiment_id*": "experiment"}),
    ("GET", "experiments/get-by-name", {"experiment_name*": "experiment_name"}),
    ("POST", "experiments/search", {"max_results*": "count", "page_token": "token", "filter": "filter", "order_by": "orders", "view_type": "enum"}),
    ("GET", "experiments/search", {"max_results*": "count", "page_token": "token", "filter": "filter"}),
    ("POST", "experiments/delete", {"experiment_id*": "experiment"}),
    ("POST", "experiments/restore", {"experiment_id*": "experiment"}),
    ("POST", "experiments/update", {"experiment_id*": "experiment", "new_name*": "name"}),
    ("POST", "experiments/set-experiment-tag", {"experiment_id*": "experiment", "key*": "key", "value": "text"}),
    ("POST", "experiments/delete-experiment-tag", {"experiment_id*": "experiment", "key*": "key"}),
    ("POST", "runs/create", {"experiment_id*": "experiment", "run_name": "text", "user_id": "text", "start_time": "integer", "tags": "pairs"}),
    ("GET", "runs/get", {"run_id*": "run"}),
    ("POST", "runs/update", {"run_id*": "run", "status": "enum", "end_time": "integer", "run_name": "text"}),
    ("POST", "runs/delete", {"run_id*": "run"}),
    ("POST", "runs/restore", {"run_id*": "run"}),
    ("POST", "runs/search", {
        "experiment_ids": "experiments", "filter": "filter", "run_view_type": "enum", "max_results": "count", "order_by": "orders", "page_token": "token"}),
    ("POST", "runs/log-metric", {"run_id*": "run", "key*": "key", "value*": "number", "timestamp*": "integer", "step": "integer"}),
    ("POST", "runs/log-parameter", {"run_id*": "run", "key*": "key", "value": "text"}),
    ("POST", "runs/log-batch", {"run_id*": "run", "metrics": "metrics", "params": "pairs", "tags": "pairs"}),
    ("POST", "runs/set-tag", {"run_id*": "run", "key*": "key", "value": "text"}),
    ("POST", "runs/delete-tag", {"run_id*": "run", "key*": "key"}),
    ("GET", "metrics/get-history", {"run_id*": "run", "metric_key*": "text", "max_results": "count", "page_token": "token"}),
    ("GET", "metrics/get-history-bulk-interval", {"run_ids": "text", "metric_key*": "text", "max_results": "count"}),
    ("POST", "runs/log-inputs", {"run_id*": "run", "datasets": "datasets", "models": "objects"}),
    ("POST", "runs/outputs", {"run_id*": "run", "models*": "objects"}),
    ("POST", "runs/log-model", {"run_id*": "run", "model_json*": "json"}),
    ("GET", "artifacts/list", {"run_id*": "run", "path": "path"}),
    ("POST", "logged-models", {
        "experiment_id*": "experiment", "name": "name", "model_type": "text", "source_run_id": "reference", "params": "pairs", "tags": "pairs"}),
    ("GET", "logged-models/{model}", {}),
    ("PATCH", "logged-models/{model}", {"model_id": "model", "status*": "enum"}),
    ("DELETE", "logged-models/{unknown}", {}),
    ("POST", "logged-models/search", {
        "experiment_ids*": "experiments", "filter": "filter", "datasets": "objects", "max_results": "count", "order_by": "objects", "page_token": "token"}),
    ("PATCH", "logged-models/{model}/tags", {"tags": "pairs"}),
    ("DELETE", "logged-models/{model}/tags/{unknown}", {}),
    ("POST", "logged-models/{model}/params", {"params": "pairs"}),
    ("GET", "logged-models/{model}/artifacts/directories", {"artifact_directory_path": "path"}),
    ("POST", "registered-models/create", {"name*": "name", "tags": "pairs", "description": "text"}),
    ("GET", "registered-models/get", {"name*": "registered"}),
    ("GET", "registered-models/search", {"filter": "filter", "max_results": "count", "page_token": "token"}),
    ("PATCH", "registered-models/update", {"name*": "registered", "description": "text"}),
    ("POST", "registered-models/rename", {"name*": "registered", "new_name*": "name"}),
    ("DELETE", "registered-models/delete", {"name*": "registered"}),
    ("POST", "registered-models/get-latest-versions", {"name*": "registered", "stages": "strings"}),
    ("POST", "registered-models/set-tag", {"name*": "registered", "key*": "key", "value": "text"}),
    ("DELETE", "registered-models/delete-tag", {"name*": "registered", "key*": "text"}),
    ("POST", "registered-models/alias", {"name*": "registered", "alias*": "alias", "version*": "version"}),
    ("GET", "registered-models/alias", {"name*": "registered", "alias*": "alias"}),
    ("DELETE", "registered-models/alias", {"name*": "registered", "alias*": "text"}),
    ("POST", "model-versions/create", {"name*": "registered", "source*": "source", "run_id": "reference", "tags": "pairs", "description": "text", "model_id": "model"}),
    ("GET", "model-versions/get", {"name*": "registered", "version*": "version"}),
    ("GET", "model-versions/get-download-uri", {"name*": "registered", "version*": "version"}),
    ("GET", "model-versions/search", {"filter": "filter", "max_results": "count", "page_token": "token"}),
    ("PATCH", "model-versions/update", {"name*": "registered", "version*": "version", "description": "text"}),
    ("DELETE", "model-versions/delete", {"name*": "registered", "version*": "version"}),
    ("POST", "model-versions/transition-stage", {"name*": "registered", "version*": "version", "stage*": "stage", "archive_existing_versions": "boolean"}),
    ("POST", "model-versions/set-tag", {"name*": "registered", "version*": "version", "key*": "key", "value": "text"}),
    ("DELETE", "model-versions/delete-tag", {"name*": "registered", "version*": "version", "key*": "text"}),
]

LONG, NUL, BIDI, OUT = "x" * 1_000_000, "a\0b", "a\u202eb\u2066", "../../etc/passwd"
TEXTS = {"reference", "experiment", "experiment_name", "run", "model", "registered", "version", "alias", "name", "key", "text", "path", "source", "stage", "token", "filter", "enum", "json"}
# Names that are looked up, where one that is not there is refused, whatever it looks like.
KNOWN = {"experiment", "experiment_name", "run", "model", "registered", "version", "stage"}


def wrong(kind, required):
    """Values of a field that must be refused, by JSON; not all of them can be said in a query."""
    if kind in TEXTS:
        # Enumerations are taken by number, too.
        yield from [{}, [], ["a"], {"a": 1}, *([] if kind in ("enum",) else [True, 3, 1.5])]
        if required:
            yield from ["", None]
        if kind in KNOWN or kind == "alias":
            yield from [LONG, NUL, BIDI, OUT, "%2e%2e%2f", "а" * 9, "a;b", "' OR '1'='1"]
        if kind in ("name", "key", "path", "source", "token", "json", "enum", "reference"):
            # A name in a path that is not there is a folder without anything, whatever it looks like.
            yield from [LONG, NUL, *([BIDI] if kind != "path" else [])]
        if kind in ("key", "path"):
            yield from [OUT, "/etc/passwd", "..", "a/../../b"]
        if kind == "source":
            yield from [OUT, "file:///etc/passwd", "/etc/passwd", "mlflow-artifacts:/../../x", "mlflow-artifacts:/0/%252e%252e/x", "runs:/../x", "models:/m-../x"]
        if kind == "token":
            yield from ["none", "eyJvZmZzZXQiOiAxZTMwfQ==", "eyJvZmZzZXQiOiAtMX0=", "eyJvZmZzZXQiOiAxMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwfQ==", "e30=", "W10="]
        if kind == "filter":
            yield from [LONG, NUL, "name = 'a' ;", "((((", "1=1", "name = 'a' AND ", "AND " * 1000, "x" * 1000 + " = 1", "name = '" + "a" * 100_000]
    elif kind in ("integer", "count"):
        yield from ["a", {}, [], 1.5, 2**70, -(2**70), "1e400", "", NUL, "0x10"]
        if kind == "count":
            yield from [-1, 10**12]
    elif kind == "number":
        yield from ["a", {}, [], "", NUL, "0x10", "1,5", *([None] if required else [])]
    elif kind == "boolean":
        yield from ["maybe", {}, [], 3]
    else:
        yield from ["a", 3, {"a": 1}, True, ["a"] if kind not in ("strings", "orders", "experiments") else [3], [[]], [None]]
        if kind in ("pairs", "metrics"):
            yield from [[{"key": 3, "value": "a"}], [{"key": NUL, "value": 1}], [{"value": "a"}], [{"key": OUT, "value": "a", "timestamp": 1}], [{"key": LONG, "value": "a"}]]
            yield [{"key": f"k{n}", "value": 1 if kind == "metrics" else "1", "timestamp": 1} for n in range(20_000)]
        if kind == "orders":
            yield from [[f"metrics.m{n} ASC" for n in range(5000)], ["name"] * 5000, [LONG], [NUL], ["; DROP TABLE run"], ["metrics." + "x" * 100_000]]
        if kind == "experiments":
            yield [NUL]
        if kind == "strings":
            yield from [["Nowhere"], [LONG], [NUL], [BIDI]]
        if kind == "datasets":
            yield from [[{"dataset": {"name": LONG, "digest": "a", "source_type": "a", "source": "a"}}], [{"dataset": {"name": "a"}}], [{"dataset": 3}], [{"tags": []}]]
        if kind == "objects":
            yield from [[{"model_id": 3}], [{"model_id": NUL, "step": 1}], [{"field_name": 3, "dataset_name": 3}]]
