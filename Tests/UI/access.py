"""Every page in both themes and both widths: can everybody use it?"""

import base64

import axe
from browser import Failed, script
from page import Page
from surroundings import stack

WIDTHS, THEMES = (1280, 390), ("light", "dark")
TABS = 60
# Of these a screen reader tells the role, so that they have to have a name.
NAMED = {
    "button", "link", "switch", "radio", "checkbox", "option", "combobox", "textbox", "searchbox", "spinbutton", "tab", "slider", "progressbar", "meter",
    "img", "image", "graphics-document", "region", "dialog", "DisclosureTriangle", "listbox", "table", "navigation"}
UNNAMED_WELL = {"table", "navigation"}

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
    """Something of everything: its pages, as names of addresses and the addresses themselves."""
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
        f"/experiments/{experiment}/compare?runs={one},{other}", "/models", "/models/movies", "/models/movies/versions/2", "/models/movies/compare?versions=1,2", "/models/movies/history",
        "/recommend", f"/recommend/users/{person}", f"/recommend/users/{person}?versions=1,2", "/recommend/you", "/recommend/items", f"/recommend/items/{film}",
        "/data", "/data/drift", "/data/events", "/data/files", "/system", "/system/load", "/system/log", "/system/settings", "/docs", "/plain", "/plain/pipelines/daily", f"/plain/pipelines/nightly/runs/{failed}", "/plain/models/movies",
        f"/plain/experiments/{experiment}", f"/plain/recommend/users/{person}", "/plain/data", "/plain/system"]
    return names


def names(page):
    for node in page.tree():
        role, name = node.get("role", {}).get("value"), node.get("name", {}).get("value", "").strip()
        can_focus = any(each["name"] == "focusable" and each["value"].get("value") for each in node.get("properties", []))
        if role in NAMED - UNNAMED_WELL and not name or can_focus and role in ("generic", "none", "StaticText", "GenericContainer"):
            yield f"{role} without a {'role' if role not in NAMED else 'name'}: {tag(page, node)}"


def tag(page, node):
    try:
        found = page.call("DOM.describeNode", backendNodeId=node["backendDOMNodeId"])["node"]
        attributes = " ".join(f'{key}="{value[:60]}"' for key, value in zip(*[iter(found.get("attributes", []))] * 2))
        return f"<{found['nodeName'].lower()} {attributes}>"
    except (Failed, KeyError):
        return "?"


def order(page):
    """Tab by Tab: does the focus go as the page is read, and does one see it?"""
    page.js("Audit.begin()")
    for _ in range(TABS):
        page.press("Tab")
        back = page.js("Audit.follows()")
        if back == "the end":
            return
        if back:
            yield back
        if not page.js("Focus.isShown()"):
            yield f"no mark on what has the focus: {page.js('Audit.focused()')}"


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


def looked_at(page, path, language, width, act, with_axe):
    page.problems.clear()
    page.goes(path)
    if act:
        act(page)
    page.js(script("audit.js"))
    plain = path.startswith(("/docs", "/plain"))
    if plain:
        page.js("document.querySelectorAll('details').forEach((each) => (each.open = true))")
    # What is written by the server alone is in English.
    found = page.js(f"Audit.run('{'en' if plain else language}')")
    found += names(page)
    if with_axe:
        found += axe.opinion(page)
    if width == WIDTHS[0] and not act:
        found += order(page)
    return found


# What a page must not have, and a part of what is then said of it.
WRONG = {
    "<button></button>": "button without a name", "<a href='/' tabindex=3>x</a>": "first in the order of Tab", "<img src='/favicon.svg'>": "an image without alt",
    "<svg width=9 height=9></svg>": "neither named nor hidden", "<h5>deep</h5>": "comes h5", "<h1>second</h1>": "2 headings of the first order",
    "<main>x</main>": "2 main landmarks", "<p class=muted data-style='color: #888; background: #999'>pale</p>": "contrast 1.2",
    "<p data-style='color: oklch(0.8 0.05 250); background: #fff'>pale</p>": "contrast 1.",
    "<p data-style='opacity: 0.4'>faint</p>": "contrast 2.", "<div data-style='width: 3000px'>wide</div>": "pixels wide",
    "<div data-style='display: flex; line-height: 1'><button class=link>ab</button><button class=link>cd</button></div>": "pixels to hit",
    "<input type=text>": "textbox without a name", "<div tabindex=0>here</div>": "without a role", "<p aria-describedby=nowhere>x</p>": "which is not there",
    "<div id=content>x</div>": "elements are called #content", "<table><tr><td>x</td></tr></table>": "a table without heads",
    "<div data-style='overflow: auto; height: 2rem'><p data-style='height: 9rem'>x</p></div>": "not by keyboard",
    "<a href='/' data-style='outline: none'>unmarked</a>": "no mark on what has the focus"}


def of_itself(page):
    """Does the check find what is wrong?"""
    page.goes("/data")
    page.js(script("audit.js"))
    for html, wanted in WRONG.items():
        # Styles are set one by one: the policy of the pages allows none in their text.
        page.js(f"""(() => {{
            const place = document.body.appendChild(document.createElement("div"));
            place.id = "wrong";
            place.innerHTML = {html!r};
            for (const node of place.querySelectorAll("[data-style]")) node.style.cssText = node.dataset.style;
        }})()""")
        found = [*page.js("Audit.run('en')"), *names(page)]
        if not any(wanted in problem for problem in found):
            page.js("document.body.prepend(document.querySelector('#wrong'))")
            found += order(page)
        if not any(wanted in problem for problem in found):
            yield f"{html} is not found wrong; only {found}"
        page.js("document.querySelector('#wrong').remove()")


# What must not happen on a page, and a part of what is then said of it.
EVENTS = {
    "console.error('oh')": "console error", "setTimeout(() => { throw new Error('oh') })": "an exception", "Promise.reject(new Error('oh'))": "an exception",
    "fetch('/api/v1/pipelines/none')": "404 from", "fetch('http://localhost:1/x').catch(() => {})": "content security policy", "location = 'http://localhost:1/x'": "another host", "alert(1)": "a script of a name ran",
    "document.body.append(Object.assign(document.createElement('img'), { src: 'http://localhost:1/x' }))": "content security policy",
    "document.body.append(Object.assign(document.createElement('script'), { textContent: 'x' }))": "content security policy"}


def watched(page):
    """Is what goes wrong seen?"""
    for event, wanted in EVENTS.items():
        page.goes("/data")
        page.problems.clear()
        # Out of this call, as what a page does by itself.
        page.js(f"void setTimeout(() => {{ {event} }})")
        try:
            page.until(lambda: any(wanted in problem for problem in page.problems), wanted, patience=5)
        except Failed:
            yield f"{event} is not seen; only {page.problems}"


def check(program, chromium, arguments):
    with stack(program) as server:
        if not arguments.names:
            page = Page(chromium, server.url)
            yield "itself", [*of_itself(page), *watched(page)], "finds what is wrong"
            page.close()
        paths = furnish(server)
        experiment = next(path for path in paths if path.startswith("/experiments/"))
        views = [(path, path, None) for path in paths] + [(name, experiment if path == "/experiment" else path, act) for name, (path, act) in OPENED.items()]
        for language in ("en", "ko"):
            page = Page(chromium, server.url)
            page.remember("language", language)
            # In Korean the texts are longer or shorter, the colours the same.
            looks = [(width, theme) for width in WIDTHS for theme in THEMES] if language == "en" else [(390, "dark")]
            for name, path, act in views:
                if arguments.names and not any(each in name for each in arguments.names) or act and language != "en":
                    continue
                problems = {}
                for width, theme in looks:
                    page.view(width, theme=theme)
                    try:
                        found = looked_at(page, path, language, width, act, arguments.axe)
                        page.is_well()
                    except Failed as failure:
                        found = [str(failure)]
                    for problem in dict.fromkeys(found):
                        problems.setdefault(problem, []).append(f"{width} {theme}")
                    if arguments.pictures:
                        page.picture(arguments.pictures / f"{language}{name.replace('/', '-').split('?')[0]}-{width}-{theme}.png")
                texts = [f"{problem} ({', '.join(where)})" for problem, where in problems.items()]
                yield name, texts, f"names, roles, contrast, focus, sizes ({language})"
            page.close()
