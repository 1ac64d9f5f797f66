"""Read without JavaScript: each page says where its plain form is, and that tells the same."""


def walk(page, stack):
    stack.days(1)
    page.call("Emulation.setScriptExecutionDisabled", value=True)
    go = lambda path: page.call("Page.navigate", url=stack.url + path)
    go("/models/movies")
    page.click("plain pages", "link")
    heading(page, "Today")
    for name in ("Pipelines", "Experiments", "Models", "Recommend", "Data", "System"):
        page.click(name, "link", exact=True)
        heading(page, name)
    page.click("Models", "link", exact=True)
    page.click("movies", "link", exact=True)
    heading(page, "movies")
    # Modules that the shell names are not fetched where no script may run.
    page.problems = [problem for problem in page.problems if "/js/" not in problem]
    page.call("Emulation.setScriptExecutionDisabled", value=False)
    page.goes("/plain/models/movies")
    page.sees("production", "Archived")


def heading(page, name):
    page.named(name, ("heading",), exact=True)
