"""Drives a headless Chromium through its own DevTools protocol, over a pair of pipes: nothing needs to be installed beside it."""

import fcntl
import json
import os
import pathlib
import select
import shutil
import subprocess
import tempfile
import time
from contextlib import contextmanager

PATIENCE = 30


class Failed(Exception):
    """What a story or a check found wrong, in a sentence."""


def program():
    """A browser of this machine, or None."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


class Unanswered(Failed):
    """What the browser, or a page, cannot tell at the moment."""


class Browser:
    """One process of the browser; `tab()` opens pages in it."""

    def __init__(self, path):
        self.folder = tempfile.mkdtemp(prefix="mlstack-browser-")
        # The browser reads from descriptor 3 and writes to 4; its ends are moved out of their way first.
        (asked, self.asking), (self.answers, answering) = os.pipe(), os.pipe()
        ends = [fcntl.fcntl(end, fcntl.F_DUPFD, 50) for end in (asked, answering)]
        os.close(asked), os.close(answering)

        def place():
            os.dup2(ends[0], 3), os.dup2(ends[1], 4)

        # Sandboxes of its own need more than containers allow; only pages of this machine are opened.
        options = [
            "--headless=new", "--remote-debugging-pipe", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-default-apps", "--disable-sync", "--hide-scrollbars", "--lang=en-US",
            "--force-color-profile=srgb", f"--user-data-dir={self.folder}"]
        # A group of its own, so that all of its processes end with it.
        self.process = subprocess.Popen(
            [path, *options, "about:blank"], preexec_fn=place, pass_fds=(3, 4), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, start_new_session=True)
        for end in ends:
            os.close(end)
        self.number, self.unread, self.tabs, self.answered = 0, b"", {}, {}
        self.name = self.call("Browser.getVersion")["product"]

    def call(self, method, session=None, **parameters):
        self.number += 1
        number = self.number
        message = {"id": number, "method": method, "params": parameters, **({"sessionId": session} if session else {})}
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self.asking, data):]
        before = time.monotonic()
        while number not in self.answered:
            if time.monotonic() - before > 2 * PATIENCE:
                raise Failed(f"the browser does not answer {method}")
            self.hear(1)
        answer = self.answered.pop(number)
        if "error" in answer:
            raise Unanswered(f"{method}: {answer['error']['message']}")
        return answer["result"]

    def hear(self, seconds):
        """Takes what the browser says, and waits for it at most so long."""
        if not select.select([self.answers], [], [], seconds)[0]:
            return
        piece = os.read(self.answers, 1 << 20)
        if not piece:
            raise Failed("the browser has ended")
        *messages, self.unread = (self.unread + piece).split(b"\0")
        for message in map(json.loads, messages):
            if "id" in message:
                self.answered[message["id"]] = message
            elif tab := self.tabs.get(message.get("sessionId")):
                tab.heard(message["method"], message["params"])

    def context(self):
        """Cookies and storage of their own, as a private window has."""
        return self.call("Target.createBrowserContext")["browserContextId"]

    def end(self):
        try:
            self.call("Browser.close")
            self.process.wait(timeout=10)
        except (Failed, OSError, subprocess.TimeoutExpired):
            os.killpg(self.process.pid, 9)
            self.process.wait()
        os.close(self.asking), os.close(self.answers)
        shutil.rmtree(self.folder, ignore_errors=True)


@contextmanager
def opened(path):
    browser = Browser(path)
    try:
        yield browser
    finally:
        browser.end()


def script(name):
    return (pathlib.Path(__file__).parent / name).read_text()
