"""A page as a person has it: what is to be seen and pressed is named by its role and accessible name."""

import base64
import json
import time
import urllib.parse

from browser import PATIENCE, Failed, Unanswered, script

KEYS = {
    "Tab": 9, "Enter": 13, "Escape": 27, "Space": 32, "PageUp": 33, "PageDown": 34, "End": 35, "Home": 36, "ArrowLeft": 37, "ArrowUp": 38,
    "ArrowRight": 39, "ArrowDown": 40, "Backspace": 8}
TEXTS = {"Enter": "\r", "Space": " "}
MODIFIERS = {"Alt": 1, "Ctrl": 2, "Shift": 8}
PRESSABLE = ("button", "link", "switch", "radio", "checkbox", "option", "menuitem", "DisclosureTriangle", "combobox", "textbox")

IS_HIT = """function (x, y) {
    const top = document.elementFromPoint(x, y);
    return !!top && (this.contains(top) || top.contains(this) || [...(this.labels ?? [])].some((label) => label.contains(top)));
}"""


class Page:
    """A tab of its own, with storage of its own. Whatever goes wrong in it is kept in `problems`."""

    def __init__(self, browser, url, toured=True, context=None):
        self.browser, self.url, self.host = browser, url, urllib.parse.urlsplit(url).netloc
        self.problems, self.expected, self.waiting, self.loaded = [], [], {}, False
        target = browser.call("Target.createTarget", url="about:blank", browserContextId=context or browser.context())["targetId"]
        self.target, self.session = target, browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        browser.tabs[self.session] = self
        for domain in ("Page", "Runtime", "Log", "Network", "Audits", "DOM", "Accessibility"):
            self.call(f"{domain}.enable")
        # Each page has the keyboard as if it were in front.
        self.call("Emulation.setFocusEmulationEnabled", enabled=True)
        self.before(script("watch.js"))
        if toured:
            self.remember("tour", "done")
        self.view(1280)

    # What happens in it.

    def call(self, method, **parameters):
        return self.browser.call(method, self.session, **parameters)

    def heard(self, method, event):
        if method == "Network.requestWillBeSent":
            url = urllib.parse.urlsplit(event["request"]["url"])
            if url.scheme not in ("data", "blob") and url.netloc != self.host:
                self.problems.append(f"asked another host: {event['request']['url'][:200]}")
            if event.get("type") != "EventSource" and "follow=true" not in url.query:
                self.waiting[event["requestId"]] = event["request"]["url"]
        elif method in ("Network.loadingFinished", "Network.loadingFailed"):
            url = self.waiting.pop(event["requestId"], None)
            if method.endswith("Failed") and not event.get("canceled"):
                self.problems.append(f"a request failed ({event.get('errorText')} {event.get('blockedReason', '')}): {url}")
        elif method == "Page.frameNavigated" and "parentId" not in event["frame"]:
            # What the document before still waited for is nobody's concern any more.
            self.waiting.clear()
        elif method == "Network.responseReceived":
            status, path = event["response"]["status"], event["response"]["url"].split(self.host)[-1]
            if status >= 400 and not self.is_expected(status, path):
                self.problems.append(f"{status} from {path}")
        elif method == "Runtime.exceptionThrown":
            details = event["exceptionDetails"]
            self.problems.append(f"an exception: {details.get('exception', {}).get('description', details['text'])}")
        elif method == "Runtime.consoleAPICalled" and event["type"] in ("error", "warning", "assert"):
            self.problems.append(f"console {event['type']}: {[each.get('value', each.get('description')) for each in event['args']]}")
        elif method == "Log.entryAdded" and event["entry"]["level"] in ("error", "warning"):
            entry = event["entry"]
            # Each refusal is told here, too, without its status; those of the network were judged above.
            if entry["source"] != "network":
                self.problems.append(f"log {entry['level']}: {entry['text']} {entry.get('url', '')}")
        elif method == "Audits.issueAdded" and event["issue"]["code"] == "ContentSecurityPolicyIssue":
            self.problems.append(f"the content security policy was violated: {json.dumps(event['issue']['details'])[:300]}")
        elif method == "Page.javascriptDialogOpening":
            self.problems.append(f"a script of a name ran: {event['type']}({event['message']})")
            self.call("Page.handleJavaScriptDialog", accept=True)

    def is_expected(self, status, path):
        return any(status == one and part in path for one, part in self.expected)

    def expects(self, status, part):
        """A refusal that belongs to the story."""
        self.expected.append((status, part))

    def close(self):
        self.browser.call("Target.closeTarget", targetId=self.target)
        self.browser.tabs.pop(self.session, None)

    # Where it is and how it looks.

    def before(self, source):
        """Runs in every document before anything of its own."""
        self.call("Page.addScriptToEvaluateOnNewDocument", source=source)

    def remember(self, key, value):
        self.before(f"try {{ localStorage.setItem({json.dumps(key)}, {json.dumps(value)}) }} catch {{}}")

    def view(self, width, height=900, theme="light"):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        # Without motion nothing is measured half way.
        features = [{"name": "prefers-color-scheme", "value": theme}, {"name": "prefers-reduced-motion", "value": "reduce"}]
        self.call("Emulation.setEmulatedMedia", features=features)

    def goes(self, path):
        self.waiting.clear()
        self.call("Page.navigate", url=self.url + path)
        self.settles()

    def settles(self):
        """Until everything that was asked for is there and drawn."""
        calm = 0

        def is_calm():
            nonlocal calm
            is_drawn = self.js("document.readyState === 'complete' && !!document.querySelector('h1') && Drawn.isCalm()")
            calm = calm + 1 if is_drawn and not self.waiting else 0
            return calm > 2

        self.until(is_calm, lambda: f"{self.path} to be there; it waits for {list(self.waiting.values())}")

    @property
    def path(self):
        return self.js("location.pathname + location.search")

    def arrives(self, part):
        self.until(lambda: part in urllib.parse.unquote(self.path), lambda: f"the address to hold {part!r}; it is {self.path}")

    def js(self, expression):
        answer = self.call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in answer:
            details = answer["exceptionDetails"]
            raise Unanswered(f"{expression[:80]}: {details.get('exception', {}).get('description', details['text'])}")
        return answer["result"].get("value")

    def until(self, condition, what, patience=PATIENCE):
        before, last = time.monotonic(), None
        while True:
            try:
                if value := condition():
                    return value
            except Unanswered as failure:
                # A document that is just being left, or not yet there, cannot be asked.
                last = failure
            if time.monotonic() - before > patience:
                raise Failed(f"waited {patience} s for {what() if callable(what) else what}{f' ({last})' if last else ''}")
            self.browser.hear(0.03)

    def picture(self, path):
        data = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=True)["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(data))

    # What a person sees.

    @property
    def text(self):
        return self.js("Drawn.text()")

    def sees(self, *texts, patience=PATIENCE):
        for text in texts:
            self.until(lambda: text in self.text, lambda: f"{text!r} to be seen on {self.path}; there is:\n{self.text[:3000]}", patience)

    def sees_no(self, text):
        self.until(lambda: text not in self.text, lambda: f"{text!r} to be gone from {self.path}")

    # What a person names: by role and accessible name, as a screen reader knows them.

    def tree(self):
        for node in self.call("Accessibility.getFullAXTree")["nodes"]:
            if not node.get("ignored"):
                yield node

    def found(self, name, roles=PRESSABLE, exact=False):
        """The element's node in the DOM; a name that is the same comes before one that begins so, and that before one that holds it."""
        def rank(node):
            said = " ".join(node.get("name", {}).get("value", "").split())
            role = node.get("role", {}).get("value")
            is_off = any(each["name"] == "disabled" and each["value"].get("value") for each in node.get("properties", []))
            if role not in roles or is_off or "backendDOMNodeId" not in node:
                return None
            return 0 if said == name else None if exact else 1 if said.startswith(name) else 2 if name in said else None

        ranked = [(rank(node), order, node.get("backendDOMNodeId")) for order, node in enumerate(self.tree())]
        return min((each for each in ranked if each[0] is not None), default=(None, None, None))[2]

    def named(self, name, roles=PRESSABLE, exact=False):
        missing = lambda: f"{name!r} ({', '.join(roles[:3])}) on {self.path}; there are: {', '.join(self.names(roles))[:2000]}"
        return self.until(lambda: self.found(name, roles, exact), missing)

    def names(self, roles=PRESSABLE):
        return [f"{node['role']['value']} {node.get('name', {}).get('value', '')!r}" for node in self.tree() if node.get("role", {}).get("value") in roles]

    def has(self, name, roles=PRESSABLE):
        return self.found(name, roles) is not None

    def click(self, name, role=None, exact=False):
        roles = (role,) if role else PRESSABLE

        def press():
            node = self.named(name, roles, exact)
            self.call("DOM.scrollIntoViewIfNeeded", backendNodeId=node)
            quads = self.call("DOM.getContentQuads", backendNodeId=node)["quads"]
            if not quads:
                return False
            x, y = sum(quads[0][0::2]) / 4, sum(quads[0][1::2]) / 4
            element = self.call("DOM.resolveNode", backendNodeId=node)["object"]["objectId"]
            # What lies over it would get the press instead.
            hit = self.call(
                "Runtime.callFunctionOn", objectId=element, returnByValue=True, arguments=[{"value": x}, {"value": y}], functionDeclaration=IS_HIT)
            if not hit["result"]["value"]:
                return False
            for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
                self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="none" if kind == "mouseMoved" else "left", clickCount=1)
            return True

        self.until(press, f"{name!r} to be pressed on {self.path}")

    def types(self, name, text):
        self.call("DOM.focus", backendNodeId=self.named(name, ("textbox", "searchbox", "combobox", "spinbutton")))
        self.js("document.activeElement.select?.()")
        self.write(text)

    def write(self, text):
        """Into what has the focus; an empty text takes out what was there."""
        if text:
            self.call("Input.insertText", text=text)
        else:
            self.press("Backspace")

    def chooses(self, name, option):
        """Of a list that drops down."""
        node = self.named(name, ("combobox", "listbox"))
        element = self.call("DOM.resolveNode", backendNodeId=node)["object"]["objectId"]
        choose = """function (wanted) {
            const option = [...this.options].find(({ text, value }) => text === wanted || value === wanted) ?? [...this.options].find(({ text }) => text.includes(wanted));
            if (!option) return false;
            this.value = option.value;
            for (const type of ["input", "change"]) this.dispatchEvent(new Event(type, { bubbles: true }));
            return true;
        }"""
        asked = lambda: self.call("Runtime.callFunctionOn", objectId=element, functionDeclaration=choose, arguments=[{"value": option}], returnByValue=True)
        self.until(lambda: asked()["result"].get("value"), f"{option!r} among the choices of {name!r}")

    def press(self, *keys):
        """Keys as they are called, with `Ctrl+` before them if need be; of other texts each letter is typed."""
        for combination in keys:
            *held, key = combination.split("+") if len(combination) > 1 else [combination]
            modifiers = sum(MODIFIERS[each] for each in held)
            code = KEYS.get(key, ord(key.upper()[0]))
            text = TEXTS.get(key, key if len(key) == 1 else None) if modifiers in (0, 8) else None
            facts = {"key": " " if key == "Space" else key, "code": key if key in KEYS else f"Key{key.upper()}" if key.isalpha() else "", "windowsVirtualKeyCode": code, "modifiers": modifiers}
            self.call("Input.dispatchKeyEvent", type="keyDown", **facts, **({"text": text} if text else {}))
            self.call("Input.dispatchKeyEvent", type="keyUp", **facts)

    @property
    def focused(self):
        """Role and name of what has the focus."""
        for node in self.tree():
            if any(each["name"] == "focused" and each["value"].get("value") for each in node.get("properties", [])):
                if node["role"]["value"] != "RootWebArea":
                    return node["role"]["value"], node.get("name", {}).get("value", "")
        return None, ""

    def is_well(self):
        """Raises what has gone wrong so far."""
        self.js("new Promise((done) => setTimeout(done))")
        if self.problems:
            raise Failed("; ".join(dict.fromkeys(self.problems)))
