"""Read without JavaScript: each page says where its plain form is, and that tells the same."""

import time


def walk(page, stack):
    stack.days(1)
    page.call("Emulation.setScriptExecutionDisabled", value=True)
    go = lambda path: page.call("Page.navigate", url=stack.url + path)
    go("/models/movies")
    follow(page, "plain pages", "Today", exact=False)
    for name in ("Pipelines", "Experiments", "Models", "Recommend", "Data", "System"):
        follow(page, name, name)
    follow(page, "Models", "Models")
    follow(page, "movies", "movies")
    # Modules that the shell names are not fetched where no script may run.
    page.problems = [problem for problem in page.problems if "/js/" not in problem]
    page.call("Emulation.setScriptExecutionDisabled", value=False)
    page.goes("/plain/models/movies")
    page.sees("production", "Archived")


def follow(page, link, name, exact=True):
    """A browser takes no press before it has painted a page, and there is no script to tell when it has: it is pressed again then."""
    arrived = lambda: page.found(name, ("heading",), True)

    def press():
        page.click(link, "link", exact=exact)
        before = time.monotonic()
        while not arrived() and time.monotonic() - before < 1:
            page.browser.hear(0.03)
        return arrived()

    page.until(press, f"{name!r} behind the link {link!r}")
