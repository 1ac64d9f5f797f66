"""Traces and webhooks, which mlstack leaves out: scripts that use them go on, and a direct question is refused in plain words."""

import mlflow
import requests
from mlflow.exceptions import MlflowException

from client.checks import OTHER, URL, check, client, drives, equal, ours_alone


def tracing(experiment):
    @mlflow.trace
    def double(x):
        return 2 * x

    with drives("trace"):
        equal(double(21), 42, "a traced function does its work")
        mlflow.flush_trace_async_logging()
    with drives("search_traces", "webhook list"):
        try:
            found = mlflow.search_traces([experiment], return_type="list") if OTHER else client.search_traces([experiment])
            check(OTHER and len(found) == 1 or not OTHER and len(found) == 0, f"traces: {found}")
        except MlflowException as error:
            check(not OTHER and error.error_code in ("ENDPOINT_NOT_FOUND", "NOT_IMPLEMENTED"), f"search of traces: {error}")
        try:
            equal(list(client.list_webhooks()), [], "webhooks")
        except MlflowException as error:
            check(not OTHER and error.error_code in ("ENDPOINT_NOT_FOUND", "NOT_IMPLEMENTED"), f"webhooks: {error}")
    # So that the paths of the list are all asked for, whatever the server's version lets the client try.
    for method, path in (("GET", "/version"), ("POST", "/v1/traces"), ("POST", "/api/3.0/mlflow/traces"), ("GET", "/api/3.0/mlflow/server-info")):
        check(requests.request(method, f"{URL}{path}", json={} if method == "POST" else None).status_code < 500, path)
    equal(requests.get(f"{URL}/health").text, "OK", "health")
    if ours_alone("what is left out answers JSON with ENDPOINT_NOT_FOUND, MLflow HTML"):
        for method, path in [
            ("POST", "/api/2.0/mlflow/nothing"), ("GET", "/api/2.0/mlflow/webhooks"), ("POST", "/api/3.0/mlflow/scorers/register"),
            ("GET", "/api/3.0/mlflow/gateway/endpoints"), ("GET", "/ajax-api/2.0/mlflow/nothing"), ("POST", "/api/2.0/mlflow-artifacts/mpu/create/0/x"),
        ]:
            answer = requests.request(method, f"{URL}{path}", json={})
            told = answer.json().get("error_code")
            check(answer.status_code in (404, 501) and told in ("ENDPOINT_NOT_FOUND", "NOT_IMPLEMENTED"), f"{path}: {answer.status_code} {told}")
        equal(requests.put(f"{URL}/api/2.0/mlflow/runs/create", json={}).status_code, 405, "another method")
