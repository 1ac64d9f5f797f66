"""Names that nobody should have chosen, on every page: nothing of them runs, and the page keeps its form."""

import json
import pathlib
import shutil
import tempfile
import urllib.parse
import urllib.request

from browser import Failed, script
from page import Page
from surroundings import stack

HERE = pathlib.Path(__file__).resolve().parent
DEMO = HERE.parent.parent / "datasets" / "demo"
SCRIPT = "<img src=x onerror=alert(1)>"
NAMES = {
    "a script": f"{SCRIPT}<script>alert(2)</script>\"'><svg onload=alert(3)>", "500 characters": "long" * 125,
    "right to left": "\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627 abc",
    "emoji": "\U0001f469\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466\U0001f3f3\ufe0f\u200d\U0001f308\U0001f44d\U0001f3fd",
    "templates": "${alert(4)}{{alert(5)}}`javascript:alert(6)", "broken up": "a\u0301\u0302\u0303" * 30}
EVIL = f'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(7)">{SCRIPT}<script>alert(8)</script></svg>\n"{SCRIPT}",1\n'.encode()
WIDTHS = (1280, 390)
# What tells of a script, whether it has run or only stands in the page as one.
INTRUDERS = "img[src='x'], svg[onload], [onerror], main script, a[href^='javascript:']"


def in_csv(text):
    return '"' + text.replace('"', '""') + '"'


def films(folder):
    """The demo data under other titles and genres, and with people of such names."""
    shutil.copytree(DEMO, folder)
    lines = (folder / "movies.csv").read_text().splitlines()
    for n, line in enumerate(lines[1:], 1):
        ident = line.split(",", 1)[0]
        name = list(NAMES.values())[n % len(NAMES)]
        lines[n] = f"{ident},{in_csv(f'{name} {n} (2001)')},{in_csv('Drama|' + name.replace('|', ' ')[:100])}"
    (folder / "movies.csv").write_text("\n".join(lines) + "\n")


def quoted(text):
    """As YAML wants it."""
    return json.dumps(text, ensure_ascii=False)


def accepted(kind, name, act):
    """What `act` makes of the name, or of as much of it as is not refused."""
    refusals = []
    for least in (name, name.replace("/", "_").replace(":", "_"), name.replace("/", "_").replace(":", "_")[:200]):
        try:
            return act(least)
        except Failed as refusal:
            refusals.append(str(refusal))
    raise Failed(f"{kind} is refused in every form: {refusals[-1]}")


def furnish(server):
    server.days(2)
    long = "n" * 60
    server.write("odd", "\n".join([
        f"pipeline: {long}", f"description: {quoted(' '.join(NAMES.values()))}", f"tags: [{quoted(SCRIPT)}, {quoted('t' * 60)}]", "params:",
        f"  text: {{type: string, default: {quoted(NAMES['a script'])}, help: {quoted(SCRIPT)}}}", "tasks:",
        f"  {'t' * 60}:", f"    run: {quoted('echo ' + repr(SCRIPT) + ' >&2; exit 3')}", ""]))
    server.write("wrong", f"pipeline: wrong\ndescription: {quoted(SCRIPT)}\ntasks:\n  {quoted(SCRIPT)}: {{uses: {quoted(SCRIPT)}}}\n")
    failed = server.run(long)["id"]
    pages, tracked = [], []
    for kind, name in NAMES.items():
        tags = lambda name: {"mlflow.note.content": name, "tag": name}
        params = lambda name: {f"param{n}": name for n in range(3)}
        experiment, run = accepted(kind, name, lambda name: server.track(name, name, params(name), {"ndcg": [0.1, 0.2]}, tags(name)))
        tracked.append(run)
        pages += [f"/experiments/{experiment}", f"/experiments/{experiment}/runs/{run}"]

        def register(name):
            server.mlflow("registered-models/create", {"name": name, "description": name})
            source = f"mlflow-artifacts:/{experiment}/{run}/artifacts/model"
            server.mlflow("model-versions/create", {"name": name, "source": source, "run_id": run, "description": name})
            return urllib.parse.quote(name, safe="")

        model = accepted(kind, name, register)
        rates = lambda name: server.ask("/api/v1/feedback", {"user": name, "item": "7", "rating": 5}) and urllib.parse.quote(name, safe="")
        person = accepted(kind, name, rates)
        pages += [f"/models/{model}", f"/models/{model}/versions/1", f"/plain/models/{model}", f"/recommend/users/{person}"]
        pages += [f"/recommend?genre={person}", f"/pipelines?filter={person}&tag={person}"]
    for name in (f"{SCRIPT}.html", "evil.svg", "evil.png", "evil.json", "evil.csv", "evil.md", f"{'f' * 200}.txt"):
        address = server.keep(experiment, run, name, EVIL)
        pages.append(f"/experiments/{experiment}/runs/{run}?file={urllib.parse.quote(name, safe='')}")
        with urllib.request.urlopen(address) as answer:
            headers = answer.headers
        # Opened by itself it is no page of this address.
        if not headers["Content-Disposition"].startswith("attachment") and "sandbox" not in headers["Content-Security-Policy"]:
            raise Failed(f"{name} is handed out as a page: {headers}")
    server.days(1)
    return [
        "/", "/pipelines", f"/pipelines/{long}", f"/pipelines/{long}/graph", f"/pipelines/{long}/gantt", f"/pipelines/{long}/calendar", f"/pipelines/{long}/file",
        f"/pipelines/{long}/trigger", f"/pipelines/{long}/audit", f"/pipelines/{long}/runs/{failed}", f"/pipelines/{long}/runs/{failed}?view=graph",
        f"/pipelines/{long}/runs/{failed}?view=gantt", "/pipelines/wrong", "/experiments", "/models", "/recommend", "/recommend/you", "/recommend/items/7", "/data",
        "/system", "/plain", "/plain/pipelines", f"/plain/pipelines/{long}/runs/{failed}", "/plain/recommend/items/7", "/plain/experiments",
        f"/experiments/{experiment}/compare?runs={','.join(tracked)}", *pages]


def tried(page, path):
    problems = []
    for width in WIDTHS:
        page.view(width)
        page.problems.clear()
        # What such a name names need not be there; that is said on the page.
        page.expected = [(404, "/api/"), (409, "/api/"), (422, "/api/"), (503, "/api/")]
        try:
            page.goes(path)
            page.js(script("audit.js"))
            if count := page.js(f"document.querySelectorAll({INTRUDERS!r}).length"):
                problems.append(f"{count} elements came out of a name at {width}")
            if page.js("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                problems += [f"{problem} at {width}" for problem in page.js("Audit.run('en')") if "pixels wide" in problem]
            page.is_well()
        except Failed as failure:
            problems.append(f"{failure} at {width}")
    return problems


def check(program, chromium, arguments):
    with tempfile.TemporaryDirectory() as folder:
        data = pathlib.Path(folder) / "films"
        films(data)
        with stack(program, "--dataset", str(data), "--paused", "--day-length", "0") as server:
            page = Page(chromium, server.url)
            for path in furnish(server):
                shown = urllib.parse.unquote(path)
                if arguments.names and not any(each in shown for each in arguments.names):
                    continue
                problems = tried(page, path)
                if arguments.pictures:
                    page.picture(arguments.pictures / f"hostile{urllib.parse.quote(path[:60], safe='').replace('%', '_')}.png")
                yield shown[:70].encode("unicode_escape").decode(), problems, "hostile names"
            page.close()
