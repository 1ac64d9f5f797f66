#!/usr/bin/env python3
"""Kills a replay at random moments and compares what is left with an undisturbed one.

    Tests/Faults/kill9.py .build/dist/mlstack [--kills 20] [--seed 1] [--dataset PATH] [--until DATE]

A first home replays to the end. A second one is killed with SIGKILL so many times, each time a random while after its start,
and then replays to the end. Both must hold the same: every run, task, metric, param, version, alias and its history, every
artefact to the byte, and the last version's content hash. Only wall times, attempt numbers, and ids that are drawn at random may
differ. Needs Python 3.9 alone. Ends with status 1 at the first difference.
"""

import argparse
import hashlib
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

# What a wall clock or chance decides. A dataset's row number follows from the order of two tracked runs.
CHANCE = {
    "number", "sequence", "created_ms", "updated_ms", "started_ms", "ended_ms", "scheduled_ms", "queued_ms", "retry_ms", "next_ms",
    "received_ms", "closed_ms", "time_ms", "attempt", "process", "measures",
}
# How long something took is no part of what it came to.
WALL = re.compile(r"seconds|duration|rss|memory", re.IGNORECASE)


def start(program, home, options):
    return subprocess.Popen(
        [program, "up", "--home", home, "--port", "0", "--day-length", "0", "--exit-when-done", *options],
        stdout=open(f"{home}.log", "w"), stderr=subprocess.STDOUT)


def finish(process, home):
    process.wait()
    output = pathlib.Path(f"{home}.log").read_text()
    if process.returncode != 0:
        sys.exit(f"the replay ended with status {process.returncode}:\n{output[-3000:]}")
    return output


def last_content(output):
    return re.search(r"content ([0-9a-f]{64})", output).group(1)


def rows(home):
    """Every table as sorted lines, without what chance decides."""
    database = sqlite3.connect(f"file:{home}/mlstack.db?mode=ro", uri=True)
    database.row_factory = sqlite3.Row
    names = {}
    for table, column in [("run", "id"), ("experiment", "name"), ("registered_model", "name"), ("dataset", "digest")]:
        for row in database.execute(f"SELECT * FROM {table}"):
            names[table, row["number"] if "number" in row.keys() else row["id"]] = row[column]
    for row in database.execute("SELECT * FROM logged_model"):
        names["logged_model", row["number"]] = (names["run", find(database, row["source_run"])], row["name"])
    tables = [row["name"] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    lines = []
    for table in sorted(tables):
        if table.startswith(("sqlite_", "grdb_")) or table == "setting":
            continue
        for row in database.execute(f"SELECT * FROM {table}"):
            facts = {}
            for key in row.keys():
                value = row[key]
                if key in CHANCE:
                    continue
                if key == "run" and isinstance(value, int):
                    value = names["run", value]
                if key == "model" and table.startswith(("logged_model_", "run_output")):
                    value = names["logged_model", value]
                if key == "dataset":
                    value = names["dataset", value]
                if isinstance(value, str):
                    value = clean(value, home)
                if table == "dataset_event" and key == "id":
                    # RUN/TASK/ATTEMPT/DATASET
                    value = re.sub(r"/\d+/(?=[^/]+$)", "/*/", value)
                facts[key] = value
            if WALL.search(str(facts.get("key", ""))):
                continue
            lines.append(f"{table} {json.dumps(facts, sort_keys=True)}")
    database.close()
    return sorted(lines)


def find(database, run_id):
    return database.execute("SELECT number FROM run WHERE id = ?", (run_id,)).fetchone()[0]


def clean(text, home):
    """A text without the home's own path and, if it is an object of JSON, without durations."""
    text = text.replace(home, "HOME")
    if text.startswith("{"):
        facts = json.loads(text)
        text = json.dumps({k: v for k, v in facts.items() if not WALL.search(k)}, sort_keys=True)
    return text


def files(home):
    root = pathlib.Path(home, "artifacts")
    return sorted(
        f"{path.relative_to(root)} {hashlib.sha256(path.read_bytes()).hexdigest()}"
        for path in root.rglob("*") if path.is_file())


def compare(kind, left, right):
    if left == right:
        print(f"  {kind}: {len(left)} the same")
        return True
    missing, extra = sorted(set(left) - set(right)), sorted(set(right) - set(left))
    print(f"  {kind}: {len(missing)} only in the undisturbed home, {len(extra)} only in the killed one")
    for sign, lines in [("-", missing), ("+", extra)]:
        for line in lines[:5]:
            print(f"    {sign} {line[:400]}")
    return False


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--dataset")
    parser.add_argument("--until", default="2024-12-28")
    arguments = parser.parse_args()
    options = ["--until", arguments.until] + (["--dataset", arguments.dataset] if arguments.dataset else [])
    chance = random.Random(arguments.seed)

    with tempfile.TemporaryDirectory() as folder:
        calm, killed = f"{folder}/calm", f"{folder}/killed"
        began = time.monotonic()
        calm_output = finish(start(arguments.program, calm, options), calm)
        whole = time.monotonic() - began
        print(f"undisturbed: {whole:.1f} s, content {last_content(calm_output)[:16]}")

        kills = 0
        while kills < arguments.kills:
            process = start(arguments.program, killed, options)
            # Short enough that so many starts do not reach the end.
            wait = chance.uniform(0.02, 1.6 * whole / arguments.kills)
            try:
                process.wait(wait)
                print(f"the end was reached after {kills} kills; choose a later --until")
                return 1
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                process.wait()
                kills += 1
        killed_output = finish(start(arguments.program, killed, options), killed)
        print(f"killed {kills} times, then to the end: content {last_content(killed_output)[:16]}")

        same = [
            compare("rows", rows(calm), rows(killed)),
            compare("artefact files", files(calm), files(killed)),
            compare("last version", [last_content(calm_output)], [last_content(killed_output)]),
        ]
    print("kill -9: passed" if all(same) else "kill -9: FAILED")
    return 0 if all(same) else 1


if __name__ == "__main__":
    sys.exit(main())
