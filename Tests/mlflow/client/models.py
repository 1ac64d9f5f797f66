"""Models of runs: logged, registered, loaded by every kind of address; logged models as objects of their own."""

import mlflow
import numpy as np
from mlflow.entities import LoggedModelStatus, Metric
from mlflow.exceptions import MlflowException
from mlflow.models import infer_signature
from sklearn.linear_model import LinearRegression

from client.checks import FIVE_HUNDRED, OTHER, WORD, check, client, drives, equal, ours_alone, refused

X, Y = np.arange(10.0).reshape(-1, 1), np.arange(10.0) * 2


def doubling():
    return LinearRegression().fit(X, Y)


def log(name="model", **more):
    # Without a list of requirements the client would try the model in a process of its own, to find out.
    return mlflow.sklearn.log_model(doubling(), name=name, pip_requirements=["scikit-learn"], **more)


def predicts(uri, factor=2):
    answer = mlflow.pyfunc.load_model(uri).predict(np.array([[21.0]]))
    check(abs(float(answer[0]) - 21 * factor) < 1e-9, f"{uri} predicts {answer}")


def logging_models(experiment):
    name = f"logged-{WORD}"
    with mlflow.start_run() as active, drives("sklearn.log_model(name=)", "sklearn.log_model(registered_model_name=)"):
        mlflow.log_metric("rmse", 0.25)
        plain = log("plain")
        info = log("model", registered_model_name=name, signature=infer_signature(X, Y), input_example=X[:2])
    run_id = active.info.run_id
    version = client.get_model_version(name, "1")
    equal((version.source, version.run_id), (f"models:/{info.model_id}", run_id), "version 1")
    equal((version.status, version.current_stage), ("READY", "None"), "its state")
    equal({o.model_id for o in client.get_run(run_id).outputs.model_outputs}, {plain.model_id, info.model_id}, "outputs of the run")
    logged = client.get_logged_model(info.model_id)
    equal((logged.name, str(logged.status), logged.source_run_id), ("model", "READY", run_id), "logged model")
    equal(logged.artifact_location, f"mlflow-artifacts:/{experiment}/models/{info.model_id}/artifacts", "where it lies")
    equal([(m.key, m.value, m.run_id) for m in logged.metrics], [("rmse", 0.25, run_id)], "the run's metrics belong to the model")
    opened = mlflow.models.get_model_info(f"models:/{name}/1")
    equal((opened.signature, opened.run_id, opened.model_id), (infer_signature(X, Y), run_id, info.model_id), "its signature")
    check(np.array_equal(mlflow.pyfunc.load_model(f"models:/{name}/1").input_example, X[:2]), "its example")

    with drives("register_model(runs:/)"):
        second = mlflow.register_model(f"runs:/{run_id}/model", name, tags={"by": "hand"})
    equal((str(second.version), second.tags, second.run_id), ("2", {"by": "hand"}, run_id), "runs:/")
    with drives("register_model(models:/m-..)"):
        third = mlflow.register_model(f"models:/{info.model_id}", name)
    equal(str(third.version), "3", "models:/m-…")
    with drives("copy_model_version"):
        fourth = client.copy_model_version(f"models:/{name}/1", f"copy-{WORD}")
    equal((fourth.name, str(fourth.version), fourth.source), (f"copy-{WORD}", "1", f"models:/{name}/1"), "copy")
    predicts(f"models:/copy-{WORD}/1")
    with mlflow.start_run() as active:
        late = log("late", step=7)
    made = client.get_run(active.info.run_id).outputs.model_outputs
    equal([(m.model_id, m.step) for m in made], [(late.model_id, 7)], "a model of step 7")
    if ours_alone(FIVE_HUNDRED):
        refused("RESOURCE_DOES_NOT_EXIST", "", mlflow.register_model, f"models:/m-{'0' * 32}", name)
    for source in ("file:///etc/passwd", "/etc/passwd", "mlflow-artifacts:/../../etc", f"mlflow-artifacts:/{experiment}/%2e%2e/x"):
        refused("INVALID_PARAMETER_VALUE", "", client.create_model_version, name, source, run_id=run_id)


def loading(_):
    name = f"loaded-{WORD}"
    with mlflow.start_run() as active:
        info = log("model", registered_model_name=name)
    run_id = active.info.run_id
    mlflow.register_model(info.model_uri, name)
    client.set_registered_model_alias(name, "champion", "1")
    client.transition_model_version_stage(name, "1", "Staging")
    for call, uri in [
        ("pyfunc.load_model(models:/name@alias)", f"models:/{name}@champion"), ("pyfunc.load_model(models:/name/2)", f"models:/{name}/2"),
        ("pyfunc.load_model(models:/name/Staging)", f"models:/{name}/Staging"),
        ("pyfunc.load_model(models:/name/latest)", f"models:/{name}/latest"), ("pyfunc.load_model(runs:/)", f"runs:/{run_id}/model"),
        ("pyfunc.load_model(models:/m-id)", f"models:/{info.model_id}"),
    ]:
        with drives(call):
            predicts(uri)
    equal(mlflow.sklearn.load_model(f"models:/{name}@champion").coef_.shape, (1,), "in its own flavour")
    loaded = mlflow.pyfunc.load_model(f"models:/{name}/latest")
    equal((loaded.metadata.run_id, loaded.model_id), (run_id, info.model_id), "what it tells of itself")
    with drives("load_model alias missing"):
        refused("INVALID_PARAMETER_VALUE", "Registered model alias nope not found.", mlflow.pyfunc.load_model, f"models:/{name}@nope")
    refused("RESOURCE_DOES_NOT_EXIST", f"Model Version (name={name}, version=99) not found", mlflow.pyfunc.load_model, f"models:/{name}/99")
    refused("RESOURCE_DOES_NOT_EXIST", f"none-{WORD}", mlflow.pyfunc.load_model, f"models:/none-{WORD}/1")
    try:
        mlflow.pyfunc.load_model(f"models:/{name}/Production")
        raise AssertionError("a stage without a version was loaded")
    except MlflowException as error:
        check("No versions of model" in str(error), f"no version of that stage: {error}")


def logged_models(experiment):
    run_id = client.create_run(experiment).info.run_id
    made = client.create_logged_model(experiment, name="film", source_run_id=run_id, tags={"a": "1"}, params={"k": "10"}, model_type="als")
    model_id = made.model_id
    equal((made.name, made.model_type, made.tags["a"], made.params, str(made.status)), ("film", "als", "1", {"k": "10"}, "PENDING"), "made")
    check(model_id.startswith("m-") and len(model_id) == 34, f"its id: {model_id}")
    check(client.create_logged_model(experiment).name, "a made-up name")
    for name in ("a/b", "a:b", "a.b", "a%b", 'a"b', "a'b"):
        refused("INVALID_PARAMETER_VALUE", "", client.create_logged_model, experiment, name=name)
    with drives("get_logged_model"):
        equal(client.get_logged_model(model_id).to_dictionary(), made.to_dictionary(), "read again")
    client.finalize_logged_model(model_id, "READY")
    equal(client.get_logged_model(model_id).status, LoggedModelStatus.READY, "ready")
    with drives("set_logged_model_tags", "delete_logged_model_tag"):
        client.set_logged_model_tags(model_id, {"note": "kept", "awkward key: ü": "v"})
        tags = client.get_logged_model(model_id).tags
        equal({k: tags.get(k) for k in ("a", "note", "awkward key: ü")}, {"a": "1", "note": "kept", "awkward key: ü": "v"}, "tags")
        client.delete_logged_model_tag(model_id, "note")
        client.delete_logged_model_tag(model_id, "awkward key: ü")
        check(not {"note", "awkward key: ü"} & set(client.get_logged_model(model_id).tags), "tags less")
        refused("RESOURCE_DOES_NOT_EXIST", "", client.delete_logged_model_tag, model_id, "note")
    with drives("log_model_params"):
        client.log_model_params(model_id, {"alpha": "40"})
        equal(client.get_logged_model(model_id).params, {"k": "10", "alpha": "40"}, "more params")
        refused("BAD_REQUEST" if OTHER else "INVALID_PARAMETER_VALUE", "", client.log_model_params, model_id, {"k": "11"})
    client.log_metric(run_id, "loss", 0.5, model_id=model_id, dataset_name="ratings", dataset_digest="d1")
    client.log_metric(run_id, "loss", 0.25, step=1, model_id=model_id, dataset_name="ratings", dataset_digest="d1")
    client.log_batch(run_id, metrics=[Metric("acc", 0.75, 1, 1, model_id=model_id)])
    metrics = {(m.key, m.value, m.run_id, m.dataset_name, m.dataset_digest) for m in client.get_logged_model(model_id).metrics}
    check({("loss", 0.25, run_id, "ratings", "d1"), ("acc", 0.75, run_id, None, None)} <= metrics, f"metrics of a model: {metrics}")
    with drives("delete logged model"):
        client.delete_logged_model(model_id)
        refused("RESOURCE_DOES_NOT_EXIST", "", client.get_logged_model, model_id)
        check(model_id not in [m.model_id for m in client.search_logged_models([experiment])], "no longer found")
    other = mlflow.initialize_logged_model(name="external")
    equal(str(mlflow.finalize_logged_model(other.model_id, "FAILED").status), "FAILED", "an upload that failed")
    outside = mlflow.create_external_model(name="outside")
    equal(str(mlflow.get_logged_model(outside.model_id).status), "READY", "a model that lies elsewhere")
    mlflow.set_active_model(model_id=outside.model_id)
    mlflow.log_metric("seen", 1.0, model_id=outside.model_id)
    mlflow.end_run()
    mlflow.clear_active_model()
    equal([m.key for m in client.get_logged_model(outside.model_id).metrics], ["seen"], "its metric")
