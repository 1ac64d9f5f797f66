"""What the groups of checks share: the server, what is counted, and a record of every request that the client sends."""

import collections
import contextlib
import logging
import os
import pathlib
import re
import sys
import threading
import urllib.parse
import uuid
import warnings

# Nothing may leave this machine, and a server's failure shall show at once instead of after minutes of asking again.
os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
os.environ.setdefault("DO_NOT_TRACK", "true")
os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
os.environ.setdefault("MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT", "true")
os.environ.setdefault("MLFLOW_ENABLE_ASYNC_TRACE_LOGGING", "false")

URL = os.environ.get("MLFLOW_TRACKING_URI", "")
if not URL.startswith("http"):
    sys.exit("error: MLFLOW_TRACKING_URI names no server.\n  fix: export MLFLOW_TRACKING_URI=http://127.0.0.1:8080")

import requests  # noqa: E402
from mlflow import MlflowClient  # noqa: E402
from mlflow.exceptions import MlflowException  # noqa: E402

# Stages and the like are deprecated there, and asked for here on purpose.
warnings.filterwarnings("ignore")
logging.getLogger("mlflow").setLevel(logging.ERROR)

WORD = uuid.uuid4().hex[:8]
client = MlflowClient()
checks, failures = 0, []
requests_sent = collections.Counter()
driven, left_out = set(), []
_guard = threading.Lock()
# Named differences that more than one group knows.
FIVE_HUNDRED = "what MLflow answers with 500 is the caller's mistake here, 400 or 404"
BEYOND = "OR, NOT and parentheses in filters, NOT IN in the registry's"
SLOPPY = "a broken filter is refused; MLflow overlooks some mistakes and answers others with 500"
_send = requests.Session.send


def _recorded(session, request, **options):
    answer = _send(session, request, **options)
    if request.url.startswith(URL):
        path = urllib.parse.urlsplit(request.url).path
        for pattern, template in [
            (r"(/mlflow-artifacts/artifacts)/.+", r"\1/{path}"), (r"(/logged-models)/(?!search)[^/]+", r"\1/{id}"),
            (r"(/tags)/[^/]+$", r"\1/{key}"),
        ]:
            path = re.sub(pattern, template, path)
        with _guard:
            requests_sent[request.method, path] += 1
            # The client would ask again and again after such an answer, for minutes.
            if answer.status_code >= 500 and answer.status_code != 501 and not OTHER:
                raise AssertionError(f"{request.method} {request.url} was answered with {answer.status_code}: {answer.text[:300]}")
    return answer


requests.Session.send = _recorded
# MLflow's own server has no such page.
OTHER = False
OTHER = requests.get(f"{URL}/api/v1/status", timeout=60).status_code != 200


def check(condition, what):
    """Counts it; one that fails is told at once, and the rest goes on."""
    global checks
    checks += 1
    if not condition:
        failures.append(what)
        print(f"    FAILED: {what[:600]}", flush=True)


def equal(actual, expected, what):
    check(actual == expected, f"{what}: {actual!r} is not {expected!r}")


def refused(code, phrase, call, *arguments, **named):
    """The call must be refused with this error code and a message that holds the phrase."""
    try:
        call(*arguments, **named)
    except MlflowException as error:
        equal(error.error_code, code, f"error code of {str(arguments)[:200]} {named or ''} ({error})")
        return check(phrase in str(error), f"{phrase!r} is not in {error}")
    check(False, f"{call.__name__}{str(arguments)[:200]} {named or ''} was not refused with {code}")


def finds(expected, what, search, *arguments, **named):
    """A search's answer, which may be a refusal that is none to be."""
    try:
        equal(search(*arguments, **named), expected, what)
    except MlflowException as error:
        check(False, f"{what}: refused with {error}")


def ours_alone(what):
    """Whether this is mlstack; the named difference from MLflow's own server is told at the end."""
    if OTHER and what not in left_out:
        left_out.append(what)
    return not OTHER


def _listed():
    calls, routes = [], set()
    for line in (pathlib.Path(__file__).parent.parent / "calls.txt").read_text().splitlines():
        if line.startswith("## "):
            calls.append(line[3:])
        elif line.startswith("   "):
            method, path, _ = line.split()
            routes.add((method, path))
    return calls, routes


CALLS, ROUTES = _listed()


@contextlib.contextmanager
def drives(*calls):
    """Says which calls of calls.txt the block makes."""
    for call in calls:
        assert call in CALLS, f"calls.txt has no call {call!r}"
    yield
    driven.update(calls)


def everything_was_driven():
    """Every call of the list was made, and went to every path that the list has."""
    equal([call for call in CALLS if call not in driven], [], "calls of calls.txt that were not made")
    equal([route for route in sorted(ROUTES) if route not in requests_sent], [], "paths of calls.txt that were not asked for")


def pages(search, **named):
    """All that a search has, by pages of two."""
    found, token = [], None
    while True:
        page = search(max_results=2, page_token=token, **named)
        assert len(page) <= 2, page
        found += page
        token = page.token
        if not token:
            return found
