"""Come for the first time: the tour along the story, then another language and the dark, by hand and for good."""

from page import Page


def walk(page, stack):
    stack.days(1)
    new = Page(page.browser, stack.url, toured=False)
    new.goes("/")
    new.sees("Step 1 of 5", "Data arrive")
    for step, path in ((2, "/"), (3, "/"), (4, "/models"), (5, "/recommend")):
        new.click("Next", "button")
        new.sees(f"Step {step} of 5")
        new.arrives(path)
        new.settles()
        if not new.js("!!document.activeElement.closest('.tour')"):
            new.problems.append(f"at step {step} the focus has left the tour: {new.focused}")
    new.click("Done", "button")
    new.sees_no("Step 5 of 5")
    new.goes("/")
    new.sees("The day's pipeline")
    new.sees_no("Step 1 of 5")

    new.click("Dark", "radio", exact=True)
    new.until(lambda: is_dark(new), "the dark")
    new.chooses("Language", "한국어")
    new.until(lambda: new.js("document.documentElement.lang") == "ko", "Korean")
    new.settles()
    new.sees("파이프라인")
    new.goes("/data")
    if not is_dark(new) or new.js("document.documentElement.lang") != "ko":
        new.problems.append("the theme or the language was forgotten")
    new.is_well()
    new.close()


def is_dark(page):
    return page.js("getComputedStyle(document.body).colorScheme") == "dark"
