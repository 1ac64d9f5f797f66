"""Play and pause the clock, step a day, choose a speed."""

OPTIONS = ("--dataset", "demo", "--paused", "--day-length", "10m")


def walk(page, stack):
    page.goes("/")
    page.sees("paused", "dataset demo")
    page.click("Play", "button")
    is_now(stack, "playing")
    page.click("Pause", "button")
    page.sees("paused")
    page.named("Play", ("button",))
    is_now(stack, "paused")

    page.chooses("Speed", "as fast as possible")
    stack.until(lambda: stack.ask("/api/v1/replay")["day_length_seconds"] == 0, "the speed to be set")
    day = is_now(stack, "paused")["day"]
    page.click("Step one day", "button")
    stack.until(lambda: stack.ask("/api/v1/replay")["day"] == day + 1, "a day to go by")
    # What the day started is told as it goes, and when it has ended.
    page.sees(f"day {day + 1} of", "is now production", patience=120)
    is_now(stack, "paused")
    page.sees("paused", f"Version {stack.ask('/api/v1/serving')['model']['version']}")


def is_now(stack, wanted):
    return stack.until(lambda: (now := stack.ask("/api/v1/replay"))["state"] == wanted and now, f"the clock to be {wanted}")
