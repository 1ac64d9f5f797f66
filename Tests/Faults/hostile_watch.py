"""A running program under hostile.py: what its answers cost and tell, and what they have written."""

import collections
import hashlib
import json
import os
import pathlib
import re
import socket
import sqlite3
import sys
import time

from flood import Server
from hostile_routes import API

ALLOWED = set(range(400, 500))
TICK = os.sysconf("SC_CLK_TCK")
TELLS = re.compile(
    rb"SELECT .* FROM|INSERT INTO|\bsqlite error|sqlite3|SQLITE_|constraint failed|no such (table|column)|near \"|/root/|/home/|\.swift\b|/Sources/", re.I)
# A run of a pipeline or a look at the clock may write by itself; what a request writes is anywhere else.
BY_ITSELF = {"trigger_cursor", "outbox", "sqlite_sequence"}


class Watch:
    """The program in a home of its own, with a run, a model and a version in it."""

    def __init__(self, program, folder, limit, verbose):
        self.limit, self.verbose = limit, verbose
        self.server = Server(program, f"{folder}/home", ["--paused"])
        self.port, self.home, self.pid = self.server.port, pathlib.Path(self.server.home), self.server.process.pid
        self.tells = re.compile(TELLS.pattern + b"|" + re.escape(str(folder).encode()), re.I)
        self.requests, self.slowest, self.problems = 0, (0, ""), collections.OrderedDict()
        self.statuses = collections.Counter()
        while self.send("GET", "/readyz")[0] not in (200,):
            time.sleep(0.05)
        self.prepare()
        self.database = sqlite3.connect(f"file:{self.home}/mlstack.db?mode=ro", uri=True)
        self.state = self.content()
        self.version = self.changed()

    def prepare(self):
        post = lambda path, body, method="POST": json.loads(self.send(method, f"{API}/{path}", body)[1])
        run = post("runs/create", {"experiment_id": "0"})["run"]["info"]["run_id"]
        post("runs/log-parameter", {"run_id": run, "key": "p", "value": "1"})
        post("runs/log-metric", {"run_id": run, "key": "m", "value": 1, "timestamp": 1})
        model = post("logged-models", {"experiment_id": "0", "name": "m"})["model"]["info"]["model_id"]
        post("registered-models/create", {"name": "films"})
        post("model-versions/create", {"name": "films", "source": f"models:/{model}", "model_id": model})
        self.send("PUT", f"/api/2.0/mlflow-artifacts/artifacts/0/{run}/artifacts/a/b.txt", b"whole")
        self.known = {
            "experiment": "0", "experiment_name": "Default", "run": run, "model": model, "registered": "films", "reference": run, "version": "1",
            "alias": "champion", "stage": "Staging", "name": "new", "key": "k", "text": "t", "path": "a", "source": f"models:/{model}",
            "token": "", "filter": "", "enum": None, "json": "{}", "integer": 1, "count": 10, "number": 1.5, "boolean": False, "pairs": [],
            "metrics": [], "orders": [], "experiments": ["0"], "strings": [], "datasets": [], "objects": []}

    # What goes over the wire.

    def raw(self, data, timeout=20.0):
        """Status and body of the answer to these bytes; 0: closed without one."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=timeout) as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            try:
                connection.sendall(data)
            except OSError:
                pass
            return self.answer(connection)

    def answer(self, connection):
        head = b""
        try:
            while b"\r\n\r\n" not in head:
                piece = connection.recv(65536)
                if not piece:
                    return 0, head
                head += piece
            head, _, body = head.partition(b"\r\n\r\n")
            length = re.search(rb"(?i)content-length: *(\d+)", head)
            chunked = not length and b"chunked" in head.lower()
            while length and len(body) < int(length.group(1)) or chunked and not body.endswith(b"0\r\n\r\n"):
                piece = connection.recv(65536)
                if not piece:
                    break
                body += piece
        except (ConnectionResetError, BrokenPipeError):
            if b" " not in head:
                return 0, b""
            body = b""
        return int(head.split(b" ")[1]), body

    def send(self, method, target, body=None, headers=None, **more):
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
        fields = {"Host": f"127.0.0.1:{self.port}", "Connection": "close"}
        if body is not None:
            fields |= {"Content-Type": "application/json", "Content-Length": str(len(body))}
        fields |= headers or {}
        lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in fields.items() if value is not None)]
        head = "\r\n".join(lines) + "\r\n\r\n"
        return self.raw(head.encode("utf-8", "surrogateescape") + (body or b""), **more)

    # What is watched.

    def cpu(self):
        fields = pathlib.Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICK

    def changed(self):
        return self.database.execute("PRAGMA data_version").fetchone()[0]

    def content(self):
        """Of every table and of the artifacts, a digest."""
        tables = [name for (name,) in self.database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        tables = [name for name in tables if name not in BY_ITSELF]
        digest = lambda facts: hashlib.sha256(repr(facts).encode()).digest()
        paths = [path for path in (self.home / "artifacts").rglob("*") if path.is_file() and ".uploads" not in path.parts]
        return {
            **{name: digest(self.database.execute(f"SELECT * FROM {name}").fetchall()) for name in tables},
            "files": digest(sorted((str(path), path.stat().st_size) for path in paths))}

    def problem(self, where, what, shown):
        self.problems.setdefault((where, what), []).append(shown)
        if self.verbose:
            print(f"    {where}: {what}: {shown}", flush=True)

    def refused(self, where, shown, request, allowed=ALLOWED, may_write=False):
        """Sends it and looks at everything; `request` is sent again if it seemed to cost too much."""
        shown, least = shown[:160], None
        for _ in range(5):
            before = self.cpu()
            try:
                status, body = request()
            except TimeoutError:
                return self.problem(where, "no answer in time", shown)
            least = min(self.cpu() - before, least if least is not None else 1e9)
            self.requests += 1
            # What was taken the first time would be refused the second.
            if least <= self.limit or status not in allowed:
                break
        self.statuses[status] += 1
        if self.server.process.poll() is not None:
            sys.exit(f"the program has died of {where} {shown}:\n{self.server.log.read_text()[-3000:]}")
        if least > self.slowest[0]:
            self.slowest = (least, f"{where} {shown}")
        if least > self.limit:
            self.problem(where, f"more than {self.limit * 1000:.0f} ms of CPU", f"{shown}: {least * 1000:.0f} ms")
        if status not in allowed:
            self.problem(where, f"status {status}", f"{shown} -> {body[:200]!r}")
        if self.tells.search(body):
            self.problem(where, "tells what is inside", f"{shown} -> {body[:300]!r}")
        # A head that is too long is refused before anybody knows what it asks for.
        if status == 400 and body and where.split()[1].startswith("/api/2.0/mlflow/"):
            try:
                json.loads(body)["error_code"]
            except Exception:
                self.problem(where, "no error_code", f"{shown} -> {body[:200]!r}")
        if (version := self.changed()) != self.version:
            self.version, state = version, self.content()
            different = sorted(name for name in state if state[name] != self.state.get(name))
            self.state = state
            if different and not may_write:
                self.problem(where, "was written", f"{shown} -> {', '.join(different)} (status {status})")
