#!/usr/bin/env python3
"""Kills the stack at random moments while shell tasks and built-in tasks run, and counts what they did.

    Tests/Faults/kill9_tasks.py .build/dist/mlstack [--rounds 50] [--seed 1]

Each round starts the stack on the same home, asks for runs, and sends SIGKILL to the stack alone a random while later: its shell
tasks outlive it, as they would outlive a crash. At the end the stack is left in peace. Then
- every run that was acknowledged is there and has ended with success, and no retry was used;
- no task ran twice at once (each holds a lock while it runs, which dies with its process);
- no task ran again whose success was on record when the stack was killed;
- each task did its work to the end at least once.
Needs Python 3.9 and the flock program (util-linux). Ends with status 1 at the first of these that does not hold.
"""

import argparse
import collections
import http.client
import json
import pathlib
import random
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

STEP = """
      exec 9>"{folder}/$MLSTACK_RUN_ID.$MLSTACK_TASK_ID.lock"
      flock -n 9 || echo "$MLSTACK_RUN_ID $MLSTACK_TASK_ID" >> "{folder}/twice"
      echo "$MLSTACK_RUN_ID $MLSTACK_TASK_ID" >> "{folder}/begun"
      sleep 0.{digit}
      echo "$MLSTACK_RUN_ID $MLSTACK_TASK_ID" >> "{folder}/done"
"""

PIPELINE = """pipeline: crash
max_active_runs: 4
defaults: {{retry: {{max: 0}}}}
tasks:
  a:
    run: |{a}
  b:
    needs: [a]
    run: |{b}
  note: {{needs: [a], uses: notify, with: {{message: "half way"}}}}
  c:
    needs: [a]
    run: |{c}
  d:
    needs: [b, c, note]
    run: |{d}
"""


def start(program, home):
    log = open(f"{home}.log", "w")
    process = subprocess.Popen([program, "up", "--home", home, "--port", "0", "--paused"], stdout=log, stderr=subprocess.STDOUT)
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and process.poll() is None:
        found = re.search(r"pages +http://127\.0\.0\.1:(\d+)/", pathlib.Path(f"{home}.log").read_text())
        if found:
            return process, int(found.group(1))
        time.sleep(0.005)
    sys.exit(f"the stack did not start:\n{pathlib.Path(f'{home}.log').read_text()[-3000:]}")


def ask(port, method, path, body=None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request(method, path, body=None if body is None else json.dumps(body), headers={"Content-Type": "application/json"})
    answer = connection.getresponse()
    return answer.status, json.loads(answer.read())


def on_record(home):
    """Tasks whose success is stored, read as the next start will read it."""
    database = sqlite3.connect(f"{home}/mlstack.db")
    rows = database.execute("SELECT run, task FROM dag_task WHERE state = 'success'").fetchall()
    database.close()
    return {f"{run} {task}" for run, task in rows}


def lines(path):
    return path.read_text().splitlines() if path.exists() else []


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as folder:
        home, traces = f"{folder}/home", pathlib.Path(folder) / "traces"
        traces.mkdir()
        pathlib.Path(f"{home}/pipelines").mkdir(parents=True)
        steps = {name: STEP.format(folder=traces, digit=digit) for name, digit in zip("abcd", "3579")}
        pathlib.Path(f"{home}/pipelines/crash.yaml").write_text(PIPELINE.format(**steps))
        acknowledged, interrupted, repeated = [], 0, []
        for number in range(options.rounds):
            process, port = start(options.program, home)
            until = time.monotonic() + chance.uniform(0.05, 0.6)
            for _ in range(chance.randint(1, 3)):
                status, answer = ask(port, "POST", "/api/v1/pipelines/crash/runs", {})
                if status != 201:
                    sys.exit(f"round {number}: a run was refused: {answer}")
                acknowledged.append(answer["id"])
            time.sleep(max(0, until - time.monotonic()))
            process.send_signal(signal.SIGKILL)
            process.wait()
            settled = on_record(home)
            before = collections.Counter(lines(traces / "begun"))
            interrupted += sum(before.values()) - len(lines(traces / "done"))
            # What is on record now may never begin again.
            repeated.append((settled, before))
        process, port = start(options.program, home)
        deadline = time.monotonic() + 300
        while time.monotonic() < deadline:
            states = collections.Counter(ask(port, "GET", f"/api/v1/pipelines/crash/runs/{run}")[1]["state"] for run in acknowledged)
            if not states["running"] and not states["queued"]:
                break
            time.sleep(0.2)
        details = [ask(port, "GET", f"/api/v1/pipelines/crash/runs/{run}")[1] for run in acknowledged]
        process.terminate()
        process.wait()

        begun, done = collections.Counter(lines(traces / "begun")), collections.Counter(lines(traces / "done"))
        problems = [f"run {run['id']} is {run['state']}: {run.get('message')}" for run in details if run["state"] != "success"]
        problems += [f"{run['id']} {task['id']} used {task['failures']} retries" for run in details for task in run["tasks"] if task["failures"]]
        problems += [f"{line} ran twice at once" for line in lines(traces / "twice")]
        for settled, before in repeated:
            problems += [f"{line} ran again after its success" for line in settled if begun[line] > before[line]]
        shell = [f"{run['id']} {task}" for run in details for task in "abcd"]
        problems += [f"{line} never came to its end" for line in shell if not done[line]]
        attempts = sum(task["attempt"] for run in details for task in run["tasks"])
        print(f"{options.rounds} kills, {len(acknowledged)} runs of 5 tasks acknowledged, {attempts} attempts, {sum(begun.values())} shell commands begun, {sum(done.values())} ended by themselves")
        if problems:
            sys.exit("\n".join(problems[:20]))
        print("kill -9 of tasks: passed: nothing lost, nothing twice at once, nothing repeated, no retry used")


main()
