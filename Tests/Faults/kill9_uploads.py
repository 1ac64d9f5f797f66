#!/usr/bin/env python3
"""Kills the program while models are uploaded and registered, and holds what it then lists against what was sent.

    Tests/Faults/kill9_uploads.py .build/dist/mlstack [--versions 1000] [--kills 10] [--clients 6] [--seed 1]

Every client makes logged models: files of all sizes, some of them cut off in the middle on purpose, the mark that it is ready, then a
version. The program is killed with SIGKILL at random moments and started again. After each start:

  - every version that was acknowledged is listed, and every listed version has all its files, to the byte;
  - every other file below `artifacts` is whole, too: what a client was still sending is there as it was meant or not at all;
  - nothing is left of uploads that died: `.uploads` is empty, and every folder belongs to a run or a model that the registry knows.

Needs Python 3.9 alone. Ends with status 1 at a difference.
"""

import argparse
import hashlib
import http.client
import json
import pathlib
import random
import signal
import socket
import sys
import tempfile
import threading
import time
import urllib.parse

sys.dont_write_bytecode = True
from flood import Server

API = "/api/2.0/mlflow"
FILES = "/api/2.0/mlflow-artifacts/artifacts"


class Refused(Exception):
    pass


def ask(port, method, path, body=None, **headers):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        if isinstance(body, dict):
            body, headers = json.dumps(body).encode(), {"Content-Type": "application/json", **headers}
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        content = answer.read()
    finally:
        connection.close()
    if answer.status != 200:
        raise Refused(f"{method} {path} was answered with {answer.status}: {content[:300]!r}")
    return content


def api(port, method, path, body=None):
    return json.loads(ask(port, method, API + path, body))


class Client(threading.Thread):
    """Makes one model after the other. `sent` is what was meant at each path, `versions` what was acknowledged."""

    def __init__(self, number, server, arguments):
        super().__init__(daemon=True)
        self.number, self.server, self.ending = number, server, threading.Event()
        self.chance = random.Random(f"{arguments.seed} {number}")
        self.name = f"uploads-{number}"
        self.sent, self.models, self.versions = {}, {}, {}
        self.cut, self.interrupted, self.failure = 0, 0, None

    def run(self):
        known = False
        while not self.ending.is_set():
            port, start = self.server.address()
            try:
                if not known:
                    self.register(port)
                    known = True
                self.model(port)
            except (OSError, http.client.HTTPException) as failure:
                if not self.server.was_killed(start):
                    self.failure = f"client {self.number}: {failure!r}"
                    return
                self.interrupted += 1
            except Exception as failure:
                self.failure = f"client {self.number}: {failure!r}"
                return

    def register(self, port):
        try:
            api(port, "POST", "/registered-models/create", {"name": self.name})
        except Refused as refusal:
            # The answer to the first may have been lost.
            if "RESOURCE_ALREADY_EXISTS" not in str(refusal):
                raise

    def model(self, port):
        made = api(port, "POST", "/logged-models", {"experiment_id": "0", "name": "model"})["model"]["info"]
        folder = made["artifact_uri"].removeprefix("mlflow-artifacts:/")
        names = self.models[made["model_id"]] = []
        for name in ("MLmodel", "data/model.bin", "data/empty", "notes ü.txt")[: self.chance.randint(1, 4)]:
            content = b"" if "empty" in name else self.chance.randbytes(self.chance.choice([10, 5_000, 300_000]))
            path = f"{folder}/{name}"
            if self.chance.random() < 0.2:
                self.cut_off(port, f"{folder}/cut-{name}", content)
            self.sent[path] = hashlib.sha256(content).hexdigest()
            # Without a length it is sent in chunks.
            body = iter([content[:7], content[7:]]) if content and self.chance.random() < 0.5 else content
            ask(port, "PUT", f"{FILES}/{urllib.parse.quote(path)}", body)
            names.append(path)
        api(port, "PATCH", f"/logged-models/{made['model_id']}", {"model_id": made["model_id"], "status": "LOGGED_MODEL_READY"})
        version = api(port, "POST", "/model-versions/create", {
            "name": self.name, "source": f"models:/{made['model_id']}", "model_id": made["model_id"]})["model_version"]
        self.versions[int(version["version"])] = made["model_id"]

    def cut_off(self, port, path, content):
        """Says that more comes than does, and goes away."""
        self.cut += 1
        with socket.create_connection(("127.0.0.1", port), timeout=10) as cut:
            head = f"PUT {FILES}/{urllib.parse.quote(path)} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: {len(content) + 1000}\r\n\r\n"
            cut.sendall(head.encode() + content)


def listed_versions(port, name):
    versions, token = {}, ""
    while True:
        words = urllib.parse.urlencode({"filter": f"name = '{name}'", "max_results": 1000, **({"page_token": token} if token else {})})
        page = api(port, "GET", f"/model-versions/search?{words}")
        versions.update({int(v["version"]): v for v in page.get("model_versions", [])})
        token = page.get("next_page_token")
        if not token:
            return versions


def check(server, clients, verified):
    """What is wrong now. Versions in `verified` are not asked for again."""
    port, problems = server.port, []
    sent = {path: digest for client in clients for path, digest in client.sent.items()}
    for client in clients:
        listed = listed_versions(port, client.name)
        problems += [f"{client.name} version {number} was acknowledged and is not listed" for number in client.versions if number not in listed]
        for number, version in listed.items():
            if (client.name, number) in verified:
                continue
            model_id = version["source"].removeprefix("models:/")
            state = api(port, "GET", f"/logged-models/{model_id}")["model"]["info"]["status"]
            if state != "LOGGED_MODEL_READY":
                problems.append(f"{client.name} version {number} is of a model that is {state}")
            for path in client.models[model_id]:
                content = ask(port, "GET", f"{FILES}/{urllib.parse.quote(path)}")
                if hashlib.sha256(content).hexdigest() != sent[path]:
                    problems.append(f"{client.name} version {number}: {path} has {len(content)} other bytes than were sent")
            verified.add((client.name, number))
    root = pathlib.Path(server.home, "artifacts")
    rests = [str(path) for path in (root / ".uploads").rglob("*")] if (root / ".uploads").exists() else []
    problems += [f"left of an upload that died: {path}" for path in rests]
    known = {}
    for path in root.rglob("*"):
        name = str(path.relative_to(root))
        # The clients' models; the stack trains some itself, in the experiments of its pipelines.
        if not path.is_file() or not name.startswith("0/models/"):
            continue
        model_id = path.relative_to(root).parts[2]
        if model_id not in known:
            try:
                known[model_id] = api(port, "GET", f"/logged-models/{model_id}")
            except Refused:
                known[model_id] = None
                problems.append(f"files of a model that nobody knows: {model_id}")
        if path.name.startswith("cut-"):
            problems.append(f"an upload that was cut off is there: {name}")
        elif name in sent and hashlib.sha256(path.read_bytes()).hexdigest() != sent[name]:
            problems.append(f"{name} is not what was sent")
        elif name not in sent:
            problems.append(f"nobody sent {name}")
    return problems


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("--versions", type=int, default=1000, help="go on until so many are acknowledged")
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--clients", type=int, default=6)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    chance = random.Random(arguments.seed)
    with tempfile.TemporaryDirectory() as folder:
        server = Server(arguments.program, f"{folder}/home", ["--paused"])
        try:
            return rounds(server, arguments, chance)
        finally:
            if server.process.poll() is None:
                server.end(signal.SIGKILL)


def rounds(server, arguments, chance):
    problems, verified, clients, rests = [], set(), [], 0
    made = lambda: sum(len(client.versions) for client in clients)
    uploads = lambda: sum(len(client.sent) for client in clients)
    for kill in range(arguments.kills + 1):
        # New threads each time, so that nobody sends while it is being looked at; what was sent stays known.
        clients = [*clients, *(Client(len(clients) + n, server, arguments) for n in range(arguments.clients))]
        active = clients[-arguments.clients:]
        for client in active:
            client.start()
        goal = arguments.versions * (kill + 1) // (arguments.kills + 1)
        while made() < goal and not any(client.failure for client in active):
            time.sleep(0.005)
        last = kill == arguments.kills
        if not last:
            time.sleep(chance.uniform(0, 0.2))
        for client in active if last else []:
            client.ending.set()
            client.join()
        server.end(signal.SIGTERM if last else signal.SIGKILL)
        for client in active:
            client.ending.set()
        left = pathlib.Path(server.home, "artifacts", ".uploads")
        rests += len(list(left.iterdir())) if left.exists() else 0
        server.start()
        for client in active:
            client.join()
            problems += [client.failure] if client.failure else []
        if last:
            verified.clear()
        found = check(server, clients, verified)
        problems += [f"after kill {kill + 1}: {problem}" for problem in found]
        print(
            f"{'ended' if last else 'killed'}: {made():,} versions acknowledged, {uploads():,} files sent, {len(verified):,} versions "
            f"listed and looked at, {len(found)} differences", flush=True)
    print(
        f"{arguments.kills} kills: {sum(client.interrupted for client in clients)} calls were interrupted, "
        f"{sum(client.cut for client in clients)} uploads cut off by clients, {rests} dead files lay about before a start")
    for problem in problems[:20]:
        print(f"  {problem}")
    print("kill -9 of uploads: passed" if not problems else f"kill -9 of uploads: FAILED ({len(problems)} differences)")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
