"""Runs: params, metrics, tags, batches, histories, nested runs, deletion and return, dataset inputs."""

import json
import math
import sys
import time

import mlflow
import numpy as np
import pandas as pd
from mlflow.entities import Dataset, DatasetInput, InputTag, LoggedModelInput, Metric, Param, RunTag, ViewType
from mlflow.protos.service_pb2 import LogBatch

from client.checks import OTHER, WORD, check, client, drives, equal, ours_alone, pages, refused


def runs(experiment):
    with drives("start_run", "log_param", "log_params", "log_metric", "log_metrics", "log_metric nan/inf", "set_tag", "set_tags", "end_run"):
        mlflow.start_run(run_name="first", tags={"kind": "test"}, description="what it is")
        run_id = mlflow.active_run().info.run_id
        mlflow.log_param("alpha", 40)
        mlflow.log_params({"factors": 64, "note": "ünïcode ✓", "empty": ""})
        mlflow.log_metric("loss", 0.5, step=0)
        mlflow.log_metric("loss", 0.25, step=1)
        mlflow.log_metrics({"ndcg_at_10": 0.125, "tiny": 1e-300, "whole": 3}, step=1)
        mlflow.log_metric("nothing", float("nan"))
        mlflow.log_metric("endless", float("inf"))
        mlflow.log_metric("endless down", float("-inf"))
        mlflow.set_tag("stage", "test")
        mlflow.set_tags({"a": "1", "b": 2})
        with drives("delete_tag"):
            mlflow.delete_tag("a")
        refused("INVALID_PARAMETER_VALUE", "Changing param values is not allowed", mlflow.log_param, "alpha", 41)
        mlflow.log_param("alpha", 40)
        refused("INVALID_PARAMETER_VALUE", "" if OTHER else "ndcg_at_10", mlflow.log_metric, "ndcg@10", 1)
        refused("RESOURCE_DOES_NOT_EXIST", "No tag with name: a in run with id", mlflow.delete_tag, "a")
        equal(client.get_run(run_id).info.status, "RUNNING", "status while it runs")
        mlflow.end_run()
    with drives("get_run"):
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
    equal(run.data.metrics["endless down"], -sys.float_info.max, "and its negative the smallest")
    equal({k: run.data.tags.get(k) for k in ("kind", "stage", "a", "b")}, {"kind": "test", "stage": "test", "a": None, "b": "2"}, "tags")
    equal(run.data.tags["mlflow.note.content"], "what it is", "description")
    equal((run.data.tags["mlflow.user"], run.data.tags["mlflow.source.type"]), (run.info.user_id, "LOCAL"), "who and what made it")

    with drives("update_run/rename"):
        client.update_run(run_id, status="FAILED", name="renamed")
    run = client.get_run(run_id)
    equal((run.info.status, run.info.run_name, run.data.tags["mlflow.runName"]), ("FAILED", "renamed", "renamed"), "updated")
    client.set_tag(run_id, "mlflow.runName", "again")
    equal(client.get_run(run_id).info.run_name, "again", "the tag renames")
    client.set_terminated(run_id, "KILLED", end_time=12345)
    equal((client.get_run(run_id).info.status, client.get_run(run_id).info.end_time), ("KILLED", 12345), "an end of one's own")
    refused("INVALID_PARAMETER_VALUE", "", client.create_run, experiment, run_name="one", tags={"mlflow.runName": "another"})

    with drives("nested run"):
        with mlflow.start_run() as parent:
            with mlflow.start_run(nested=True) as child:
                mlflow.log_metric("x", 1)
    equal(client.get_run(child.info.run_id).data.tags["mlflow.parentRunId"], parent.info.run_id, "nested")
    equal(mlflow.get_parent_run(child.info.run_id).info.run_id, parent.info.run_id, "its parent")
    check(len(parent.info.run_name.split("-")) == 3, "a made-up name")
    with drives("async log_metric"):
        with mlflow.start_run() as active:
            pending = [mlflow.log_metric("loss", step / 8, step=step, synchronous=False) for step in range(50)]
            pending += [mlflow.log_params({"p": 1}, synchronous=False), mlflow.set_tag("t", "u", synchronous=False)]
            for operation in pending:
                operation.wait()
    equal([m.value for m in client.get_metric_history(active.info.run_id, "loss")], [step / 8 for step in range(50)], "asynchronous points")
    done = client.get_run(active.info.run_id).data
    equal((done.params, done.tags["t"]), ({"p": "1"}, "u"), "asynchronous param and tag")
    with drives("system metrics"):
        with mlflow.start_run() as measured:
            # psutil, which this would need, is no part of the environment; the run is made all the same.
            try:
                mlflow.system_metrics.system_metrics_monitor.SystemMetricsMonitor(measured.info.run_id)
            except Exception:
                pass
            mlflow.log_metric("system/cpu_utilization_percentage", 12.5)
        equal(client.get_run(measured.info.run_id).data.metrics, {"system/cpu_utilization_percentage": 12.5}, "system metrics")

    four = {run_id, parent.info.run_id, child.info.run_id, active.info.run_id}
    client.delete_run(measured.info.run_id)
    with drives("search_runs(fluent)", "client.search_runs"):
        found = mlflow.search_runs([experiment])
        equal(set(found.run_id), four, "search_runs")
        equal(float(found.set_index("run_id").loc[run_id, "metrics.loss"]), 0.25, "its metrics")
        equal(set(mlflow.search_runs(experiment_names=[f"runs {WORD}"]).run_id), four, "by experiment name")
        equal({r.info.run_id for r in client.search_runs([experiment])}, four, "by the client")
    found = [r.info.run_id for r in pages(client.search_runs, experiment_ids=[experiment])]
    equal((len(found), set(found)), (4, four), "pages")
    with drives("delete/restore run"):
        client.delete_run(child.info.run_id)
        client.delete_run(child.info.run_id)
        equal(client.get_run(child.info.run_id).info.lifecycle_stage, "deleted", "can still be read")
        equal(len(client.search_runs([experiment])), 3, "deleted is hidden")
        gone = {r.info.run_id for r in client.search_runs([experiment], run_view_type=ViewType.DELETED_ONLY)}
        equal(gone, {child.info.run_id, measured.info.run_id}, "the deleted alone")
        equal(len(client.search_runs([experiment], run_view_type=ViewType.ALL)), 5, "all")
        refused("INVALID_PARAMETER_VALUE", "must be in the 'active' state", client.log_metric, child.info.run_id, "x", 2)
        refused("INVALID_PARAMETER_VALUE", "must be in the 'active' state", client.log_param, child.info.run_id, "x", 2)
        refused("INVALID_PARAMETER_VALUE", "must be in the 'active' state", client.set_tag, child.info.run_id, "x", 2)
        client.restore_run(child.info.run_id)
        equal(client.get_run(child.info.run_id).data.metrics, {"x": 1.0}, "restored with what it had")
    refused("RESOURCE_DOES_NOT_EXIST", "Run with id=" + "0" * 32 + " not found", client.get_run, "0" * 32)


def batches(experiment):
    """Many at once, histories, and the order and the limits of what is kept."""
    run_id = client.create_run(experiment, start_time=1).info.run_id
    now = int(time.time() * 1000)
    client.log_batch(run_id, metrics=[Metric("many", i / 7, now + i, i) for i in range(1000)])
    client.log_batch(run_id, params=[Param(f"p{i}", str(i)) for i in range(100)], tags=[RunTag(f"t{i}", str(i)) for i in range(100)])
    with drives("get_metric_history"):
        many = client.get_metric_history(run_id, "many")
        equal([m.value for m in many], [i / 7 for i in range(1000)], "a thousand points")
        equal((many[7].timestamp, many[7].step), (now + 7, 7), "each with its time and step")
        equal(client.get_metric_history(run_id, "none"), [], "no history")
    data = client.get_run(run_id).data
    equal((len(data.params), data.params["p7"], data.tags["t99"]), (100, "7", "99"), "a hundred params and tags")

    def post(**body):
        # The client itself cuts a batch up; a whole one is refused by the server.
        client._tracking_client.store._call_endpoint(LogBatch, json.dumps({"run_id": run_id, **body}))

    points = [{"key": "over", "value": 1, "timestamp": 1, "step": i} for i in range(1001)]
    for body in ({"metrics": points}, {"params": [{"key": f"q{i}", "value": ""} for i in range(101)]}):
        refused("INVALID_PARAMETER_VALUE", "", post, **body)

    # By step, then time, then value, in whatever order they come; the same point twice is one.
    for step, moment, value in [(3, 10, 1.0), (3, 20, 2.0), (3, 20, 3.0), (1, 99, 9.0), (3, 20, 3.0), (-5, 5, 7.0)]:
        client.log_metric(run_id, "mixed", value, moment, step)
    equal(client.get_run(run_id).data.metrics["mixed"], 3.0, "the latest point")
    equal(len(client.get_metric_history(run_id, "mixed")), 5, "the same point twice is one")
    history = [(m.step, m.timestamp, m.value) for m in client.get_metric_history(run_id, "mixed")]
    equal(history, [(-5, 5, 7.0), (3, 10, 1.0), (3, 20, 2.0), (3, 20, 3.0), (1, 99, 9.0)], "a history is in the order of its times")

    broken = [Param("fine", "1"), Param("p7", "another")]
    refused("INVALID_PARAMETER_VALUE", "", client.log_batch, run_id, metrics=[Metric("broken", 1, 1, 1)], params=broken, synchronous=True)
    data = client.get_run(run_id).data
    check("fine" not in data.params, "a refused batch leaves no param behind")
    refused("INVALID_PARAMETER_VALUE", "", client.log_batch, run_id, params=[Param("twice", "1"), Param("twice", "2")])
    check("twice" not in client.get_run(run_id).data.params, "nothing of a batch that contradicts itself")
    for key in ("", "/absolute", "a//b", "../up", "a/../b", ".", "what?", "a#b", "x" * 251):
        refused("INVALID_PARAMETER_VALUE", "", client.log_metric, run_id, key, 1)
        refused("INVALID_PARAMETER_VALUE", "", client.log_param, run_id, key, 1)
    for key in ("a b", "a-b.c_d/e:f", "größe", "x" * 250):
        client.log_metric(run_id, key, 1)
        client.set_tag(run_id, key, "1")
        check(key in client.get_run(run_id).data.metrics and key in client.get_run(run_id).data.tags, f"a name such as {key[:20]}")
    client.log_param(run_id, "long", "x" * 6001)
    client.set_tag(run_id, "long", "x" * 8001)
    data = client.get_run(run_id).data
    equal((len(data.params["long"]), len(data.tags["long"])), (6000, 8000), "what is too long is cut")
    if ours_alone("a metric's value that is no number is refused, not taken for 0"):
        refused("INVALID_PARAMETER_VALUE", "", post, metrics=[{"key": "none", "value": "x", "timestamp": 1, "step": 1}])


def inputs(experiment):
    frame = pd.DataFrame({"user": [1, 2], "rating": [4.0, 3.5]})
    with drives("log_input(dataset)"):
        with mlflow.start_run() as active:
            mlflow.log_input(mlflow.data.from_pandas(frame, name="ratings"), context="training", tags={"day": "2015-01-09"})
            mlflow.log_input(mlflow.data.from_numpy(np.zeros((3, 2)), name="zeros"), context="test")
    run_id = active.info.run_id
    read = {d.dataset.name: d for d in client.get_run(run_id).inputs.dataset_inputs}
    equal(set(read), {"ratings", "zeros"}, "datasets")
    equal({t.key: t.value for t in read["ratings"].tags}, {"day": "2015-01-09", "mlflow.data.context": "training"}, "its tags")
    equal(json.loads(read["ratings"].dataset.profile)["num_rows"], 2, "its profile")
    equal([c["name"] for c in json.loads(read["ratings"].dataset.schema)["mlflow_colspec"]], ["user", "rating"], "its schema")
    equal(read["zeros"].dataset.source_type, "code", "its source's type")
    found = [r for r in client.search_runs([experiment]) if r.info.run_id == run_id]
    equal({d.dataset.name for d in found[0].inputs.dataset_inputs}, {"ratings", "zeros"}, "in a search, too")
    again = DatasetInput(read["ratings"].dataset, [InputTag("more", "1")])
    client.log_inputs(run_id, [again])
    client.log_inputs(run_id, [DatasetInput(Dataset("other", "0123", "http", "http://example.org/x"), [])])
    equal(len(client.get_run(run_id).inputs.dataset_inputs), 3, "the same dataset again is one input")
    refused("RESOURCE_DOES_NOT_EXIST", "", client.log_inputs, "0" * 32, [again])
    for name, digest in (("x" * 501, "1"), ("x", "1" * 37)):
        refused("INVALID_PARAMETER_VALUE", "", client.log_inputs, run_id, [DatasetInput(Dataset(name, digest, "http", "s"), [])])
    model = client.create_logged_model(experiment, name="fed")
    client.log_inputs(run_id, models=[LoggedModelInput(model.model_id)])
    equal([m.model_id for m in client.get_run(run_id).inputs.model_inputs], [model.model_id], "a model as input")
