"""Find a failed task, read in its log why, mend the cause, clear it and see it succeed."""

PIPELINE = """\
pipeline: nightly
description: Needs a file that is not there yet
tasks:
  fetch:
    run: |
      echo "looking for prices"
      test -e {wanted} || {{ echo "error: prices.csv is not there" >&2; exit 3; }}
      echo "found"
  load: {{needs: [fetch], run: echo loaded}}
"""


def walk(page, stack):
    wanted = stack.home / "prices.csv"
    stack.write("nightly", PIPELINE.format(wanted=wanted))
    run = stack.run("nightly")
    page.goes("/pipelines")
    page.sees("1 failed last")
    # Its square says what it leads to.
    page.click("by hand", "link")
    page.arrives(run["id"])
    page.sees("fetch failed", "error: prices.csv is not there", "log line", "looking for prices")
    page.until(lambda: page.js("document.querySelector('.matters')?.textContent ?? ''").find("prices.csv is not there") > 0, "the line that matters to be marked")

    wanted.write_text("price\n")
    page.click("Clear what failed", "button")
    page.sees("The results of 2 tasks are forgotten: fetch, load.")
    page.click("Clear", "button", exact=True)
    page.sees("Succeeded")
    page.click("fetch", "link")
    page.sees("attempt 2", "found")
    page.click("attempt 1", "link")
    page.sees("error: prices.csv is not there")
