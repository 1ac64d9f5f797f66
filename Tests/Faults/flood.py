#!/usr/bin/env python3
"""Floods a running stack with feedback, and holds what it acknowledged against what its database then has.

    Tests/Faults/flood.py .build/dist/mlstack [--seconds 60] [--connections 8] [--batch 500] [--kill [TIMES]] [--seed 1]

Every connection posts events with ids of their own as fast as it is answered, most in batches, some one by one. A request
that is refused with 429 or 503 is sent again after the `Retry-After`. In the end every acknowledged event must be stored
once, and nothing else. With --kill the program is killed with SIGKILL at random moments: what it had acknowledged must be in
the database it leaves behind, and after a restart the unanswered requests are sent again with the same ids. Needs Python 3.9
alone. Ends with status 1 at a difference.
"""

import argparse
import http.client
import json
import pathlib
import random
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time


class Server:
    """The program in a home; it may be killed and started again, each time on another port."""

    def __init__(self, program, home, options):
        self.command = [program, "up", "--home", home, "--port", "0", "--quiet", *options]
        self.home, self.log = home, pathlib.Path(f"{home}.log")
        self.changed = threading.Condition()
        self.port, self.starts = None, 0
        self.start()

    def start(self):
        with self.log.open("w") as log:
            self.process = subprocess.Popen(self.command, stdout=log, stderr=subprocess.STDOUT)
        while self.process.poll() is None:
            found = re.search(r"http://127\.0\.0\.1:(\d+)/", self.log.read_text())
            if found:
                with self.changed:
                    self.port, self.starts = int(found.group(1)), self.starts + 1
                    self.changed.notify_all()
                return
            time.sleep(0.01)
        sys.exit(f"the stack did not start:\n{self.log.read_text()[-2000:]}")

    def end(self, how):
        with self.changed:
            self.port = None
        self.process.send_signal(how)
        return self.process.wait()

    def address(self):
        """The port, once there is one, and the number of the start it belongs to."""
        with self.changed:
            self.changed.wait_for(lambda: self.port is not None)
            return self.port, self.starts

    def was_killed(self, start):
        with self.changed:
            return self.port is None or self.starts != start

    @property
    def peak(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+)", status).group(1)) / 1024


class Client(threading.Thread):
    """One connection. `acknowledged` is the number of events in each request that was answered with 200, by its number."""

    def __init__(self, number, server, arguments):
        super().__init__(daemon=True)
        self.number, self.server, self.ending = number, server, threading.Event()
        self.batch, self.chance = arguments.batch, random.Random(f"{arguments.seed} {number}")
        self.connection, self.start_number, self.failure = None, 0, None
        self.acknowledged, self.refused, self.again, self.twice = {}, 0, 0, 0

    def run(self):
        try:
            request = 0
            while not self.ending.is_set():
                size = 1 if self.chance.random() < 0.25 else self.chance.randint(1, 2 * self.batch - 1)
                receipt = self.deliver(self.body(request, size), "json" if size == 1 else "x-ndjson")
                if receipt["accepted"] + receipt["duplicates"] != size or receipt["duplicates"] not in (0, size):
                    raise ValueError(f"{size} events were answered with {receipt}")
                self.twice += receipt["duplicates"]
                self.acknowledged[request] = size
                request += 1
        except Exception as failure:
            self.failure = f"connection {self.number}: {failure!r}"

    def body(self, request, size):
        user, item, stars = self.chance.randrange(100_000), self.chance.randrange(5_000), self.chance.randrange(1, 11) / 2
        return "\n".join(
            f'{{"id":"{self.number}-{request}-{event}","user":"{(user + event) % 100_000}","item":"{item}","rating":{stars}}}'
            for event in range(size)).encode()

    def deliver(self, body, form):
        """Sends it until it is answered."""
        while True:
            try:
                if self.connection is None:
                    port, self.start_number = self.server.address()
                    self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
                    self.connection.connect()
                    # The headers and the body are two writes: without this the second would wait for the first's receipt.
                    self.connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self.connection.request("POST", "/api/v1/feedback", body, {"Content-Type": f"application/{form}"})
                answer = self.connection.getresponse()
                text = answer.read()
            except (OSError, http.client.HTTPException):
                if not self.server.was_killed(self.start_number):
                    raise
                self.connection.close()
                self.connection = None
                self.again += 1
                continue
            if answer.status == 200:
                return json.loads(text)
            if answer.status not in (429, 503):
                raise ValueError(f"status {answer.status}: {text[:300]!r}")
            self.refused += 1
            time.sleep(float(answer.headers.get("Retry-After", 1)))


def stored(database):
    """How often each event of each request is in the database: {(connection, request): bytearray of events}."""
    counts = {}
    reader = sqlite3.connect(database)
    for (event,) in reader.execute("SELECT id FROM feedback"):
        connection, request, number = map(int, event.split("-"))
        events = counts.setdefault((connection, request), bytearray())
        if len(events) <= number:
            events.extend(bytes(number + 1 - len(events)))
        events[number] = min(255, events[number] + 1)
    reader.close()
    return counts


def compare(clients, counts, may_have_more):
    """Problems. `may_have_more`: a request that was stored, and whose answer the kill kept back, is none."""
    problems = []
    acknowledged = {(client.number, request): size for client in clients for request, size in client.acknowledged.items()}
    for key, size in acknowledged.items():
        if key not in counts:
            problems.append(f"request {key}: {size} events were acknowledged, none is stored")
        elif len(counts[key]) != size:
            problems.append(f"request {key}: {size} events were acknowledged, {len(counts[key])} are stored")
    for key, events in counts.items():
        if events != b"\1" * len(events):
            problems.append(f"request {key}: {events.count(0)} events are missing, {len(events) - events.count(0) - events.count(1)} are doubled")
        if key not in acknowledged and not may_have_more:
            problems.append(f"request {key}: {len(events)} events are stored that were never acknowledged")
    return problems


def left_behind(server, folder):
    """A copy of what a killed program left: looking into it must not mend it before the program itself does."""
    copy = pathlib.Path(folder, "copy")
    shutil.rmtree(copy, ignore_errors=True)
    copy.mkdir()
    for path in pathlib.Path(server.home).glob("mlstack.db*"):
        shutil.copy(path, copy)
    return stored(copy / "mlstack.db")


def kill(server, clients, folder):
    server.end(signal.SIGKILL)
    # An answer that was sent before the end may still be on its way to the client.
    time.sleep(0.5)
    counts = left_behind(server, folder)
    problems = compare(clients, counts, may_have_more=True)
    events = sum(sum(client.acknowledged.values()) for client in clients)
    print(f"killed: {events:,} events acknowledged, {sum(map(len, counts.values())):,} stored", flush=True)
    server.start()
    return problems


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--batch", type=int, default=500, help="events in a batch, on the average")
    parser.add_argument("--kill", type=int, nargs="?", const=1, default=0, metavar="TIMES")
    parser.add_argument("--playing", action="store_true", help="let simulated days go by meanwhile")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    chance = random.Random(arguments.seed)

    with tempfile.TemporaryDirectory() as folder:
        server = Server(arguments.program, f"{folder}/home", [] if arguments.playing else ["--paused"])
        try:
            return flood(server, arguments, chance, folder)
        finally:
            if server.process.poll() is None:
                server.end(signal.SIGKILL)


def flood(server, arguments, chance, folder):
    clients = [Client(number, server, arguments) for number in range(arguments.connections)]
    for client in clients:
        client.start()
    # Kills, and the rate in the end, go by the time in which the program runs.
    problems, passed = [], 0.0
    for moment in sorted(chance.uniform(0.1, 0.9) * arguments.seconds for _ in range(arguments.kill)):
        time.sleep(moment - passed)
        passed = moment
        problems += kill(server, clients, folder)
    began = time.monotonic()
    time.sleep(arguments.seconds - passed)
    for client in clients:
        client.ending.set()
    for client in clients:
        client.join()
        problems += [client.failure] if client.failure else []
    seconds = passed + time.monotonic() - began
    peak = server.peak if server.process.poll() is None else 0
    status = server.end(signal.SIGTERM)
    if status != 0:
        problems.append(f"the program ended with status {status}: {server.log.read_text()[-1000:]}")

    counts = stored(f"{server.home}/mlstack.db")
    problems += compare(clients, counts, may_have_more=False)
    events = sum(sum(client.acknowledged.values()) for client in clients)
    requests = sum(len(client.acknowledged) for client in clients)
    print(f"acknowledged: {events:,} events in {requests:,} requests; stored: {sum(map(len, counts.values())):,}")
    print(f"{events / seconds:,.0f} events/s, {requests / seconds:,.0f} requests/s, {arguments.connections} connections; peak memory {peak:.0f} MiB")
    print(
        f"refused and sent again: {sum(client.refused for client in clients):,}; unanswered and sent again: "
        f"{sum(client.again for client in clients):,}, of which were stored already: {sum(client.twice for client in clients):,} events")
    for problem in problems[:10]:
        print(f"  {problem}")
    print("flood: passed" if not problems else f"flood: FAILED ({len(problems)} differences)")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
