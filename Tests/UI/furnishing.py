"""A stack with something of everything: every page, and what opens on top of one."""

import base64

PIPELINES = {
    "nightly": """\
pipeline: nightly
description: Needs what is not there
tags: [demo, broken]
params:
  times: {type: int, default: 1, min: 1, max: 5, help: how often}
  kind: {type: enum, values: [a, b], default: a}
tasks:
  fetch: {run: "for n in 1 2 3; do echo line $n; done; echo 'error: prices.csv is not there' >&2; exit 3"}
  each: {foreach: [north, south], run: 'echo ${item}'}
  load: {needs: [fetch], run: echo loaded}
""",
    "broken": "pipeline: broken\ntasks:\n  fetch: {run: echo fetched}\n  load: {needs: [fetsh], run: echo loaded}\n",
}

FILES = {
    "notes.md": b"# What was tried\n\nTwo sizes.\n", "curve.csv": b"step,loss\n" + b"".join(b"%d,0.%d\n" % (n, 99 - n) for n in range(60)),
    "settings.json": b'{"factors": 16, "folds": [{"seed": 7}, {"seed": 8}]}',
    "square.png": base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==")}


def furnish(server):
    """Something of everything; the addresses of all pages with it."""
    server.days(2)
    for name, text in PIPELINES.items():
        server.write(name, text)
    failed = server.run("nightly")["id"]
    experiment, one = server.track("tuning", "small", {"factors": "16"}, {"ndcg": [0.1, 0.12]}, {"note": "first"})
    _, other = server.track("tuning", "large", {"factors": "64"}, {"ndcg": [0.1, 0.15]})
    for name, content in FILES.items():
        server.keep(experiment, one, name, content)
    daily = server.ask("/api/v1/pipelines/daily/runs")["runs"][0]["id"]
    film = server.ask("/api/v1/items?limit=1&query=a")["items"][0]["item"]
    person = server.ask("/api/v1/users?limit=1")["users"][0]["user"]
    return [
        "/", "/pipelines", "/pipelines/daily", "/pipelines/daily/graph", "/pipelines/daily/gantt", "/pipelines/daily/calendar", "/pipelines/daily/file",
        "/pipelines/daily/trigger", "/pipelines/daily/backfill", "/pipelines/daily/audit", "/pipelines/nightly/trigger", "/pipelines/broken",
        f"/pipelines/daily/runs/{daily}", f"/pipelines/daily/runs/{daily}?view=graph", f"/pipelines/daily/runs/{daily}?view=gantt&task=train_als",
        f"/pipelines/nightly/runs/{failed}", "/experiments", f"/experiments/{experiment}", f"/experiments/{experiment}/runs/{one}",
        *(f"/experiments/{experiment}/runs/{one}?file={name}" for name in FILES),
        f"/experiments/{experiment}/compare?runs={one},{other}", "/models", "/models/movies", "/models/movies/versions/2",
        "/models/movies/compare?versions=1,2", "/models/movies/history",
        "/recommend", f"/recommend/users/{person}", f"/recommend/users/{person}?versions=1,2", "/recommend/you", "/recommend/items", f"/recommend/items/{film}",
        "/data", "/data/drift", "/data/events", "/data/files", "/system", "/system/load", "/system/log", "/system/settings",
        "/docs", "/plain", "/plain/pipelines/daily", f"/plain/pipelines/nightly/runs/{failed}", "/plain/models/movies",
        f"/plain/experiments/{experiment}", f"/plain/recommend/users/{person}", "/plain/data", "/plain/system"]


def open_palette(page):
    page.press("Ctrl+k")
    page.until(lambda: page.focused[0] == "combobox", "the palette")


def open_dialog(page):
    page.click("Run now", "button")
    page.sees("A run starts by hand")


def open_keys(page):
    page.click("Keys", "button")
    page.sees("Go anywhere, or tell the clock")


def open_orders(page):
    # On a phone they stand on the version's own page.
    if page.js("innerWidth") > 620:
        page.click("Orders for version 1", "button")


def open_columns(page):
    page.click("Columns", "button")


def open_examples(page):
    page.click("Add an example", "button")


def open_task(page):
    page.click("train_als", "button")
    page.settles()


# What is on top of a page when something was pressed; /experiment stands for the first one.
OPENED = {
    "the orders of a version": ("/models/movies", open_orders), "the choice of columns": ("/experiment", open_columns),
    "the examples": ("/", open_examples), "a task of the day": ("/", open_task),
    "the palette": ("/", open_palette), "a question": ("/pipelines/daily", open_dialog), "the keys": ("/data", open_keys)}
