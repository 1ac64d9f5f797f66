"""A virtual environment with MLflow in it, and the servers to try it on: mlstack and MLflow's own."""

import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager

ENVIRONMENT = pathlib.Path(__file__).resolve().parent.parent.parent / ".build" / "mlflow-venv"
PYTHON = ENVIRONMENT / "bin" / "python"
VERSION = "3.17.2"
# Nothing may be told to anybody outside.
QUIET = {"MLFLOW_DISABLE_TELEMETRY": "true", "DO_NOT_TRACK": "true"}


def install(version=VERSION):
    wanted = f"mlflow=={version} scikit-learn numpy"
    mark = ENVIRONMENT / "complete"
    if mark.exists() and mark.read_text() == wanted:
        return
    print(f"installing {wanted} in {ENVIRONMENT}", flush=True)
    subprocess.run([sys.executable, "-m", "venv", "--clear", ENVIRONMENT], check=True)
    subprocess.run([PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *wanted.split()], check=True)
    mark.write_text(wanted)


def asked(url, **more):
    with urllib.request.urlopen(urllib.request.Request(url, **more), timeout=30) as answer:
        return answer.read().decode()


@contextmanager
def mlstack(program, *options):
    """A fresh mlstack: its process and its address. It is stopped and its home removed at the end."""
    scratch = pathlib.Path(tempfile.mkdtemp(prefix="mlstack-mlflow-"))
    with open(scratch / "log", "w") as log:
        process = subprocess.Popen(
            [program, "up", "--home", scratch / "home", "--port", "0", "--quiet", *options], stdout=log, stderr=subprocess.STDOUT)
    try:
        while process.poll() is None:
            if found := re.search(r"pages +(http://127\.0\.0\.1:\d+)/", (scratch / "log").read_text()):
                yield process, found.group(1)
                return
            time.sleep(0.01)
        sys.exit(f"the stack did not start:\n{(scratch / 'log').read_text()[-2000:]}")
    finally:
        ended(process)
        shutil.rmtree(scratch, ignore_errors=True)


@contextmanager
def mlflow_server():
    """MLflow's own server on its default SQLite, one worker: its process, its address and how long it took to start."""
    scratch = pathlib.Path(tempfile.mkdtemp(prefix="mlflow-server-"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    began, url = time.perf_counter(), f"http://127.0.0.1:{port}"
    command = [
        PYTHON, "-m", "mlflow", "server", "--workers", "1", "--host", "127.0.0.1", "--port", str(port),
        "--backend-store-uri", f"sqlite:///{scratch}/mlflow.db", "--artifacts-destination", scratch / "artifacts"]
    with open(scratch / "log", "w") as log:
        process = subprocess.Popen(
            command, stdout=log, stderr=subprocess.STDOUT, cwd=scratch, env={**os.environ, **QUIET}, start_new_session=True)
    try:
        while process.poll() is None and time.perf_counter() - began < 300:
            try:
                if asked(f"{url}/health") == "OK":
                    yield process, url, time.perf_counter() - began, scratch
                    return
            except OSError:
                time.sleep(0.05)
        sys.exit(f"MLflow's server did not start:\n{(scratch / 'log').read_text()[-3000:]}")
    finally:
        ended(process, group=True)
        shutil.rmtree(scratch, ignore_errors=True)


def ended(process, group=False):
    """Stops it and, of a group of its own, all of that group."""
    for how in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, how) if group else process.send_signal(how)
            process.wait(timeout=20)
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue
        if not group:
            return


def replayed(program, url, days):
    """Lets so many simulated days go by."""
    subprocess.run([program, "replay", "step", str(days), "--url", url], check=True, stdout=subprocess.DEVNULL)
    before = time.monotonic()
    while time.monotonic() - before < 600:
        replay = json.loads(asked(f"{url}/api/v1/status"))["replay"]
        if replay["day"] >= days and replay["state"] in ("paused", "finished"):
            return
        time.sleep(0.1)
    sys.exit(f"{days} simulated days did not end: {replay}")
