"""Registered models and their versions, aliases, stages, prompts."""

import mlflow

from client.checks import FIVE_HUNDRED, WORD, check, client, drives, equal, ours_alone, refused


def versions_of(name, count, experiment):
    """A registered model with so many versions of one logged model."""
    made = client.create_logged_model(experiment, name="made")
    client.finalize_logged_model(made.model_id, "READY")
    client.create_registered_model(name)
    for _ in range(count):
        client.create_model_version(name, f"models:/{made.model_id}", model_id=made.model_id)
    return made.model_id


def registry(experiment):
    name = f"registry-{WORD}"
    model_id = versions_of(name, 3, experiment)
    with drives("update_registered_model", "update_model_version", "set/delete rm tag", "set/delete mv tag"):
        client.update_registered_model(name, "films for people")
        client.set_registered_model_tag(name, "team", "cinema")
        client.update_model_version(name, "1", "the first")
        client.set_model_version_tag(name, "1", "checked", "yes")
        made = client.get_registered_model(name)
        equal((made.description, made.tags), ("films for people", {"team": "cinema"}), "description and tag")
        check(made.last_updated_timestamp >= made.creation_timestamp > 1_600_000_000_000, "times")
        version = client.get_model_version(name, "1")
        equal((version.description, version.tags), ("the first", {"checked": "yes"}), "of a version")
        client.set_model_version_tag(name, "1", "checked", "twice")
        equal(client.get_model_version(name, "1").tags, {"checked": "twice"}, "a tag replaced")
        client.delete_registered_model_tag(name, "team")
        client.delete_registered_model_tag(name, "team")
        client.delete_model_version_tag(name, "1", "checked")
        equal((client.get_registered_model(name).tags, client.get_model_version(name, "1").tags), ({}, {}), "tags are gone")
    client.set_registered_model_tag(name, "long", "x" * 100_000)
    equal(len(client.get_registered_model(name).tags["long"]), 100_000, "a long tag")
    client.delete_registered_model_tag(name, "long")
    refused("INVALID_PARAMETER_VALUE", "", client.set_registered_model_tag, name, "x" * 251, "v")
    check(client.get_model_version_download_uri(name, "1").endswith(f"{model_id}/artifacts"), "download uri")
    with drives("search_model_versions", "search_registered_models"):
        equal([str(v.version) for v in client.search_model_versions(f"name='{name}'")][0], "1", "the one that was changed last comes first")
        check(name in [m.name for m in client.search_registered_models()], "search_registered_models")
    refused("RESOURCE_ALREADY_EXISTS", f"Registered Model (name={name}) already exists", client.create_registered_model, name)
    refused("RESOURCE_DOES_NOT_EXIST", f"Registered Model with name=none-{WORD} not found", client.get_registered_model, f"none-{WORD}")
    for bad in ("", "a/b", "a:b", " "):
        refused("INVALID_PARAMETER_VALUE", "", client.create_registered_model, bad)
    awkward = f"{WORD} ü % & ? # + 100%25"
    client.create_registered_model(awkward, tags={"k": "v"}, description="awkward")
    equal(client.get_registered_model(awkward).tags, {"k": "v"}, "an awkward name")
    client.delete_registered_model(awkward)

    with drives("delete mv"):
        client.set_registered_model_alias(name, "newest", "3")
        client.delete_model_version(name, "3")
        refused("RESOURCE_DOES_NOT_EXIST", f"Model Version (name={name}, version=3) not found", client.get_model_version, name, "3")
        equal(client.get_registered_model(name).aliases, {}, "its alias goes with it")
    again = client.create_model_version(name, f"models:/{model_id}", model_id=model_id, tags={"a": "b"}, description="d", run_link="http://x")
    equal((str(again.version), again.tags, again.description, again.run_link), ("4", {"a": "b"}, "d", "http://x"), "numbers are not used again")
    refused("INVALID_PARAMETER_VALUE", "", client.get_model_version, name, "one")
    with drives("rename rm"):
        client.set_registered_model_alias(name, "kept", "2")
        client.rename_registered_model(name, f"{name}-new")
        equal({str(v.version) for v in client.search_model_versions(f"name='{name}-new'")}, {"1", "2", "4"}, "its versions move along")
        equal(client.get_registered_model(f"{name}-new").aliases, {"kept": "2"}, "its aliases too")
        equal(client.get_model_version(f"{name}-new", "4").tags, {"a": "b"}, "and tags")
        refused("RESOURCE_DOES_NOT_EXIST", "not found", client.get_registered_model, name)
        client.create_registered_model(name)
        refused("RESOURCE_ALREADY_EXISTS", "", client.rename_registered_model, f"{name}-new", name)
    with drives("delete rm"):
        client.delete_registered_model(f"{name}-new")
        refused("RESOURCE_DOES_NOT_EXIST", "not found", client.get_registered_model, f"{name}-new")
        equal(client.search_model_versions(f"name='{name}-new'"), [], "its versions are gone")
        refused("RESOURCE_DOES_NOT_EXIST", "not found", client.delete_registered_model, f"{name}-new")


def aliases(experiment):
    name = f"aliases-{WORD}"
    versions_of(name, 3, experiment)
    with drives("set_registered_model_alias", "get_model_version_by_alias"):
        client.set_registered_model_alias(name, "champion", "2")
        equal(str(client.get_model_version_by_alias(name, "champion").version), "2", "alias")
        client.set_registered_model_alias(name, "champion", "3")
        client.set_registered_model_alias(name, "Champion_2-b", "3")
    equal(client.get_registered_model(name).aliases, {"champion": "3", "Champion_2-b": "3"}, "moved; one version may have many")
    equal(set(client.get_model_version(name, "3").aliases), {"champion", "Champion_2-b"}, "of the version")
    refused("INVALID_PARAMETER_VALUE", "Registered model alias nope not found.", client.get_model_version_by_alias, name, "nope")
    refused(
        "RESOURCE_DOES_NOT_EXIST", f"Model Version (name={name}, version=99) not found", client.set_registered_model_alias, name, "x", "99")
    for alias in ("latest", "LaTest", "v1", "V22", "", "a b", "a.b", "x" * 256):
        refused("INVALID_PARAMETER_VALUE", "", client.set_registered_model_alias, name, alias, "1")
    with drives("delete alias"):
        client.delete_registered_model_alias(name, "champion")
        client.delete_registered_model_alias(name, "champion")
        refused("INVALID_PARAMETER_VALUE", "not found", client.get_model_version_by_alias, name, "champion")
    if ours_alone("an alias and a stage follow each other"):
        client.set_registered_model_alias(name, "production", "1")
        equal(client.get_model_version(name, "1").current_stage, "Production", "the alias production is the stage")
        client.set_registered_model_alias(name, "production", "2")
        stages = [client.get_model_version(name, version).current_stage for version in "12"]
        equal(stages, ["Archived", "Production"], "the one before is archived")
        client.transition_model_version_stage(name, "3", "Production")
        equal(str(client.get_model_version_by_alias(name, "production").version), "3", "the stage moves the alias")
        equal(client.get_model_version(name, "2").current_stage, "Archived", "one production at a time")
        client.transition_model_version_stage(name, "3", "Archived")
        refused("INVALID_PARAMETER_VALUE", "not found", client.get_model_version_by_alias, name, "production")
        client.set_registered_model_alias(name, "production", "2")
        client.delete_registered_model_alias(name, "production")
        check(client.get_model_version(name, "2").current_stage != "Production", "no alias, no stage")


def stages(experiment):
    name = f"stages-{WORD}"
    versions_of(name, 4, experiment)
    with drives("transition_model_version_stage", "get_latest_versions"):
        equal(client.transition_model_version_stage(name, "1", "staging").current_stage, "Staging", "in any letter case")
        equal(client.transition_model_version_stage(name, "2", "Production").current_stage, "Production", "production")
        moved = client.transition_model_version_stage(name, "3", "PRODUCTION", archive_existing_versions=True)
        equal((moved.current_stage, str(moved.version)), ("Production", "3"), "in place of another")
        equal(client.get_model_version(name, "2").current_stage, "Archived", "which is archived")
        equal(client.get_model_version(name, "1").current_stage, "Staging", "no other is")
        latest = {v.current_stage: str(v.version) for v in client.get_latest_versions(name)}
        equal(latest, {"None": "4", "Staging": "1", "Archived": "2", "Production": "3"}, "latest versions")
        equal([str(v.version) for v in client.get_latest_versions(name, ["Production"])], ["3"], "of one stage")
        equal({str(v.version) for v in client.get_latest_versions(name, ["production", "staging"])}, {"1", "3"}, "of two")
    listed = {v.current_stage: str(v.version) for v in client.get_registered_model(name).latest_versions}
    equal(listed, latest, "with the model itself")
    client.transition_model_version_stage(name, "4", "Staging")
    equal([str(v.version) for v in client.get_latest_versions(name, ["Staging"])], ["4"], "the newest of a stage that has two")
    client.transition_model_version_stage(name, "4", "None")
    equal(client.get_model_version(name, "4").current_stage, "None", "and back")
    refused("INVALID_PARAMETER_VALUE", "", client.transition_model_version_stage, name, "1", "Nowhere")
    refused("RESOURCE_DOES_NOT_EXIST", "not found", client.transition_model_version_stage, name, "99", "Staging")
    refused("INVALID_PARAMETER_VALUE", "", client.get_latest_versions, name, ["Nowhere"])
    if ours_alone(FIVE_HUNDRED):
        for stage in ("None", "Archived"):
            refused("INVALID_PARAMETER_VALUE", "", client.transition_model_version_stage, name, "1", stage, archive_existing_versions=True)


def prompts(_):
    name = f"prompt-{WORD}"
    with drives("prompts register+load"):
        made = mlflow.genai.register_prompt(name, "Recommend {{count}} films to {{user}}.", commit_message="first", tags={"k": "v"})
        equal((made.version, made.template), (1, "Recommend {{count}} films to {{user}}."), "a prompt")
        mlflow.genai.register_prompt(name, "Only {{count}} films.")
        equal(mlflow.genai.load_prompt(name, version=2).format(count=3), "Only 3 films.", "its second version")
    mlflow.genai.set_prompt_alias(name, "best", 1)
    equal(mlflow.genai.load_prompt(f"prompts:/{name}@best").version, 1, "by its alias")
    check(name not in [m.name for m in client.search_registered_models(f"name = '{name}'")], "a prompt is no model")
    equal(client.search_model_versions(f"name = '{name}'"), [], "nor are its versions")
    found = client.search_registered_models(f"name = '{name}' AND tags.`mlflow.prompt.is_prompt` = 'true'")
    equal([m.name for m in found], [name], "unless one asks for prompts")
    equal([p.name for p in mlflow.genai.search_prompts(f"name = '{name}'")], [name], "search_prompts")
    equal(mlflow.genai.load_prompt(f"none-{WORD}", allow_missing=True), None, "a prompt that is not there")
