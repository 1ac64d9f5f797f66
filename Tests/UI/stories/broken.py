"""Read the errors of a broken pipeline file at their places, mend it, and see it run."""

BROKEN = """\
pipeline: prices
description: Loads what shops ask
tasks:
  fetch: {run: echo fetched}
  load: {needs: [fetsh], run: echo loaded}
  tell: {needs: [load], uses: notfy, with: {message: done}}
"""


def walk(page, stack):
    stack.write("prices", BROKEN)
    page.goes("/pipelines")
    page.sees("with errors in the file", "cannot run until its file is right", "fetsh")
    page.click("prices", "link", exact=True)
    page.sees("The file has errors; it cannot run until it is right.", "fetsh", "Did you mean fetch?", "notfy")
    below = "document.querySelector('#line-5')?.nextElementSibling?.innerText ?? ''"
    page.until(lambda: "fetsh" in page.js(below), "the error to stand below its line")
    # Once it is right the page says so by itself.
    stack.write("prices", BROKEN.replace("fetsh", "fetch").replace("notfy", "notify"))
    page.sees_no("The file has errors")
    page.click("Run now", "button")
    page.click("Run now", "button", exact=True)
    page.arrives("/runs/")
    page.sees("Succeeded")
