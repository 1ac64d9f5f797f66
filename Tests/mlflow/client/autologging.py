"""What the client logs by itself: scikit-learn's fits, searches of settings, evaluations."""

import mlflow
import numpy as np
import pandas as pd
from sklearn.linear_model import LinearRegression, Ridge
from sklearn.model_selection import GridSearchCV

from client.checks import check, client, drives, equal


def autologging(experiment):
    x, y = np.arange(12.0).reshape(-1, 1), np.arange(12.0)
    # Without packages to name, the client would try each model in a process of its own.
    mlflow.sklearn.autolog(log_datasets=True, max_tuning_runs=2)
    try:
        with drives("sklearn.autolog fit"):
            with mlflow.start_run() as active:
                model = LinearRegression().fit(x, y)
                model.score(x, y)
        with drives("sklearn.autolog GridSearchCV"):
            with mlflow.start_run() as search:
                GridSearchCV(Ridge(), {"alpha": [0.1, 10.0]}, cv=2).fit(x, y)
    finally:
        mlflow.sklearn.autolog(disable=True)
    run = client.get_run(active.info.run_id)
    equal((run.info.status, run.data.params["fit_intercept"]), ("FINISHED", "True"), "its params")
    equal(run.data.tags["estimator_name"], "LinearRegression", "its estimator")
    check(abs(run.data.metrics["training_r2_score"] - 1) < 1e-9, "its metrics")
    check(any(key.startswith("LinearRegression_score") for key in run.data.metrics), "what was scored afterwards")
    equal(len(run.inputs.dataset_inputs), 1, "its dataset")
    equal(len(run.outputs.model_outputs), 1, "its model")
    model_id = run.outputs.model_outputs[0].model_id
    check(abs(float(mlflow.pyfunc.load_model(f"models:/{model_id}").predict(x)[3]) - 3) < 1e-6, "which predicts")
    tried = client.search_runs([experiment], f"tags.`mlflow.parentRunId` = '{search.info.run_id}'", order_by=["params.alpha"])
    equal([r.data.params["alpha"] for r in tried], ["0.1", "10.0"], "a nested run for each candidate")
    check(all("mean_test_score" in r.data.metrics for r in tried), "with its score")
    best = client.get_run(search.info.run_id)
    equal(best.data.params["best_alpha"], "0.1", "the best of them")
    check("cv_results.csv" in [f.path for f in client.list_artifacts(search.info.run_id)], "all the results as a file")


def evaluating(_):
    frame = pd.DataFrame({"x": np.arange(6.0), "y": np.arange(6.0)})
    model = LinearRegression().fit(frame[["x"]], frame.y)
    info = mlflow.sklearn.log_model(model, name="judged", pip_requirements=["scikit-learn"])
    with drives("models.evaluate"):
        with mlflow.start_run() as active:
            result = mlflow.models.evaluate(
                info.model_uri, frame, targets="y", model_type="regressor", evaluator_config={"log_explainer": False})
    run = client.get_run(active.info.run_id)
    check(run.data.metrics["mean_absolute_error"] < 1e-9, "its metrics")
    equal(result.metrics["mean_absolute_error"], run.data.metrics["mean_absolute_error"], "as they were computed")
    equal([m.model_id for m in run.inputs.model_inputs], [info.model_id], "the model that it judged")
    equal(len(run.inputs.dataset_inputs), 1, "and on what")
    check("mean_absolute_error" in [m.key for m in client.get_logged_model(info.model_id).metrics], "the model has the figures, too")
