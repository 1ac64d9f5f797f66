"""What the benchmarks share: programs and what they cost, generated ratings, a running stack, a table."""

import http.client
import json
import os
import pathlib
import re
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import NamedTuple


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def timed(call):
    began = time.perf_counter()
    value = call()
    return time.perf_counter() - began, value


class Cost(NamedTuple):
    """What a program that has ended printed and took: wall and CPU seconds, and bytes of memory at the most."""

    text: str
    seconds: float
    cpu_seconds: float
    peak: int

    @property
    def facts(self):
        """Of the JSON that it printed last."""
        return json.loads(self.text.strip().splitlines()[-1])


def cost(*command, environment=None):
    # Linux counts a child's memory from before its exec, so that this process itself must stay small: no numpy here.
    began = time.perf_counter()
    process = subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE, text=True, env={**os.environ, **(environment or {})})
    text = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"error: {' '.join(map(str, command))} ended with status {process.returncode}\n{text[-2000:]}")
    return Cost(text, time.perf_counter() - began, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024)


def dataset(program, folder, ratings, days, say):
    path = f"{folder}/ratings-{ratings}"
    if not pathlib.Path(path).exists():
        seconds, _ = timed(lambda: output(program, "data", "generate", "--ratings", str(ratings), "--days", str(days), "--output", path))
        say(f"generating {ratings:,} ratings", f"{seconds:.2f} s")
    return path


@contextmanager
def stack(program, home, *options):
    """A running stack's port, and the moment it was started; it is stopped at the end."""
    log = open(f"{home}.log", "w+")
    began = time.perf_counter()
    process = subprocess.Popen([program, "up", "--home", home, "--port", "0", *options], stdout=log, stderr=subprocess.STDOUT)
    try:
        while process.poll() is None:
            found = re.search(r"pages +http://127\.0\.0\.1:(\d+)/", pathlib.Path(f"{home}.log").read_text())
            if found:
                yield int(found.group(1)), began
                return
            time.sleep(0.005)
        sys.exit(f"the stack did not start:\n{pathlib.Path(f'{home}.log').read_text()[-2000:]}")
    finally:
        process.terminate()
        process.wait()
        log.close()


def process_of(home):
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if b"up" in words and home.encode() in words:
            return int(folder.name)
    sys.exit("the stack's process is not there")


def ask(port, path, method="GET", body=None):
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request(method, path, body=json.dumps(body) if body else None, headers={"Content-Type": "application/json"} if body else {})
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text


def until_ready(port):
    while ask(port, "/readyz")[0] != 200:
        time.sleep(0.005)


class Others:
    """What programs that this one did not start did with the processors since it was made."""

    def __init__(self):
        self.busy, self.children, self.moment = self._busy(), self._children(), time.monotonic()

    @staticmethod
    def _busy():
        user, nice, system, _, _, irq, softirq = map(int, pathlib.Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:8])
        return (user + nice + system + irq + softirq) / os.sysconf("SC_CLK_TCK")

    @staticmethod
    def _children():
        times = os.times()
        return times.children_user + times.children_system + times.user + times.system

    @property
    def cores(self):
        return max(0.0, self._busy() - self.busy - (self._children() - self.children)) / (time.monotonic() - self.moment)


class Table:
    """Us against the peer, line by line as they are measured; each ratio has its goal beside it."""

    WIDTHS = (50, 14, 14, 10)

    def __init__(self, title, peer):
        print(f"\n{title}")
        self.line("", "mlstack", peer, "ratio", "goal")

    def line(self, subject, *cells):
        padded = [f"  {subject:<{self.WIDTHS[0]}}", *(f"{cell:>{width}}" for cell, width in zip(cells, self.WIDTHS[1:]))]
        print(("".join(padded) + "".join(f"   {cell}" for cell in cells[3:])).rstrip(), flush=True)

    def head(self, subject):
        print(f"  {subject}", flush=True)

    def smaller(self, subject, ours, theirs, write, goal=None):
        """A quantity of which less is better; the goal is how many times less ours should be."""
        self._ratio(subject, ours, theirs, write, theirs / ours, goal)

    def larger(self, subject, ours, theirs, write, goal=None):
        self._ratio(subject, ours, theirs, write, ours / theirs, goal)

    def _ratio(self, subject, ours, theirs, write, ratio, goal):
        verdict = "" if goal is None else f"{goal:g}x or more: {'met' if ratio >= goal else 'missed'}"
        self.line(f"  {subject}", write(ours), write(theirs), f"{ratio:.2f}x", verdict)

    def within(self, subject, ours, theirs, write, limit):
        """A quantity of ours that has a limit of its own, whatever the peer's is."""
        verdict = f"{write(limit)} or less: {'met' if ours <= limit else 'missed'}"
        self.line(f"  {subject}", write(ours), write(theirs), "", verdict)

    def note(self, subject, text):
        print(f"    {subject:<{self.WIDTHS[0] - 2}}{text}", flush=True)


def seconds(value):
    return f"{value:.3f} s" if value < 10 else f"{value:.1f} s"


def milliseconds(value):
    return f"{value:.2f} ms"


def microseconds(value):
    return f"{value:.1f} us"


def count(value):
    return f"{value:,.0f}"


def times(value):
    return f"{value:.1f}x"


def mebibytes(value):
    return f"{value / 2**20:,.0f} MiB"
