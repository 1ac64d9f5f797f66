"""Promote another version of a model, roll back, and see each time what answers."""


def walk(page, stack):
    stack.days(2)
    answering = lambda: stack.ask("/api/v1/serving")["model"]["version"]
    latest = answering()
    page.goes("/")
    page.click("Models", "link")
    page.arrives("/models")
    page.click("movies", "link")
    page.click("Promote version 1", "button")
    page.sees(f"from version {latest} to version 1", "No request is dropped")
    page.click("Promote version 1", "button", exact=True)
    stack.until(lambda: answering() == 1, "version 1 to answer")
    page.until(lambda: not page.js("!!document.querySelector('dialog[open]')"), "the question to be gone")

    page.click("Roll back", "button")
    page.sees(f"returns to version {latest}", "can be promoted again")
    page.click(f"Roll back to version {latest}", "button")
    stack.until(lambda: answering() == latest, f"version {latest} to answer")
    page.until(lambda: not page.js("!!document.querySelector('dialog[open]')"), "the question to be gone")
    # A question does not outlive the page that asked it.
    page.click("Promote version 1", "button")
    page.sees("No request is dropped")
    page.js("history.back()")
    page.until(lambda: page.path == "/models" and not page.js("!!document.querySelector('dialog[open]')"), "the question to be gone with its page")
    page.click("Today", "link")
    page.sees(f"Version {latest}")
