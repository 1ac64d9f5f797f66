"""Run a pipeline with params: what the form refuses, and what the run prints."""

PIPELINE = """\
pipeline: greet
description: Says good day a few times
params:
  name: {type: string, default: world, help: whom to greet}
  times: {type: int, default: 1, min: 1, max: 5}
tasks:
  say:
    run: for n in $(seq ${params.times}); do echo "good day, ${params.name}"; done
"""


def walk(page, stack):
    stack.write("greet", PIPELINE)
    stack.listed("greet")
    page.goes("/")
    page.click("Pipelines", "link")
    page.sees("Says good day a few times", "no schedule of its own")
    page.click("greet", "link")
    page.sees("It has not run yet.")
    page.click("Run with params", "link")
    page.sees("whom to greet", "1 to 5")

    # What is wrong is told beside the field, before anything is started.
    page.types("times", "9")
    page.click("Run", "button", exact=True)
    page.sees("9 is outside 1 to 5.")
    page.types("times", "3")
    page.types("name", "Ada")
    page.click("Run", "button", exact=True)
    page.arrives("/pipelines/greet/runs/")
    page.sees("Succeeded", "times = 3", "name = Ada")
    page.click("say", "link")
    page.until(lambda: page.text.count("good day, Ada") >= 3, "three lines in the log")
