"""What keys alone can do; each step of Tab must show where one is."""

from browser import Failed


def palette(page, words):
    page.press("Ctrl+k")
    page.until(lambda: page.focused[0] == "combobox", "the palette to have the focus")
    page.write(words)
    page.until(lambda: words.lower() in page.js("document.querySelector('.palette [aria-selected=true]')?.innerText.toLowerCase() ?? ''"), f"{words!r} in the palette")
    page.press("Enter")
    page.until(lambda: not page.js("!!document.querySelector('.palette[open]')"), "the palette to be gone")
    page.settles()


def tab_to(page, name, role=None, most=60):
    """Goes on by Tab until something is called so, and looks at each step whether one sees where one is."""
    passed = []
    for _ in range(most):
        page.press("Tab")
        at = page.focused
        page.until(lambda: page.js("Focus.isShown()"), f"a mark on what has the focus: {at} on {page.path}", patience=2)
        if at[1].startswith(name) and role in (None, at[0]):
            return
        passed.append(f"{at[0]} {at[1]!r}")
    raise Failed(f"{most} times Tab do not reach {name!r} on {page.path}, but {', '.join(passed)}")


def shown(page, name):
    page.until(lambda: page.focused[1].startswith(name), lambda: f"the focus on {name!r}; it is on {page.focused}")
    page.until(lambda: page.js("Focus.isShown()"), f"a mark on {name!r}", patience=2)
