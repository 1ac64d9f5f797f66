"""Tracking and registry beside MLflow's own server, in one run: a section of `peers`.

Both run alone, one after the other, with what they have by default: mlstack in a new home, MLflow's server with one worker on SQLite.
The load comes from this process, over kept connections; CPU time and memory (PSS) are those of the server's processes together.
MLflow's server is slow enough that it gets less work: counts are beside the figures.
"""

import json
import os
import pathlib
import selectors
import socket
import sqlite3
import statistics
import subprocess
import sys
import time
import uuid

from harness import Table, count, mebibytes, milliseconds, seconds

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent / "mlflow"))
import environment  # noqa: E402

API = "/api/2.0/mlflow"
TICK = os.sysconf("SC_CLK_TCK")
RUNS, POINTS, LARGE = 10_000, 10_000, 200 * 2**20
CLIENT = """
import mlflow, sys, time
client, run, count = mlflow.MlflowClient(), sys.argv[1], int(sys.argv[2])
client.log_metric(run, "warm", 0)
began = time.perf_counter()
for step in range(count):
    client.log_metric(run, "python", step / 7, step=step)
print(count / (time.perf_counter() - began))
"""


class Processes:
    """A server's process and those that it has started."""

    def __init__(self, process):
        self.root = process.pid

    def all(self):
        parents = {}
        for folder in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, IndexError):
                continue
        family = {self.root}
        while more := {child for child, parent in parents.items() if parent in family} - family:
            family |= more
        return family

    def cpu(self):
        """Seconds so far, of those that have ended too."""
        total = 0
        for process in self.all():
            try:
                total += sum(map(int, pathlib.Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[11:15]))
            except OSError:
                continue
        return total / TICK

    def memory(self):
        total = 0
        for process in self.all():
            try:
                for line in pathlib.Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
                    if line.startswith("Pss:"):
                        total += int(line.split()[1]) * 1024
            except OSError:
                continue
        return total


def request(port, method, path, body=None):
    data = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
    head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\nContent-Length: {len(data)}\r\n\r\n"
    return head.encode() + data


class Line:
    """A kept connection with one request at a time."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.pieces, self.got, self.length = [], 0, None

    def send(self, data):
        self.began = time.perf_counter()
        self.socket.sendall(data)

    def receive(self):
        """The body, once it is whole; else None. Looks at each byte once: a slow client would be measured as a slow server."""
        piece = self.socket.recv(1 << 20)
        if not piece:
            sys.exit("error: the server hung up")
        if not self.pieces:
            head, end, piece = piece.partition(b"\r\n\r\n")
            if not end or not head.startswith(b"HTTP/1.1 200"):
                sys.exit(f"error: answered with {head!r} {piece[:300]!r}")
            fields = head.lower().split(b"content-length:")
            self.length = int(fields[1].split(b"\r\n")[0]) if len(fields) > 1 else None
        self.pieces.append(piece)
        self.got += len(piece)
        if self.got < self.length if self.length is not None else not piece.endswith(b"0\r\n\r\n"):
            return None
        body, self.pieces, self.got = b"".join(self.pieces), [], 0
        return body

    def ask(self, data):
        self.send(data)
        while (body := self.receive()) is None:
            pass
        return body


def load(server, requests, clients, limit):
    """Rate, latencies in ms and CPU-ms a call while so many connections ask for so many seconds."""
    chooser, latencies = selectors.DefaultSelector(), []
    lines = [Line(server.port) for _ in range(clients)]
    for line in lines:
        chooser.register(line.socket, selectors.EVENT_READ, line)
    cpu, began = server.processes.cpu(), time.perf_counter()
    for line in lines:
        line.send(next(requests))
    waiting = clients
    while waiting:
        for key, _ in chooser.select():
            line = key.data
            if line.receive() is None:
                continue
            latencies.append(1000 * (time.perf_counter() - line.began))
            if time.perf_counter() - began < limit:
                line.send(next(requests))
            else:
                waiting -= 1
    took = time.perf_counter() - began
    for line in lines:
        line.socket.close()
    latencies.sort()
    return {
        "rate": len(latencies) / took, "count": len(latencies), "p50": statistics.median(latencies),
        "p99": latencies[min(len(latencies) - 1, int(len(latencies) * 0.99))],
        "cpu": 1000 * (server.processes.cpu() - cpu) / len(latencies)}


class Server:
    """One of the two, and what was measured of it."""

    def __init__(self, process, url, started, database=None, patience=1.0):
        self.processes, self.url, self.port = Processes(process), url, int(url.rsplit(":", 1)[1])
        # Seconds of a measurement; the database, when it may be filled from beside.
        self.figures, self.database, self.patience = {"start": started}, database, patience

    def api(self, method, path, body=None):
        return json.loads(self.asked(method, path, body))

    def asked(self, method, path, body=None):
        line = Line(self.port)
        answer = line.ask(request(self.port, method, API + path, body))
        line.socket.close()
        return answer

    def run(self, experiment="0"):
        return self.api("POST", "/runs/create", {"experiment_id": experiment, "start_time": 1})["run"]["info"]["run_id"]

    def measured(self, subject, call, tries=3):
        """Milliseconds of the median try, and CPU."""
        times, cpu = [], self.processes.cpu()
        for _ in range(tries):
            began = time.perf_counter()
            result = call()
            times.append(1000 * (time.perf_counter() - began))
        self.figures[subject] = {"ms": statistics.median(times), "cpu": 1000 * (self.processes.cpu() - cpu) / tries}
        return result

    def measure(self):
        figures = self.figures
        time.sleep(5)
        figures["idle"] = self.processes.memory()
        run = self.run()

        def points():
            step = 0
            while True:
                step += 1
                yield request(self.port, "POST", f"{API}/runs/log-metric", {"run_id": run, "key": f"m{step % 10}", "value": step / 7, "timestamp": step, "step": step})

        def batches():
            # Written once, with a number in the place of the step: writing a thousand metrics anew takes this process as long as storing them.
            mark, step = 987654321, 0
            metrics = [{"key": f"k{n % 10}", "value": n / 7, "timestamp": mark, "step": 1000 * mark + n} for n in range(1000)]
            text = json.dumps({"run_id": run, "metrics": metrics})
            while True:
                step += 1
                yield request(self.port, "POST", f"{API}/runs/log-batch", text.replace(str(mark), str(step)).encode())

        def new_runs():
            while True:
                yield request(self.port, "POST", f"{API}/runs/create", {"experiment_id": "0", "start_time": 1})

        source = points()
        load(self, source, 1, 0.5)
        figures["log 1"] = load(self, source, 1, 5 * self.patience)
        figures["log 8"] = load(self, source, 8, 5 * self.patience)
        figures["batch"] = load(self, batches(), 1, 5 * self.patience)
        figures["create"] = load(self, new_runs(), 1, 5 * self.patience)
        settings = {**os.environ, **environment.QUIET, "MLFLOW_TRACKING_URI": self.url}
        done = subprocess.run(
            [environment.PYTHON, "-c", CLIENT, run, "1000" if self.patience == 1 else "60"], env=settings, capture_output=True, text=True, check=True)
        figures["python"] = float(done.stdout.strip().splitlines()[-1])
        self.searches()
        self.history()
        self.artifacts(run)
        figures["end"] = self.processes.memory()

    def searches(self):
        experiment = self.api("POST", "/experiments/create", {"name": "many"})["experiment_id"]
        self.fill(experiment)
        for subject, limit in (("first page", 1000), ("all", 50_000)):
            body = {"experiment_ids": [experiment], "order_by": ["metrics.m DESC"], "max_results": limit}
            found = json.loads(self.measured(subject, lambda: self.asked("POST", "/runs/search", body)))["runs"]
            values = [r["data"]["metrics"][0]["value"] for r in found]
            if len(values) != min(limit, RUNS) or values != sorted(values, reverse=True):
                sys.exit(f"error: a search of {RUNS:,} runs found {len(values):,}, or not in order")
        body = {"experiment_ids": [experiment], "filter": "metrics.m > 0.999 AND tags.t = 'a'", "max_results": 100}
        found = json.loads(self.measured("filter", lambda: self.asked("POST", "/runs/search", body)))["runs"]
        if len(found) != RUNS // 1000 - 1:
            sys.exit(f"error: a search that should find {RUNS // 1000 - 1} runs found {len(found)}")

    def fill(self, experiment):
        if not self.database:
            ids, line = [], Line(self.port)
            for number in range(RUNS):
                body = {"experiment_id": experiment, "start_time": number, "run_name": f"r{number}", "tags": [{"key": "t", "value": "a"}]}
                ids.append(json.loads(line.ask(request(self.port, "POST", f"{API}/runs/create", body)))["run"]["info"]["run_id"])
            for number, run in enumerate(ids):
                line.ask(request(self.port, "POST", f"{API}/runs/log-metric", {"run_id": run, "key": "m", "value": number * 7919 % RUNS / RUNS, "timestamp": 1}))
            return
        # Over its API this would take half an hour.
        database, rows = sqlite3.connect(self.database, timeout=60), [(uuid.uuid4().hex, number) for number in range(RUNS)]
        with database:
            database.executemany(
                "INSERT INTO runs (run_uuid, name, source_type, source_name, entry_point_name, user_id, status, start_time, source_version, lifecycle_stage, "
                "artifact_uri, experiment_id) VALUES (?, ?, 'UNKNOWN', '', '', '', 'RUNNING', ?, '', 'active', ?, ?)",
                [(run, f"r{n}", n, f"mlflow-artifacts:/{experiment}/{run}/artifacts", int(experiment)) for run, n in rows])
            for table in ("metrics", "latest_metrics"):
                database.executemany(
                    f"INSERT INTO {table} (key, value, timestamp, step, is_nan, run_uuid) VALUES ('m', ?, 1, 0, 0, ?)",
                    [(n * 7919 % RUNS / RUNS, run) for run, n in rows])
            for key, value in (("mlflow.runName", None), ("t", "a")):
                database.executemany("INSERT INTO tags (key, value, run_uuid) VALUES (?, ?, ?)", [(key, value or f"r{n}", run) for run, n in rows])
        database.close()

    def history(self):
        run = self.run()
        for first in range(0, POINTS, 1000):
            metrics = [{"key": "loss", "value": n / 7, "timestamp": n, "step": n} for n in range(first, first + 1000)]
            self.api("POST", "/runs/log-batch", {"run_id": run, "metrics": metrics})
        path = f"/metrics/get-history?run_id={run}&metric_key=loss&max_results=25000"
        found = json.loads(self.measured("history", lambda: self.asked("GET", path), 5))
        if len(found["metrics"]) != POINTS:
            sys.exit(f"error: a history of {POINTS:,} points has {len(found['metrics']):,}")

    def artifacts(self, run):
        path = f"/api/2.0/mlflow-artifacts/artifacts/0/{run}/artifacts/large.bin"
        piece, peak = os.urandom(2**20), 0

        def up():
            line = Line(self.port)
            line.socket.sendall(f"PUT {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nContent-Type: application/octet-stream\r\nContent-Length: {LARGE}\r\n\r\n".encode())
            for _ in range(LARGE // len(piece)):
                line.socket.sendall(piece)
            while line.receive() is None:
                pass

        def down():
            line, got, head = Line(self.port), 0, b""
            line.socket.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nConnection: close\r\n\r\n".encode())
            while data := line.socket.recv(1 << 20):
                got += len(data)
                head = head or data[:200]
            if got < LARGE or b" 200 " not in head:
                sys.exit(f"error: a download gave {got:,} bytes: {head!r}")

        self.measured("upload", up)
        peak = self.processes.memory()
        self.measured("download", down)
        self.figures["after files"] = max(peak, self.processes.memory())


def ours(program):
    began = time.perf_counter()
    with environment.mlstack(program, "--paused") as (process, url):
        while environment.asked(f"{url}/health") != "OK":
            time.sleep(0.001)
        server = Server(process, url, time.perf_counter() - began)
        server.measure()
        return server.figures


def theirs():
    with environment.mlflow_server() as (process, url, started, scratch):
        server = Server(process, url, started, f"{scratch}/mlflow.db", patience=2)
        server.measure()
        return server.figures


def disk(scratch):
    """Milliseconds that this disk takes to keep a page for good: what a commit that waits for it cannot do without."""
    with open(f"{scratch}/page", "wb") as file:
        began = time.perf_counter()
        for _ in range(50):
            file.write(bytes(4096))
            file.flush()
            os.fsync(file.fileno())
        return 1000 * (time.perf_counter() - began) / 50


def registry(program, scratch):
    environment.install()
    mine, other = ours(program), theirs()
    table = Table("tracking and registry, raw HTTP over kept connections unless it says otherwise", "MLflow")
    table.smaller("start to healthy", mine["start"], other["start"], seconds)
    table.within("the same, against its own goal", mine["start"], other["start"], seconds, 0.3)
    table.within("idle memory, PSS", mine["idle"], other["idle"], mebibytes, 80e6)
    for name, subject, rate in (("log 1", "log_metric, 1 client", 3000), ("log 8", "log_metric, 8 clients", 8000)):
        table.head(f"{subject} ({mine[name]['count']:,} : {other[name]['count']:,} calls)")
        table.larger("a second", mine[name]["rate"], other[name]["rate"], count)
        table.line("  goal", count(rate), "", "", "met" if mine[name]["rate"] >= rate else "missed")
        table.smaller("p99", mine[name]["p99"], other[name]["p99"], milliseconds)
        table.smaller("CPU a call, the server's", mine[name]["cpu"], other[name]["cpu"], milliseconds, 100)
        table.within("the same, against its own goal", mine[name]["cpu"], other[name]["cpu"], milliseconds, 0.12)
    table.larger("log_metric by the Python client, a second", mine["python"], other["python"], count)
    table.head(f"log_batch of 1,000 metrics ({mine['batch']['count']:,} : {other['batch']['count']:,} calls)")
    table.larger("a second", mine["batch"]["rate"], other["batch"]["rate"], "{:.1f}".format)
    table.line("  goal", "300", "", "", "met" if mine["batch"]["rate"] >= 300 else "missed")
    table.smaller("CPU a call", mine["batch"]["cpu"], other["batch"]["cpu"], milliseconds)
    table.head(f"create run ({mine['create']['count']:,} : {other['create']['count']:,} calls)")
    table.larger("a second", mine["create"]["rate"], other["create"]["rate"], count)
    table.within("p99", mine["create"]["p99"], other["create"]["p99"], milliseconds, 10)
    table.smaller("CPU a call", mine["create"]["cpu"], other["create"]["cpu"], milliseconds)
    for name, subject, limit in [
        ("first page", f"{RUNS:,} runs ordered by a metric, the first 1,000", 50), ("all", f"{RUNS:,} runs ordered by a metric, all in one answer", None),
        ("filter", f"of {RUNS:,} runs those of a metric and a tag", None), ("history", f"a history of {POINTS:,} points", 30),
        ("upload", f"upload of {LARGE // 2**20} MiB", None), ("download", f"download of {LARGE // 2**20} MiB", None),
    ]:
        table.head(subject)
        table.smaller("took", mine[name]["ms"], other[name]["ms"], milliseconds)
        if limit:
            table.within("the same, against its own goal", mine[name]["ms"], other[name]["ms"], milliseconds, limit)
        table.smaller("CPU", mine[name]["cpu"], other[name]["cpu"], milliseconds)
    table.within("memory after the large files", mine["after files"], other["after files"], mebibytes, 80e6)
    table.smaller("memory in the end", mine["end"], other["end"], mebibytes)
    table.note("durability", "mlstack: answered after the commit to its WAL (synchronous=NORMAL): it outlives the program's end, not the machine's")
    table.note("", f"MLflow: SQLite's rollback journal, an fsync at each commit; one page and its fsync take {disk(scratch):.2f} ms here")
    table.note("filling", f"{RUNS:,} runs over HTTP here, straight into the database there")
