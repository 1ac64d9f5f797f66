"""By keyboard alone, a day: step the clock, run, clear, promote, be a person; at each step one sees where one is."""

from keyboard import palette, shown, tab_to

FLAKY = """\
pipeline: flaky
tasks:
  try: {run: "test -e $MLSTACK_RUN_DIR/../../never || { echo 'error: it never works' >&2; exit 1; }"}
"""


def walk(page, stack):
    stack.days(2)
    latest = stack.ask("/api/v1/serving")["model"]["version"]
    stack.write("flaky", FLAKY)
    stack.listed("flaky")
    page.goes("/")

    # Past the menu, then the clock: a day more.
    page.press("Tab")
    shown(page, "Skip to the content")
    page.press("Enter")
    page.named("Step one day", ("button",))
    day = stack.ask("/api/v1/replay")["day"]
    tab_to(page, "Step one day")
    page.press("Enter")
    page.sees(f"day {day + 1} of", patience=60)
    stack.until(lambda: stack.ask("/api/v1/replay")["state"] == "paused", "the day to end")

    # Anywhere by a few letters: a pipeline, and a run of it.
    palette(page, "flaky")
    page.arrives("/pipelines/flaky")
    tab_to(page, "Run now")
    page.press("Enter")
    page.sees("Run flaky now?")
    tab_to(page, "Run now")
    page.press("Enter")
    page.arrives("/runs/")
    page.sees("try failed", "error: it never works")
    tab_to(page, "Clear what failed")
    page.press("Space")
    page.sees("The result of try is forgotten.")
    page.press("Escape")
    page.until(lambda: page.focused[1] == "Clear what failed", "the focus to be back where it was")

    # A model, and which of its versions answers.
    palette(page, "movies")
    page.arrives("/models/movies")
    tab_to(page, "Promote version 1", most=120)
    page.press("Enter")
    tab_to(page, "Promote version 1")
    page.press("Enter")
    stack.until(lambda: stack.ask("/api/v1/serving")["model"]["version"] == 1 != latest, "version 1 to answer")
    page.until(lambda: not page.js("!!document.querySelector('dialog[open]')"), "the question to be gone")

    # A person: arrow keys choose among stars.
    palette(page, "Be a person")
    page.arrives("/recommend/you")
    tab_to(page, "Find")
    tab_to(page, "1 star", role="radio")
    page.press("ArrowRight", "ArrowRight", "ArrowRight")
    shown(page, "4 stars")
    page.sees("Your ratings (1)")

    # The letters, and the list of them.
    page.js("document.activeElement.blur()")
    page.press("g", "d")
    page.arrives("/data")
    page.press("?")
    page.sees("Go anywhere, or tell the clock")
    page.press("Escape")
    page.press("g", "t")
    page.until(lambda: page.path == "/", "Today")
