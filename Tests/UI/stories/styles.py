"""Walk through all pages in one tab: afterwards each looks as it does when it is opened by its address."""

PAGES = ("Pipelines", "Experiments", "Models", "Recommend", "Data", "System", "Today")
# Where every element of the page is, and how large; what the clock or the machine tells may differ from visit to visit.
BOXES = """(selector) => [...document.querySelectorAll(selector)].filter((node) => node.checkVisibility()).map((node) => {
    const { left, width, height } = node.getBoundingClientRect();
    const { color, fontWeight, display, margin, padding, borderRadius, overflow } = getComputedStyle(node);
    return [node.className?.baseVal ?? node.className, left, width, height, color, fontWeight, display, margin, padding, borderRadius, overflow].join(" ");
})"""


def boxes(page, selector):
    page.settles()
    return page.js(f"({BOXES})({selector!r})")


def follow(page, path):
    """As a link anywhere would be."""
    page.js(f"(() => {{ const link = document.createElement('a'); link.href = {path!r}; document.body.append(link); link.click(); link.remove(); }})()")
    page.arrives(path)


def walk(page, stack):
    experiment, first = stack.track("tuning", "small", {"factors": "16"}, {"ndcg": [0.1, 0.12, 0.125]})
    _, second = stack.track("tuning", "large", {"factors": "64"}, {"ndcg": [0.1, 0.15, 0.1625]})
    stack.days(1)
    checks = {
        f"/experiments/{experiment}": ".bar, .bar > *, .views, .page-head",
        f"/experiments/{experiment}/compare?runs={first},{second}": ".sides, .sides th, .sides td, .picture h3 > *",
        f"/experiments/{experiment}/runs/{first}": ".run-facts, .run-facts dt, .run-facts dd, .story",
        "/data": ".legend, .legend *, .pairs dt, .pairs dd, .views",
        "/pipelines": ".pipeline .name, .pipeline .what, .squares",
        "/system": "h2, .figures dt, th",
    }
    direct = {}
    for path, selector in checks.items():
        page.goes(path)
        direct[path] = boxes(page, selector)
        if not direct[path]:
            page.problems.append(f"nothing on {path} is {selector}")

    page.goes("/")
    for name in PAGES:
        page.click(name, "link", exact=True)
        page.until(lambda: page.js("document.querySelector('#pages [aria-current]')?.textContent") == name, f"{name} to be marked in the menu")
        page.settles()
    for path, selector in checks.items():
        follow(page, path)
        later = boxes(page, selector)
        for before, after in zip(direct[path], later):
            if before != after:
                page.problems.append(f"{path} after a walk: {after}; opened directly: {before}")
        if len(later) != len(direct[path]):
            page.problems.append(f"{path} after a walk has {len(later)} of {selector}; opened directly {len(direct[path])}")

    # Of an address that names nothing there is nothing to be seen but that it does.
    for path in ("/data/nowhere", "/models/movies/nowhere", "/nowhere"):
        follow(page, "/system")
        page.sees("The program")
        if path == "/nowhere":
            page.js(f"history.pushState(null, '', {path!r}); dispatchEvent(new PopStateEvent('popstate'))")
        else:
            follow(page, path)
        page.sees("nowhere", "Choose one from the menu.")
        page.until(lambda: page.js("document.title").startswith("There is no") or page.js("document.title").startswith("A model has no view"), f"the title of {path} to say so")
        if page.js("[...document.querySelectorAll('.page')].some((node) => node.checkVisibility())"):
            page.problems.append(f"something is shown at {path}")
