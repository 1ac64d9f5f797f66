"""The five searches: every operator of every entity, orders, pages, and what is refused."""

import time

import mlflow
from mlflow.entities import Dataset, DatasetInput, InputTag, Metric, Param, RunTag

from client.checks import BEYOND, SLOPPY, WORD, client, drives, equal, finds, ours_alone, pages, refused
from client.registry import versions_of

# What no search takes, each for another reason.
BROKEN = [
    "=", "name", "name =", "= 'a'", "name = 'a", "name = `a",
    "'a' = 'a'", "1 = 1", "name == 'a'", "name <> 'a'", "name BETWEEN 'a' AND 'b'", "nothing.a = 'b'", "nothing = 'a'",
    "name = 'a'; name = 'b'", "; DROP TABLE runs", "name = 'a' --", "name IN ()", "name IN 'a'", "name LIKE", "name IS", "name = NULL",
    "name = 'a', name = 'b'", "(name = 'a'", "name = 'a')", "name = (SELECT 1)", ".a = 'b'", "tags.a.b.c",
]
UNFINISHED = ["AND", "name = 'a' AND", "AND name = 'a'", "name = 'a' name = 'b'", "tags. = 'a'"]


# Of the search of logged models, beside UNFINISHED.
MODEL_SLOPPY = ["'a' = 'a'", "1 = 1", "name IN ()", "name = NULL", "name = (SELECT 1)", "metrics.acc = 'a'", "creation_timestamp = 'a'"]


def unordered(found, space=""):
    """The same search, its answer without its order."""
    def sets(*arguments, **named):
        return space.join(sorted(found(*arguments, **named).split() if space else found(*arguments, **named)))

    return sets


def _runs(experiment):
    """Six runs: name, start, end, status, points of loss, params, tags, inputs."""
    made = {}
    rows = [
        ("r1", 1000, 2000, "FINISHED", [0.1], {"alg": "als", "k": "10", "learning rate": "0.01"}, {"team": "red", "a.b": "1"}, ("ratings", "d1", "training")),
        ("r2", 2000, 2500, "FAILED", [0.2], {"alg": "ALS", "k": "20"}, {"team": "Red"}, ("ratings", "d2", "test")),
        ("r3", 3000, None, "RUNNING", [float("nan")], {"alg": "bpr", "k": "9"}, {}, ("Films", "d1", "training")),
        ("r4", 4000, 9000, "FINISHED", [float("inf")], {"alg": "als-explicit"}, {"team": "blue"}, None),
        ("r5", 5000, 9500, "KILLED", [], {}, {"note": "it's \"so\""}, None),
        ("r6", 6000, 7000, "FINISHED", [5.0, 0.05], {"alg": "100%_sure", "k": "10"}, {"team": "red"}, None),
    ]
    for name, start, end, status, losses, params, tags, source in rows:
        run_id = made[name] = client.create_run(experiment, start_time=start, run_name=name).info.run_id
        points = [Metric("loss", loss, 1000 + step, step) for step, loss in enumerate(losses)]
        points += [Metric("val/ndcg at 10", start / 1000, 1, 0)]
        client.log_batch(run_id, points, [Param(*p) for p in params.items()], [RunTag(*t) for t in tags.items()])
        if source:
            dataset = Dataset(source[0], source[1], "http", "http://example.org/ratings")
            client.log_inputs(run_id, [DatasetInput(dataset, [InputTag("mlflow.data.context", source[2])])])
        if end:
            client.set_terminated(run_id, status, end)
    return made


RUN_FILTERS = [
    # Metrics: the latest value, all six comparators, every name of the entity. NaN matches only !=.
    ("metrics.loss = 0.1", "1"), ("metrics.loss != 0.1", "2346"), ("metrics.loss < 0.2", "16"), ("metrics.loss <= 0.2", "126"),
    ("metrics.loss > 0.2", "4"), ("metrics.loss >= 0.2", "24"), ("metric.loss = 0.2", "2"), ("metrics.loss < 1e-1", "6"),
    ("metrics.loss > -1", "1246"), ("metrics.`val/ndcg at 10` >= 5", "56"), ('metrics."val/ndcg at 10" = 2', "2"),
    ("metrics.loss = 5", ""), ("metrics.none != 1", ""),
    # Params and tags: text; a run without it never matches but by IS NULL.
    ("params.alg = 'als'", "1"), ("params.alg != 'als'", "2346"), ("param.alg = 'bpr'", "3"), ("parameter.alg = 'bpr'", "3"),
    ("params.alg LIKE 'als%'", "14"), ("params.alg ILIKE 'als%'", "124"), ("params.alg LIKE '%l%'", "14"), ("params.alg LIKE 'al_'", "1"),
    ("params.alg ILIKE 'AL_'", "12"), ("params.alg LIKE 'l'", ""), ("params.k IS NULL", "45"), ("params.k IS NOT NULL", "1236"),
    ("params.k is not null and params.k != '10'", "23"), ('params.k = "10"', "16"), ("params.`learning rate` = '0.01'", "1"),
    ('params."learning rate" LIKE \'0.%\'', "1"), ("params.none = 'x'", ""), ("params.none IS NULL", "123456"),
    ("tags.team = 'red'", "16"), ("tags.team != 'red'", "24"), ("tag.team ILIKE 'RED'", "126"), ("tags.team LIKE 'R%'", "2"),
    ("tags.team IS NULL", "35"), ("tags.team IS NOT NULL", "1246"), ("tags.`a.b` = '1'", "1"), ("tags.mlflow.runName = 'r4'", "4"),
    ("tags.`mlflow.runName` ILIKE 'R4'", "4"),
    # Attributes, under all their names.
    ("run_name = 'r2'", "2"), ("attributes.run_name != 'r2'", "13456"), ("attribute.run_name LIKE 'r%'", "123456"), ("attr.run_name = 'r1'", "1"),
    ("run.run_name ILIKE 'R1'", "1"), ("attributes.`Run name` = 'r3'", "3"), ("attributes.`run name` = 'r3'", "3"),
    ('attributes."Run Name" = \'r3\'', "3"), ("status = 'FINISHED'", "146"), ("attributes.status != 'FINISHED'", "235"),
    ("status LIKE 'F%'", "1246"), ("status ILIKE 'fin%'", "146"), ("status = 'finished'", ""), ("start_time = 3000", "3"),
    ("start_time != 3000", "12456"), ("start_time > 3000", "456"), ("start_time >= 3000", "3456"), ("attributes.start_time < 3000", "12"),
    ("start_time <= 3000", "123"), ("created > 4000", "56"), ("attributes.Created > 4000", "56"), ("end_time <= 7000", "126"),
    ("end_time > 9000", "5"), ("run_id = '{r1}'", "1"), ("run_id != '{r1}'", "23456"), ("run_id IN ('{r1}', '{r5}')", "15"),
    ("attributes.run_id NOT IN ('{r1}', '{r5}')", "2346"), ("run_id LIKE '{r2}'", "2"), ("artifact_uri LIKE '%{r4}/artifacts'", "4"),
    # Dataset inputs; several conditions may be met by different inputs.
    ("dataset.name = 'ratings'", "12"), ("datasets.name ILIKE 'FILMS'", "3"), ("dataset.name LIKE 'f%'", ""), ("dataset.digest = 'd1'", "13"),
    ("dataset.digest != 'd1'", "2"), ("dataset.context = 'training'", "13"), ("dataset.name IN ('ratings', 'other')", "12"),
    ("dataset.digest NOT IN ('d1')", "2"), ("dataset.name = 'ratings' AND dataset.context = 'test'", "2"),
    # Together, and in any letter case.
    ("metrics.loss < 1 AND params.k = '10'", "16"), ("metrics.loss < 1 and tags.team = 'red' AND start_time > 1000", "6"),
    ("metrics.loss<1 AND metrics.loss>0.1", "2"), ("  params.alg   =   'als'  ", "1"), ("", "123456"),
    ("status = 'FINISHED' AND tags.team = 'red' AND params.k IS NOT NULL AND metrics.loss <= 0.1 AND dataset.name = 'ratings'", "1"),
]
RUN_BROKEN = [
    "metrics.loss = '0.1'", "metrics.loss LIKE '1'", "metrics.loss IN (1, 2)", "metrics.loss IS NULL", "params.k = 10", "params.k > '10'",
    "params.k IN ('10')", "tags.team > 'red'", "run_name IN ('r1')", "run_name > 'a'", "status IN ('FINISHED')", "start_time = 'a'",
    "start_time LIKE '1%'", "run_id IN ()", "run_id IN (1)", "run_id > 'a'", "dataset.name > 'a'", "dataset.none = 'a'", "attributes.none = 'a'",
    "nothing.loss = 1", "metrics.loss BETWEEN 1 AND 2", "metrics.loss", "metrics = 1", "metrics.loss = ",
    "params.k = '10", "params.`k = '10'", "'a' = 'a'", "metrics.loss == 1", "metrics.loss <> 1",
    "metrics.loss = 1; metrics.loss = 2", "metrics.loss = --1", "params.k IN ('1', 2)", "params.k IS 'x'", "metrics.loss !> 1",
]
RUN_UNFINISHED = ["metrics.loss = 1 metrics.loss = 2", "AND", "metrics.loss = 1 AND", "AND metrics.loss = 1", "metrics. = 1"]
RUN_ORDERS = [
    (["metrics.loss"], "612435"), (["metrics.loss ASC"], "612435"), (["metrics.loss DESC"], "421635"), (["metrics.`loss` desc"], "421635"),
    (["params.alg"], "621435"), (["params.alg DESC"], "341265"), (["tags.team ASC"], "246153"), (["attributes.start_time"], "123456"),
    (["start_time ASC"], "123456"), (["attribute.start_time DESC"], "654321"), (["attributes.run_name DESC"], "654321"),
    (["metrics.`val/ndcg at 10` DESC"], "654321"), ([], "654321"),
]


def run_search(experiment):
    made = _runs(experiment)
    number = {run_id: name[1:] for name, run_id in made.items()}

    def found(text, **more):
        return "".join(number[r.info.run_id] for r in client.search_runs([experiment], text.format(**made), **more))

    sets = unordered(found)
    for text, expected in RUN_FILTERS:
        finds(expected, text, sets, text)
    for text in RUN_BROKEN:
        refused("INVALID_PARAMETER_VALUE", "", client.search_runs, [experiment], text)
    if ours_alone(SLOPPY):
        for text in RUN_UNFINISHED:
            refused("INVALID_PARAMETER_VALUE", "", client.search_runs, [experiment], text)
        refused("INVALID_PARAMETER_VALUE", "", client.search_runs, [experiment], order_by=["metrics.loss", "metrics.loss"])
    for order, expected in RUN_ORDERS:
        finds(expected, f"ordered by {order}", found, "", order_by=order)
    finds("6123", "by two keys", found, "params.k IS NOT NULL", order_by=["params.k ASC", "metrics.loss ASC"])
    finds("1623", "the second turned", found, "params.k IS NOT NULL", order_by=["params.k ASC", "metrics.loss DESC"])
    for order in (["loss"], ["metrics.loss UP"], ["nothing.a"], ["metrics.loss; DROP TABLE runs"], [""]):
        refused("INVALID_PARAMETER_VALUE", "", client.search_runs, [experiment], order_by=order)
    everything = pages(client.search_runs, experiment_ids=[experiment], order_by=["metrics.loss ASC"])
    equal("".join(number[r.info.run_id] for r in everything), "612435", "pages keep the order")
    twice = pages(client.search_runs, experiment_ids=[experiment], filter_string="metrics.loss > -1", order_by=["params.alg"])
    equal("".join(number[r.info.run_id] for r in twice), "6214", "and the filter")
    equal(len(mlflow.search_runs([experiment], "metrics.loss < 1", max_results=2)), 2, "so many and no more")
    equal(client.search_runs([]), [], "of no experiment")
    equal(client.search_runs(["987654321"]), [], "of one that is not there")
    refused("INVALID_PARAMETER_VALUE", "", client.search_runs, [experiment], max_results=50_001)
    refused("INVALID_PARAMETER_VALUE", "", client.search_runs, [experiment], page_token="none")
    if ours_alone(BEYOND):
        for text, expected in [
            ("metrics.loss = 0.1 OR metrics.loss = 0.2", "12"), ("(params.k = '10')", "16"), ("NOT status = 'FINISHED'", "235"),
            ("params.alg = 'bpr' OR params.k = '10' AND tags.team = 'red'", "136"),
            ("(params.alg = 'bpr' OR params.k = '10') AND tags.team = 'red'", "16"),
            ("NOT (params.k = '10' OR status = 'FAILED') AND metrics.loss > -1", "4"), ("((((run_name = 'r1'))))", "1"),
        ]:
            finds(expected, text, sets, text)


def experiment_search(_):
    made, mark = {}, f"searched-{WORD}"
    for name, tags in [("Alpha", {"team": "red"}), ("beta", {"team": "Red", "a b": "1"}), ("gamma", {})]:
        made[name] = client.create_experiment(f"{mark} {name}", tags=tags)
        time.sleep(0.01)
    letter = {ident: name[0] for name, ident in made.items()}

    def found(text, **more):
        return "".join(letter[e.experiment_id] for e in client.search_experiments(filter_string=text, **more) if e.experiment_id in letter)

    sets = unordered(found)
    of_ours = f"name LIKE '{mark} %'"
    born = {name: client.get_experiment(ident).creation_time for name, ident in made.items()}
    for text, expected in [
        (of_ours, "Abg"), (f"name = '{mark} beta'", "b"), (f"attribute.name = '{mark} beta'", "b"), (f"attribute.name != '{mark} beta'", "Ag"),
        (f"name LIKE '{mark} a%'", ""), (f"name ILIKE '{mark} a%'", "A"), (f"name LIKE '{mark} _eta'", "b"), ("tags.team = 'red'", "A"),
        ("tag.team != 'red'", "b"), ("tags.team ILIKE 'RED'", "Ab"), ("tags.team LIKE 'R%'", "b"), (f"{of_ours} AND tags.team IS NULL", "g"),
        (f"{of_ours} AND tags.team IS NOT NULL", "Ab"), ("tags.`a b` = '1'", "b"), ('tags."a b" = \'1\'', "b"),
        (f"creation_time > {born['Alpha']} AND {of_ours}", "bg"), (f"creation_time >= {born['Alpha']} AND {of_ours}", "Abg"),
        (f"creation_time < {born['gamma']} AND {of_ours}", "Ab"), (f"creation_time <= {born['gamma']} AND {of_ours}", "Abg"),
        (f"creation_time = {born['beta']} AND {of_ours}", "b"), (f"creation_time != {born['beta']} AND {of_ours}", "Ag"),
        (f"last_update_time >= {born['gamma']} AND {of_ours}", "g"), (f"{of_ours} and name != '{mark} Alpha'", "bg"),
        (f"experiment_id IN ('{made['Alpha']}', '{made['gamma']}')", "Ag"), (f"experiment_id NOT IN ('{made['beta']}') AND {of_ours}", "Ag"),
    ]:
        finds(expected, text, sets, text)
    for text in BROKEN + (UNFINISHED if ours_alone(SLOPPY) else []) + [
        "name > 'a'", "name IN ('a')", "creation_time = 'a'", "creation_time LIKE '1'", "tags.a > 'b'", "name = 1", "metrics.a = 1",
    ]:
        refused("INVALID_PARAMETER_VALUE", "", client.search_experiments, filter_string=text)
    for order, expected in [
        (["name ASC"], "Abg"), (["name DESC"], "gbA"), (["name"], "Abg"), (["creation_time ASC"], "Abg"), (["creation_time DESC"], "gbA"),
        (["experiment_id ASC"], "Abg"), (["last_update_time DESC"], "gbA"), (["attribute.name DESC"], "gbA"), ([], "gbA"), (None, "gbA"),
    ]:
        finds(expected, f"ordered by {order}", found, of_ours, order_by=order)
    for order in (["none"], ["tags.team"], ["name UP"], ["name; DROP TABLE experiments"]):
        refused("INVALID_PARAMETER_VALUE", "", client.search_experiments, order_by=order)
    client.set_experiment_tag(made["Alpha"], "later", "1")
    client.rename_experiment(made["Alpha"], f"{mark} Alpha!")
    finds("Agb", "a change is an update", found, of_ours, order_by=["last_update_time DESC"])
    equal("".join(letter[e.experiment_id] for e in pages(client.search_experiments, filter_string=of_ours, order_by=["name"])), "Abg", "pages")
    if ours_alone(BEYOND):
        finds("A", "OR, NOT and parentheses", sets, f"{of_ours} AND (tags.team = 'red' OR NOT name ILIKE '%a')")


def registered_model_search(_):
    mark = f"searched-{WORD}"
    names = {letter: f"{word}-{mark}" for letter, word in (("A", "Alpha"), ("b", "beta"), ("g", "gamma"))}
    for letter, tags in [("b", {"team": "Red"}), ("A", {"team": "red", "a b": "1"}), ("g", {})]:
        client.create_registered_model(names[letter], tags=tags)
        time.sleep(0.01)
    letters = {name: letter for letter, name in names.items()}

    def found(text, **more):
        return "".join(letters[m.name] for m in client.search_registered_models(text, **more) if m.name in letters)

    sets = unordered(found)
    of_ours = f"name LIKE '%-{mark}'"
    for text, expected in [
        (of_ours, "Abg"), (f"name = '{names['b']}'", "b"), (f"attribute.name = '{names['b']}'", "b"), (f"name != '{names['b']}'", "Ag"),
        (f"name LIKE 'a%-{mark}'", ""), (f"name ILIKE 'a%-{mark}'", "A"), (f"name IN ('{names['A']}', '{names['g']}', 'none')", "Ag"),
        (f"{of_ours} AND tags.team = 'red'", "A"), (f"{of_ours} AND tag.team != 'red'", "b"), (f"{of_ours} AND tags.team ILIKE 'red'", "Ab"),
        (f"{of_ours} AND tags.team LIKE 'R%'", "b"), (f"{of_ours} AND tags.`a b` = '1'", "A"), (f"name='{names['g']}'", "g"),
    ]:
        finds(expected, text, sets, text)
    if ours_alone(BEYOND):
        finds("bg", "NOT IN", sets, f"{of_ours} AND name NOT IN ('{names['A']}')")
    for text in BROKEN + (UNFINISHED if ours_alone(SLOPPY) else []) + ["name > 'a'", "tags.a > 'b'", "name = 1", "metrics.a = 1", "version_number = 1"]:
        refused("INVALID_PARAMETER_VALUE", "", client.search_registered_models, text)
    for order, expected in [
        (["name ASC"], "Abg"), (["name DESC"], "gbA"), (["name"], "Abg"), (["timestamp"], "bAg"), (["timestamp DESC"], "gAb"),
        (["last_updated_timestamp ASC"], "bAg"), ([], "Abg"), (None, "Abg"),
    ]:
        finds(expected, f"ordered by {order}", found, of_ours, order_by=order)
    for order in (["none"], ["name UP"], ["tags.team"], ["name; DROP TABLE x"]):
        refused("INVALID_PARAMETER_VALUE", "", client.search_registered_models, order_by=order)
    equal("".join(letters[m.name] for m in pages(client.search_registered_models, filter_string=of_ours)), "Abg", "pages")
    refused("INVALID_PARAMETER_VALUE", "", client.search_registered_models, page_token="none")
    refused("INVALID_PARAMETER_VALUE", "", client.search_registered_models, max_results=1001)
    if ours_alone(BEYOND):
        finds("Abg", BEYOND, sets, f"name = '{names['A']}' OR (name LIKE '%-{mark}' AND NOT tags.team = 'red')")


def version_search(experiment):
    name, other = f"many {WORD}", f"Other {WORD}"
    run_id = client.create_run(experiment).info.run_id
    source = f"mlflow-artifacts:/{experiment}/{run_id}/artifacts/m"
    model_id = versions_of(other, 1, experiment)
    client.create_registered_model(name)
    for number in (1, 2):
        client.create_model_version(name, source, run_id, tags={"n": str(number), "a b": "x"})
        time.sleep(0.01)
    client.create_model_version(name, f"models:/{model_id}", tags={"n": "3"}, model_id=model_id)
    time.sleep(0.01)

    def found(text, **more):
        return " ".join(f"{'o' if v.name == other else ''}{v.version}" for v in client.search_model_versions(text, **more) if v.name in (name, other))

    sets = unordered(found, " ")
    of_ours = f"name LIKE '% {WORD}'"
    for text, expected in [
        (f"name = '{name}'", "1 2 3"), (of_ours, "1 2 3 o1"), (f"name ILIKE 'OTHER {WORD}'", "o1"), (f"name LIKE 'other {WORD}'", ""),
        (f"{of_ours} AND name != '{name}'", "o1"), (f"attribute.name = '{name}' AND version_number = 2", "2"), (f"{of_ours} AND version_number != 2", "1 3 o1"),
        (f"{of_ours} AND version_number > 1", "2 3"), (f"{of_ours} AND version_number >= 2", "2 3"), (f"{of_ours} AND version_number < 2", "1 o1"),
        (f"{of_ours} AND version_number <= 2", "1 2 o1"), (f"run_id = '{run_id}'", "1 2"), (f"run_id IN ('{run_id}', 'none')", "1 2"),
        (f"source_path = '{source}'", "1 2"), (f"source_path LIKE '%/{run_id}/%'", "1 2"), (f"{of_ours} AND source_path ILIKE 'MODELS:/M-%'", "3 o1"),
        (f"name = '{name}' AND tags.n = '3'", "3"), (f"name = '{name}' AND tag.n != '3'", "1 2"), (f"name = '{name}' AND tags.n LIKE '_'", "1 2 3"),
        (f"name = '{name}' AND tags.`a b` ILIKE 'X'", "1 2"), (f"name='{name}'", "1 2 3"),
    ]:
        finds(expected, text, sets, text)
    if ours_alone(BEYOND):
        finds("3", "NOT IN", found, f"name = '{name}' AND run_id NOT IN ('{run_id}')")
    for text in BROKEN + (UNFINISHED if ours_alone(SLOPPY) else []) + [
        "version_number = 1.5", "version_number = 'a'", "version_number LIKE '1'", "name > 'a'", "run_id > 'a'", "tags.a > 'b'", "metrics.a = 1",
    ]:
        refused("INVALID_PARAMETER_VALUE", "", client.search_model_versions, text)
    client.update_model_version(name, "2", "changed")
    for order, expected in [
        (["version_number ASC"], "1 2 3"), (["version_number DESC"], "3 2 1"), (["creation_timestamp ASC"], "1 2 3"), (["creation_timestamp DESC"], "3 2 1"),
        (["last_updated_timestamp DESC"], "2 3 1"), (["name", "version_number DESC"], "3 2 1"), ([], "2 3 1"), (None, "2 3 1"),
    ]:
        finds(expected, f"ordered by {order}", found, f"name = '{name}'", order_by=order)
    for order in (["none"], ["name UP"], ["name; DROP TABLE x"]):
        refused("INVALID_PARAMETER_VALUE", "", client.search_model_versions, order_by=order)
    equal([str(v.version) for v in pages(client.search_model_versions, filter_string=f"name = '{name}'", order_by=["version_number"])], ["1", "2", "3"], "pages")
    refused("INVALID_PARAMETER_VALUE", "", client.search_model_versions, max_results=200_001)
    if ours_alone(BEYOND):
        finds("1 3", BEYOND, found, f"name = '{name}' AND (version_number = 1 OR NOT version_number < 3)", order_by=["version_number"])


def logged_model_search(experiment):
    run_id = client.create_run(experiment).info.run_id
    made = {}
    for letter, name, kind, params, tags, scores in [
        ("a", "Alpha", "als", {"k": "10"}, {"team": "red"}, {"acc": 0.5}), ("b", "beta", "bpr", {"k": "20"}, {"team": "Red"}, {"acc": 0.75}),
        ("g", "gamma", "als", {}, {}, {}), ("h", "Alpha", "ease", {"k": "10"}, {}, {"acc": 0.25, "loss": 1.0}),
    ]:
        model = client.create_logged_model(experiment, name, run_id if letter != "g" else None, tags, params, kind)
        made[letter] = model.model_id
        for key, value in scores.items():
            digest = "d1" if letter != "b" else "d2"
            client.log_metric(run_id, key, value, step=len(made), model_id=model.model_id, dataset_name="test", dataset_digest=digest)
        if letter != "g":
            client.finalize_logged_model(model.model_id, "READY")
        time.sleep(0.01)
    letters = {ident: letter for letter, ident in made.items()}

    def found(text=None, **more):
        return "".join(letters[m.model_id] for m in client.search_logged_models([experiment], text, **more))

    sets = unordered(found)
    born = client.get_logged_model(made["b"]).creation_timestamp
    with drives("search_logged_models"):
        for text, expected in [
            (None, "abgh"), ("", "abgh"), ("name = 'Alpha'", "ah"), ("attributes.name != 'Alpha'", "bg"), ("name LIKE 'alpha'", ""), ("name ILIKE 'ALPHA'", "ah"),
            ("name LIKE '%a%'", "abgh"), ("name IN ('beta', 'gamma')", "bg"), ("name NOT IN ('beta', 'gamma')", "ah"), ("model_type = 'als'", "ag"),
            (f"model_id = '{made['b']}'", "b"), (f"model_id IN ('{made['b']}', '{made['g']}')", "bg"), 
            (f"source_run_id = '{run_id}'", "abh"), (f"creation_timestamp > {born}", "gh"), (f"creation_timestamp_ms >= {born}", "bgh"),
            (f"creation_time < {born}", "a"), (f"creation_timestamp_ms <= {born}", "ab"), (f"last_updated_timestamp > {born}", "bgh"),
            ("metrics.acc > 0.25", "ab"), ("metrics.acc >= 0.25", "abh"), ("metrics.acc = 0.5", "a"), ("metrics.acc != 0.5", "bh"), ("metrics.acc < 0.5", "h"),
            ("metrics.acc <= 0.5", "ah"), ("params.k = '10'", "ah"), ("params.k != '10'", "b"), ("params.k LIKE '2%'", "b"), ("tags.team = 'red'", "a"),
            ("tags.team ILIKE 'red'", "ab"), ("tags.team LIKE 'R%'", "b"), ("name = 'Alpha' AND metrics.loss = 1", "h"),
            ("params.k = '10' and model_type = 'als' AND metrics.acc > 0", "a"), ("params.k IN ('10', '20')", "abh"), ("tags.team NOT IN ('red')", "b"),
        ]:
            finds(expected, str(text), sets, text)
    if ours_alone("logged models are found by their status, and by a dataset's name without its digest"):
        finds("abh", "by status", sets, "status = 'READY'")
        finds("g", "by status", sets, "status != 'READY'")
        finds("abh", "by status", sets, "status = 'LOGGED_MODEL_READY'")
        finds("abh", "of a dataset by name", sets, "metrics.acc > 0", datasets=[{"dataset_name": "test"}])
    finds("b", "of one dataset", found, "metrics.acc > 0", datasets=[{"dataset_name": "test", "dataset_digest": "d2"}])
    for text in [t for t in BROKEN if t not in MODEL_SLOPPY] + ["metric.acc > 1", "metrics.acc LIKE '1'", "name > 'a'", "params.k > '1'", "none = 'a'"]:
        refused("INVALID_PARAMETER_VALUE", "", client.search_logged_models, [experiment], text)
    for text in UNFINISHED + MODEL_SLOPPY if ours_alone(SLOPPY) else []:
        refused("INVALID_PARAMETER_VALUE", "", client.search_logged_models, [experiment], text)
    for order, expected in [
        ([{"field_name": "metrics.acc", "ascending": False}], "bahg"), ([{"field_name": "metrics.acc"}], "habg"),
        ([{"field_name": "creation_timestamp", "ascending": True}], "abgh"), ([{"field_name": "creation_time", "ascending": False}], "hgba"),
        ([{"field_name": "name"}, {"field_name": "creation_timestamp", "ascending": False}], "habg"), (None, "hgba"),
    ]:
        finds(expected, f"ordered by {order}", found, order_by=order)
    ordered = found(order_by=[{"field_name": "metrics.acc", "dataset_name": "test", "dataset_digest": "d1"}])
    equal(ordered[:2], "ha", "ordered by a metric of one dataset")
    for order in ([{"field_name": "nothing.a"}], [{"field_name": "name; DROP TABLE x"}]):
        refused("INVALID_PARAMETER_VALUE", "", client.search_logged_models, [experiment], order_by=order)
    everything = pages(client.search_logged_models, experiment_ids=[experiment], order_by=[{"field_name": "creation_timestamp"}])
    equal("".join(letters[m.model_id] for m in everything), "abgh", "pages")
    token = client.search_logged_models([experiment], max_results=2).token
    refused("INVALID_PARAMETER_VALUE", "", client.search_logged_models, [experiment], "name = 'beta'", max_results=2, page_token=token)
    equal(len(mlflow.search_logged_models([experiment], "metrics.acc > 0.25", output_format="list")), 2, "by the fluent call")
    if ours_alone(BEYOND):
        finds("b", BEYOND, sets, "name = 'beta' OR NOT (model_type = 'als' OR metrics.loss = 1)")
