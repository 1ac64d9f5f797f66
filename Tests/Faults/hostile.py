#!/usr/bin/env python3
"""Sends what nobody should to every route, and watches what the program makes of it.

    Tests/Faults/hostile.py .build/dist/mlstack [--only bodies,fields,paths,searches,names,connections] [--limit 100] [--verbose]

Every route of /openapi.json and every MLflow route gets: no body, other content types, wrong types in each field, names of a
megabyte, NUL, bidirectional and look-alike characters, JSON that is 100,000 deep, bodies without an end; the searches get filters
of 20,000 clauses, 5,000 orders, page tokens of huge offsets; the artifacts get paths that lead out, and symbolic links; the port
gets requests that never end. Each must be refused with a status of the 400s within 100 ms of the program's CPU time (the least
of some tries: the machine may be busy; a debug build needs a higher --limit), tell neither SQL nor a path of this machine, and leave database and files as they were. Other
names of the host and other pages' origins are refused everywhere but at /health and /version. Needs Python 3.9 alone. Prints each
difference once a route and ends with status 1 if there is one.
"""

import argparse
import base64
import json
import re
import signal
import socket
import sys
import tempfile
import time
import urllib.parse

sys.dont_write_bytecode = True
from hostile_routes import API, BIDI, LONG, NUL, ROUTES, TEXTS, wrong
from hostile_watch import ALLOWED, Watch


def show(value):
    text = json.dumps(value, ensure_ascii=True) if not isinstance(value, (bytes, str)) else repr(value)
    return text if len(text) < 100 else f"{text[:60]}... ({len(text):,})"


def described(watch):
    """Every route of the description: method, path with names of nothing, whether it takes a body, its fields."""
    document = json.loads(watch.send("GET", "/openapi.json")[1])
    for path, methods in document["paths"].items():
        for method, facts in methods.items():
            content = facts.get("requestBody", {}).get("content", {})
            schema = content.get("application/json", {}).get("schema", {})
            if "$ref" in schema:
                schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
            yield method.upper(), re.sub(r"\{[^}]*\}", "none", path), list(content), schema.get("properties", {})


def mlflow(watch):
    for method, path, fields in ROUTES:
        path = path.replace("{model}", watch.known["model"]).replace("{unknown}", "none")
        yield method, f"{API}/{path}", fields


def bodies(watch):
    """Wrong bodies, whatever the fields."""
    asked = [route for route in mlflow(watch) if route[0] != "GET" and route[2]]
    routes = [(method, path, any(name.endswith("*") for name in fields)) for method, path, fields in asked]
    routes += [(method, path, None) for method, path, content, _ in described(watch) if content]
    deep = [b"[" * 100_000, b'{"a":' * 100_000, b"[" * 100_000 + b"]" * 100_000]
    for method, path, needs in routes:
        where = f"{method} {path}"
        json_bodies = [b"", b"{", b"nul", b"3", b'"x"', b"[]", b"null", b"\xff\xfe{}", b"{}{}", b'{"a":1,}', b"NaN", b'{"a":"\\ud800"', *deep]
        # Where nothing is required nothing is an answer, too; some of ours take a line of text for what it is.
        for body in [b"{", b"nul", b"\xff\xfe{}", b"{}{}", b"NaN", *deep] if needs is None else json_bodies if needs else json_bodies[1:]:
            watch.refused(where, f"body {show(body[:50])} of {len(body)} bytes", lambda: watch.send(method, path, body))
        for kind in ("text/plain", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "application/xml", "", "application/jsonx"):
            if kind.startswith("application/x-www") and "slack" in path:
                continue
            watch.refused(where, f"content type {kind!r}", lambda: watch.send(method, path, b'{"a":1}', {"Content-Type": kind}))
        watch.refused(where, "no content type", lambda: watch.send(method, path, b'{"a":1}', {"Content-Type": None}))
        if needs or needs is None and not re.search(r"/(pause|resume|cancel|reload|reproduce|rollback|events)$", path):
            watch.refused(where, "no body", lambda: watch.send(method, path))
        watch.refused(where, "a body without an end", lambda: endless(watch, method, path), allowed={400, 401, 403, 404, 411, 413, 415, 422})


def endless(watch, method, path):
    with socket.create_connection(("127.0.0.1", watch.port), timeout=20) as connection:
        connection.sendall(
            f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{watch.port}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n".encode())
        piece = b"10000\r\n" + b" " * 65536 + b"\r\n"
        connection.settimeout(0.5)
        try:
            # An answer is there before the end, or the connection is closed: 256 MB are more than any body may have.
            for _ in range(4096):
                connection.sendall(piece)
        except TimeoutError:
            pass
        except OSError:
            pass
        else:
            return 200, b"256 MB were read"
        connection.settimeout(20)
        return watch.answer(connection)


def fields(watch):
    """Each field of each route with each wrong value, the others being right."""
    for method, path, spec in mlflow(watch):
        where = f"{method} {path}"
        good = {name.rstrip("*"): watch.known[kind] for name, kind in spec.items() if watch.known[kind] not in (None, "")}
        for name, kind in spec.items():
            required, name = name.endswith("*"), name.rstrip("*")
            if required:
                rest = {key: value for key, value in good.items() if key != name}
                watch.refused(where, f"without {name}", lambda: ask(watch, method, path, rest))
            for value in wrong(kind, required):
                if method == "GET":
                    # In a query everything is text.
                    if not isinstance(value, (str, int, float)) or isinstance(value, bool) or kind in TEXTS and not isinstance(value, str):
                        continue
                watch.refused(where, f"{name} = {show(value)}", lambda: ask(watch, method, path, {**good, name: value}))
    for method, path, content, properties in described(watch):
        where = f"{method} {path}"
        if method == "GET":
            for query in (
                f"limit={LONG}", "limit=-1&k=-1&days=-1&offset=-1", "limit=a&k=a&days=a&offset=a&before=a", f"k={10**20}&limit={10**20}",
                "limit=%00&k=%00&model=%00&user=%00", "%ff=%fe", "limit=1;drop",
            ):
                if path not in ("/api/v1/events",):
                    watch.refused(where, f"?{query[:50]}", lambda: watch.send("GET", f"{path}?{query}"), ALLOWED | {200, 503})
        for text in ("%00", "%2e%2e%2f%2e%2e%2fetc%2fpasswd", "a" * 6000, "%e2%80%ae", "..%5c..", "%ff"):
            # People are known by any name.
            allowed = ALLOWED | ({200} if "/recommendations/" in path or "/users/" in path else set())
            if "none" in path:
                watch.refused(where, f"name {text[:30]}", lambda: watch.send(method, path.replace("none", text), b"{}" if content else None), allowed)
        for name in properties:
            for value in ({"a": 1}, [[1]], LONG, NUL, BIDI, 1e308, -1, "", True):
                is_awful = value in (LONG, NUL)
                allowed = ALLOWED if is_awful else ALLOWED | {200, 202, 503}
                watch.refused(where, f"{name} = {show(value)}", lambda: watch.send(method, path, {name: value}), allowed, not is_awful)
            if "application/json" in content:
                watch.refused(where, f"{name} = an object", lambda: watch.send(method, path, {name: {"a": [1]}}))


def ask(watch, method, path, values):
    if method != "GET":
        return watch.send(method, path, values)
    pairs = [(key, value) for key, value in values.items() if not isinstance(value, list)]
    return watch.send("GET", f"{path}?{urllib.parse.urlencode(pairs)}")


def paths(watch):
    """Artifact paths that lead out of their folder, or are no path at all."""
    run = watch.known["run"]
    folder = f"/api/2.0/mlflow-artifacts/artifacts/0/{run}/artifacts"
    outside = watch.home.parent / "outside"
    outside.mkdir()
    (outside / "secret.txt").write_text("secret")
    place = watch.home / "artifacts" / "0" / run / "artifacts"
    (place / "link").symlink_to(outside)
    (place / "file").symlink_to(outside / "secret.txt")
    watch.state = watch.content()
    out = [
        "..", "../..", "../../../../../mlstack.db", "%2e%2e/x", "%2E%2E%2Fx", "..%2f..%2fx", "%252e%252e/x", "%252e%252e%252fx",
        "%25252e%25252e/x", "a/../../x", "a/%2e%2e/%2e%2e/x", "/etc/passwd", "%2Fetc%2Fpasswd", "%2f%2fetc", "a%00b", "%00", "..%00/x",
        "a%2500b", "..\\x", "..%5cx", "a%5c..%5c..%5cx", "%5c%5chost%5cx", "%c0%ae%c0%ae/x", "%e0%80%ae/x", "a%ff", "%", "%zz",
        "link/secret.txt", "link/new.txt", "file", "x" * 300, "a/" * 3000 + "b", "a%0d%0aSet-Cookie:%20x", "%7f", "a%0ab", ".", "./x",
        "a/./b.txt", "a//b.txt",
    ]
    for path in out:
        shown = path if len(path) < 60 else f"{path[:20]}... ({len(path)})"
        for method in ("GET", "PUT", "DELETE"):
            # What is not there may be deleted again and again; a link itself may be replaced by a file.
            allowed = ALLOWED | ({200} if method == "DELETE" or method == "PUT" and path == "file" else set())
            data = b"x" if method == "PUT" else None
            watch.refused(f"{method} {folder}", shown, lambda: watch.send(method, f"{folder}/{path}", data), allowed, path == "file")
        for prefix in ("/ajax-api/2.0/mlflow-artifacts/artifacts/0", "/api/2.0/mlflow-artifacts/artifacts"):
            watch.refused(f"GET {prefix}", shown, lambda: watch.send("GET", f"{prefix}/{path}/{path}"))
        lists = "/api/2.0/mlflow-artifacts/artifacts?path="
        for target in (f"{lists}0/{run}/artifacts/{path}", f"{lists}{path}", f"/api/2.0/mlflow/artifacts/list?run_id={run}&path={path}"):
            status, body = watch.send("GET", target)
            if b"secret" in body or b"mlstack.db" in body and b"files" in body or status >= 500:
                watch.problem(f"GET {target.split('=')[0]}", "shows what is outside", f"{shown} -> {status} {body[:200]!r}")
    for path in ("#x", "a;b", "a%3bb", "a%23b", "a%3fb", "..;/x"):
        # Signs like others in a name: no way out, and the file that was meant.
        watch.refused(f"GET {folder}", path, lambda: watch.send("GET", f"{folder}/{path}"))
    (place / "link").unlink(missing_ok=True), (place / "file").unlink(missing_ok=True)
    if (outside / "secret.txt").read_text() != "secret" or len(list(outside.iterdir())) != 1:
        watch.problem(f"PUT {folder}", "wrote outside", str(list(outside.iterdir())))
    if (watch.home.parent / "x").exists() or (place / "a" / "b.txt").read_text() != "whole":
        watch.problem(f"PUT {folder}", "wrote elsewhere", "x or a/b.txt")
    watch.state = watch.content()


def searches(watch):
    """What a search could choke on."""
    plain = lambda offset: base64.b64encode(json.dumps({"offset": offset}).encode()).decode()
    token = lambda offset: urllib.parse.quote(plain(offset))
    subjects = [
        ("experiments/search", {"max_results": 10}, "name = 'a'"), ("runs/search", {"experiment_ids": ["0"]}, "metrics.m > 0"),
        ("logged-models/search", {"experiment_ids": ["0"]}, "metrics.m > 0")]
    for path, base, clause in subjects:
        where, target = f"POST {API}/{path}", f"{API}/{path}"
        for shown, text in [
            ("20,000 clauses", " AND ".join([clause] * 20_000)), ("2,000 clauses", " AND ".join([clause] * 2_000)),
            ("20,000 params", " AND ".join(f"params.p{n} = 'x'" for n in range(20_000))), ("20,000 OR", " OR ".join([clause] * 20_000)),
            ("deep parentheses", "(" * 100_000 + clause + ")" * 100_000), ("NOT NOT NOT", "NOT " * 100_000 + clause),
            ("an IN of 100,000", "name IN (" + ",".join(["'a'"] * 100_000) + ")"), ("a text of a megabyte", f"name = '{LONG}'"),
            ("spaces", " " * 1_000_000 + "x"), ("quotes", "'" * 100_001), ("back quotes", "`" * 100_001), ("operators", "<>=!" * 100_000),
            ("a long number", f"metrics.m > {'9' * 100_000}"),
        ]:
            watch.refused(where, f"filter: {shown}", lambda: watch.send("POST", target, {**base, "filter": text}))
        for shown, text in [
            ("% and _ a thousand times", f"tags.a LIKE '{'%_' * 1000}'"), ("100 clauses", " AND ".join(f"tags.t{n} = 'a'" for n in range(100))),
            ("no word", "ａ = 'b'"), ("comments", "/* x */ name = 'a' -- x"),
        ]:
            watch.refused(where, f"filter: {shown}", lambda: watch.send("POST", target, {**base, "filter": text}), allowed=ALLOWED | {200})
        for offset in (-1, 10**30, "a", None, 1.5):
            watch.refused(where, f"offset {offset}", lambda: watch.send("POST", target, {**base, "page_token": plain(offset)}))
        for offset in (10**9, 2**63 - 1):
            watch.refused(where, f"offset {offset}", lambda: watch.send("POST", target, {**base, "page_token": plain(offset)}), allowed=ALLOWED | {200})
        orders = [f"metrics.m{n}" for n in range(5000)]
        watch.refused(where, "5,000 orders", lambda: watch.send("POST", target, {**base, "order_by": orders}))
        objects = [{"field_name": order} for order in orders]
        watch.refused(where, "5,000 orders as objects", lambda: watch.send("POST", target, {**base, "order_by": objects}))
        many = {**base, "experiment_ids": [str(n) for n in range(200_000)]}
        watch.refused(where, "200,000 experiments", lambda: watch.send("POST", target, many), ALLOWED | {200})
    for path in ("registered-models/search", "model-versions/search", "experiments/search"):
        where = f"GET {API}/{path}"
        limit = "max_results=10&" if path.startswith("experiments") else ""
        for shown, query in [
            ("20,000 clauses", "filter=" + "name='a'%20AND%20" * 20_000), ("7,000 signs", "filter=" + "(" * 7000),
            ("unfinished", "filter=name%20=%20'a"), ("NUL", "filter=name%20=%20'%00"), ("bad UTF-8", "filter=%ff"),
            ("orders", "&".join(["order_by=name"] * 500)), ("offset", f"page_token={token(-1)}"), ("offset", f"page_token={token(10**30)}"),
            ("no token", "page_token=x"),
        ]:
            watch.refused(where, shown, lambda: watch.send("GET", f"{API}/{path}?{limit}{query}"))
        clauses = "%20AND%20".join(["name='a'"] * 300)
        watch.refused(where, "300 clauses", lambda: watch.send("GET", f"{API}/{path}?{limit}filter={clauses}"), ALLOWED | {200})


def names(watch):
    """Other names of the host, and requests of other pages."""
    routes = [(method, path) for method, path, _ in mlflow(watch)] + [(method, path) for method, path, *_ in described(watch)]
    routes += [
        ("GET", "/"), ("GET", "/nothing"), ("GET", "/api/2.0/mlflow-artifacts/artifacts"), ("PUT", "/api/2.0/mlflow-artifacts/artifacts/0/x"),
        ("GET", "/ajax-api/2.0/mlflow/experiments/get?experiment_id=0"), ("GET", "/api/3.0/mlflow/server-info")]
    for method, path in routes:
        where, is_open = f"{method} {path}", path in ("/health", "/version")
        body = b"{}" if method != "GET" else None
        for host in ("evil.example", f"evil.example:{watch.port}", "127.0.0.1.evil.example", f"127.0.0.1:{watch.port + 1}", "localhost@evil.example", ""):
            if "slack" in path:
                continue
            allowed = {200, 400} if is_open else {400, 403, 421}
            watch.refused(where, f"Host: {host}", lambda: watch.send(method, path, body, {"Host": host}), allowed)
        if method != "GET":
            for origin in ("http://evil.example", "null", f"http://127.0.0.1:{watch.port}.evil.example", f"http://localhost:{watch.port + 1}"):
                if "slack" not in path:
                    watch.refused(where, f"Origin: {origin}", lambda: watch.send(method, path, b"{}", {"Origin": origin}), {403})
        elif not is_open and path != "/api/v1/events":
            # A browser keeps the answer from a page unless this header says otherwise.
            status, body = watch.send("GET", path, None, {"Origin": "http://evil.example"})
            if b"access-control-allow" in body[:2000].lower():
                watch.problem(where, "lets other pages read", "Access-Control-Allow-Origin")
    absolute = lambda: watch.send("GET", "http://evil.example/api/v1/status", None, {"Host": "evil.example"})
    watch.refused("GET /api/v1/status", "absolute target of another host", absolute)


def connections(watch):
    """Requests that are none, or never end: half a head and half a body are answered 408, and who says nothing is let go."""
    host = f"Host: 127.0.0.1:{watch.port}\r\n".encode()
    get = b"GET /api/v1/status HTTP/1.1\r\n" + host
    post = b"POST /api/v1/feedback HTTP/1.1\r\n" + host + b"Content-Type: application/json\r\n"
    for shown, data in [
        ("no request", b"\x16\x03\x01\x02\x00\x01\x00" * 10 + b"\r\n\r\n"), ("no host", b"GET /api/v1/status HTTP/1.1\r\n\r\n"),
        ("a line of a megabyte", b"GET /" + b"a" * 1_000_000 + b" HTTP/1.1\r\n" + host + b"\r\n"),
        ("a field of a megabyte", get + b"X: " + b"a" * 1_000_000 + b"\r\n\r\n"), ("NUL in a field", get + b"X: a\0b\r\n\r\n"),
        ("20,000 fields", get + b"".join(b"X%d: 1\r\n" % n for n in range(20_000)) + b"\r\n"),
        ("two hosts", get + b"Host: evil.example\r\n\r\n"), ("two lengths", post + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}"),
        ("length and chunks", post + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        ("a negative length", post + b"Content-Length: -1\r\n\r\n"), ("a huge length", post + b"Content-Length: 99999999999999\r\n\r\n{}"),
        ("chunks that are none", post + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n"),
        ("a method of its own", b"BREW /api/v1/status HTTP/1.1\r\n" + host + b"\r\n"),
        ("a method in small letters", b"get /api/v1/status HTTP/1.1\r\n" + host + b"\r\n"),
        ("a target without a slash", b"GET api HTTP/1.1\r\n" + host + b"\r\n"),
        ("a version of its own", b"GET /api/v1/status HTTP/9.9\r\n" + host + b"\r\n"),
        ("a space before the colon", b"GET /api/v1/status HTTP/1.1\r\nHost : x\r\n\r\n"),
    ]:
        # What is no HTTP may also be answered by hanging up.
        watch.refused("- raw", shown, lambda: watch.raw(data), allowed=ALLOWED | {0, 505})
    before, began = watch.cpu(), time.monotonic()
    open_ones, answers = [], []
    starts = [b"GET /api/v1/status HTTP/1.1\r\nHost: ", b"", post + b"Content-Length: 100\r\n\r\n{"]
    for number in range(200):
        connection = socket.create_connection(("127.0.0.1", watch.port), timeout=5)
        connection.sendall(starts[number % 3])
        open_ones.append(connection)
        answers.append(b"")
    answered = time.monotonic()
    if watch.send("GET", "/health")[0] != 200 or time.monotonic() - answered > 1:
        watch.problem("- 200 half-open connections", "keep others out", f"{time.monotonic() - answered:.1f} s")
    while time.monotonic() - began < ARGUMENTS.patience:
        still = 0
        for number, connection in enumerate(open_ones):
            connection.setblocking(False)
            try:
                while piece := connection.recv(4096):
                    answers[number] += piece
            except BlockingIOError:
                still += 1
            except OSError:
                pass
        if not still:
            break
        time.sleep(0.5)
    spent = watch.cpu() - before
    print(f"    half-open connections: {200 - still} of 200 closed after {time.monotonic() - began:.0f} s, {spent * 1000:.0f} ms of CPU")
    told = sum(answer.startswith(b"HTTP/1.1 408 ") for answer in answers)
    begun = sum(1 for number in range(200) if starts[number % 3])
    print(f"    {told} of the {begun} that had begun a request were answered 408")
    if told != begun:
        watch.problem("- 200 half-open connections", "are not answered", f"{told} of {begun}")
    if still:
        watch.problem("- 200 half-open connections", "stay open", f"{still} after {ARGUMENTS.patience} s")
    for connection in open_ones:
        connection.close()


SECTIONS = {"bodies": bodies, "fields": fields, "paths": paths, "searches": searches, "names": names, "connections": connections}


def main():
    with tempfile.TemporaryDirectory() as folder:
        watch = Watch(ARGUMENTS.program, folder, ARGUMENTS.limit / 1000, ARGUMENTS.verbose)
        try:
            for name in ARGUMENTS.only.split(","):
                before, found, began = watch.requests, len(watch.problems), time.monotonic()
                SECTIONS[name](watch)
                asked, differ, took = watch.requests - before, len(watch.problems) - found, time.monotonic() - began
                print(f"  {name}: {asked:,} requests, {differ} differences, {took:.1f} s", flush=True)
            alive = watch.send("GET", "/health")[0] == 200
        finally:
            if watch.server.process.poll() is None:
                watch.server.end(signal.SIGTERM)
    for (where, what), shown in watch.problems.items():
        print(f"  {where}: {what} ({len(shown)}x)\n      {shown[0][:500]}")
    told = ", ".join(f"{count:,} x {status or 'hung up'}" for status, count in sorted(watch.statuses.items()))
    print(f"{watch.requests:,} requests: {told}; the most CPU: {watch.slowest[0] * 1000:.0f} ms ({watch.slowest[1][:100]})")
    print("hostile: passed, 0 differences" if alive and not watch.problems else f"hostile: FAILED ({len(watch.problems)} differences)")
    return 1 if watch.problems or not alive else 0


parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("program")
parser.add_argument("--only", default=",".join(SECTIONS))
parser.add_argument("--patience", type=float, default=100, help="seconds within which a half-open connection must be closed")
parser.add_argument("--limit", type=float, default=100, help="milliseconds of CPU that a refusal may cost")
parser.add_argument("--verbose", action="store_true")
ARGUMENTS = parser.parse_args()
if __name__ == "__main__":
    sys.exit(main())
