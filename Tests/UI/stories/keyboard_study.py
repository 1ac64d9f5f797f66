"""By keyboard alone, a study: the errors of a file, a run with params, its failed task's log, two runs compared."""

from keyboard import palette, shown, tab_to

PIPELINE = """\
pipeline: measure
params:
  times: {{type: int, default: 1, min: 1, max: 5}}
tasks:
  try: {{run: "echo ${{params.times}} tries; echo 'error: it never works' >&2; exit 1"}}
  tell: {{needs: [{needs}], run: echo done}}
"""


def walk(page, stack):
    stack.track("tuning", "small", {"factors": "16"}, {"ndcg": [0.1, 0.125]})
    stack.track("tuning", "large", {"factors": "64"}, {"ndcg": [0.1, 0.1625]})
    stack.write("measure", PIPELINE.format(needs="tri"))
    page.goes("/")

    # A link of the list leads to the error's line.
    page.press("g", "p")
    page.sees("cannot run until its file is right")
    tab_to(page, "measure.yaml:6", role="link")
    page.press("Enter")
    page.arrives("line=6")
    page.sees("Did you mean try?")
    stack.write("measure", PIPELINE.format(needs="try"))
    page.sees_no("The file has errors")

    palette(page, "measure")
    tab_to(page, "Run with params", role="link")
    page.press("Enter")
    tab_to(page, "times", role="textbox")
    page.press("Backspace")
    page.write("3")
    page.press("Enter")
    page.arrives("/runs/")
    page.sees("try failed", "times = 3", "3 tries")

    # In the grid arrow keys go from square to square.
    palette(page, "measure")
    page.arrives("/pipelines/measure")
    tab_to(page, "by hand", role="link")
    page.press("ArrowRight")
    shown(page, "try, by hand")
    page.press("ArrowRight")
    shown(page, "tell, by hand")
    page.press("ArrowLeft", "Enter")
    page.arrives("task=try")
    tab_to(page, "Log of attempt 1", role="region")
    page.sees("error: it never works")

    palette(page, "Experiments")
    page.arrives("/experiments")
    tab_to(page, "tuning", role="link")
    page.press("Enter")
    tab_to(page, "Choose small", role="checkbox", most=120)
    page.press("Space")
    tab_to(page, "Choose large", role="checkbox", most=120)
    page.press("Space")
    tab_to(page, "Compare", most=120)
    page.press("Enter")
    page.arrives("/compare")
    page.sees("0.1250", "0.1625")
