"""Experiments: names, tags, deletion and return, pages."""

import mlflow
import requests
from mlflow.entities import ViewType

from client.checks import OTHER, URL, WORD, check, client, drives, equal, pages, refused


def experiments(_):
    name = f"films {WORD}"
    with drives("set_experiment(new)"):
        made = mlflow.set_experiment(name)
    equal(made.name, name, "name")
    equal(made.lifecycle_stage, "active", "stage")
    equal(made.artifact_location, f"mlflow-artifacts:/{made.experiment_id}", "artifact location")
    check(made.last_update_time >= made.creation_time > 1_600_000_000_000, "times in milliseconds")
    with drives("set_experiment(existing)", "get_experiment_by_name"):
        equal(mlflow.set_experiment(name).experiment_id, made.experiment_id, "the same experiment again")
        equal(mlflow.get_experiment_by_name(name).experiment_id, made.experiment_id, "by name")
        equal(mlflow.get_experiment_by_name(f"none {WORD}"), None, "an experiment that is not there")
    equal(mlflow.get_experiment("0").name, "Default", "the default experiment")
    shown = requests.get(f"{URL}/ajax-api/2.0/mlflow/experiments/get", {"experiment_id": made.experiment_id}).json()["experiment"]
    equal((shown["name"], shown["creation_time"]), (name, made.creation_time), "by the path that MLflow's pages use")
    with drives("set_experiment_tag", "search_experiments"):
        mlflow.set_experiment_tag("team", "cinema")
        mlflow.set_experiment_tags({"year": 2015, "awkward key/with: signs": "ünïcode ✓ \u202e"})
        tags = client.get_experiment(made.experiment_id).tags
        equal(tags, {"team": "cinema", "year": "2015", "awkward key/with: signs": "ünïcode ✓ \u202e"}, "tags")
        client.set_experiment_tag(made.experiment_id, "team", "film")
        client.delete_experiment_tag(made.experiment_id, "year")
        tags = client.get_experiment(made.experiment_id).tags
        equal((tags["team"], "year" in tags), ("film", False), "a tag replaced, one deleted")
        refused("RESOURCE_DOES_NOT_EXIST", "", client.delete_experiment_tag, made.experiment_id, "year")
        check(made.experiment_id in [e.experiment_id for e in mlflow.search_experiments()], "search_experiments")

    second = client.create_experiment(f"second {WORD}", tags={"a": "b"})
    equal(client.get_experiment(second).tags, {"a": "b"}, "tags of a new experiment")
    refused("RESOURCE_ALREADY_EXISTS", "already exists", client.create_experiment, f"second {WORD}")
    refused("INVALID_PARAMETER_VALUE", "", client.create_experiment, "")
    refused("INVALID_PARAMETER_VALUE", "", client.create_experiment, "x" * 501)
    equal(client.get_experiment(client.create_experiment(f"{WORD} ü/%2F?#;\\ ✓")).name, f"{WORD} ü/%2F?#;\\ ✓", "an awkward name")
    with drives("rename/delete/restore exp"):
        client.rename_experiment(second, f"third {WORD}")
        equal(client.get_experiment(second).name, f"third {WORD}", "renamed")
        refused("RESOURCE_ALREADY_EXISTS" if not OTHER else "BAD_REQUEST", "", client.rename_experiment, second, name)
        run, gone = client.create_run(second), client.create_run(second)
        client.delete_run(gone.info.run_id)
        client.delete_experiment(second)
        equal(client.get_experiment(second).lifecycle_stage, "deleted", "deleted")
        equal(client.get_experiment_by_name(f"third {WORD}").lifecycle_stage, "deleted", "found by name though deleted")
        equal(client.get_run(run.info.run_id).info.lifecycle_stage, "deleted", "its run is deleted with it")
        check(second not in [e.experiment_id for e in client.search_experiments()], "hidden")
        check(second in [e.experiment_id for e in client.search_experiments(ViewType.DELETED_ONLY)], "among the deleted")
        check(second in [e.experiment_id for e in client.search_experiments(ViewType.ALL)], "among all")
        refused("INVALID_PARAMETER_VALUE", "must be in the 'active' state", client.create_run, second)
        refused("INVALID_PARAMETER_VALUE", "", client.set_experiment_tag, second, "a", "b")
        refused("RESOURCE_ALREADY_EXISTS", "", client.create_experiment, f"third {WORD}")
        client.restore_experiment(second)
        equal(client.get_run(run.info.run_id).info.lifecycle_stage, "active", "its run comes back with it")
    refused("RESOURCE_DOES_NOT_EXIST", "No Experiment with id=99999999 exists", client.get_experiment, "99999999")

    found = [e.experiment_id for e in pages(client.search_experiments, view_type=ViewType.ALL)]
    equal(len(found), len(set(found)), "pages repeat nothing")
    check(made.experiment_id in found and second in found and "0" in found, "pages leave nothing out")
    refused("INVALID_PARAMETER_VALUE", "", client.search_experiments, page_token="no token")
    refused("INVALID_PARAMETER_VALUE", "", client.search_experiments, max_results=0)
    refused("INVALID_PARAMETER_VALUE", "", client.search_experiments, max_results=50_001)
