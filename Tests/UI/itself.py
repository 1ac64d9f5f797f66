"""The checks look at themselves: what is made wrong on purpose must be found."""

from access import names, order
from browser import Failed, script
from page import Page
from surroundings import stack

# What a page must not have, and a part of what is then said of it.
WRONG = {
    "<button></button>": "button without a name", "<a href='/' tabindex=3>x</a>": "first in the order of Tab", "<img src='/favicon.svg'>": "an image without alt",
    "<svg width=9 height=9></svg>": "neither named nor hidden", "<h5>deep</h5>": "comes h5", "<h1>second</h1>": "2 headings of the first order",
    "<main>x</main>": "2 main landmarks", "<p class=muted data-style='color: #888; background: #999'>pale</p>": "contrast 1.2",
    "<p data-style='color: oklch(0.8 0.05 250); background: #fff'>pale</p>": "contrast 1.",
    "<p data-style='opacity: 0.4'>faint</p>": "contrast 2.", "<div data-style='width: 3000px'>wide</div>": "pixels wide",
    "<div data-style='display: flex; line-height: 1'><button class=link>ab</button><button class=link>cd</button></div>": "pixels to hit",
    "<button data-style='width: 0.5rem; min-width: 0; padding: 0; overflow-wrap: anywhere'>Copy</button>": "squeezed into",
    "<input type=text>": "textbox without a name", "<div tabindex=0>here</div>": "without a role", "<p aria-describedby=nowhere>x</p>": "which is not there",
    "<div id=content>x</div>": "elements are called #content", "<table><tr><td>x</td></tr></table>": "a table without heads",
    "<div data-style='overflow: auto; height: 2rem'><p data-style='height: 9rem'>x</p></div>": "not by keyboard",
    "<a href='/' data-style='outline: none'>unmarked</a>": "no mark on what has the focus"}


def of_page(page):
    """Does the check find what is wrong?"""
    page.goes("/data")
    page.js(script("audit.js"))
    for html, wanted in WRONG.items():
        # Styles are set one by one: the policy of the pages allows none in their text.
        page.js(f"""(() => {{
            const place = document.body.appendChild(document.createElement("div"));
            place.id = "wrong";
            place.innerHTML = {html!r};
            for (const node of place.querySelectorAll("[data-style]")) node.style.cssText = node.dataset.style;
        }})()""")
        found = [*page.js("Audit.run('en')"), *names(page)]
        if not any(wanted in problem for problem in found):
            page.js("document.body.prepend(document.querySelector('#wrong'))")
            found += order(page)
        if not any(wanted in problem for problem in found):
            yield f"{html} is not found wrong; only {found}"
        page.js("document.querySelector('#wrong').remove()")


# What must not happen on a page, and a part of what is then said of it.
EVENTS = {
    "console.error('oh')": "console error", "setTimeout(() => { throw new Error('oh') })": "an exception", "Promise.reject(new Error('oh'))": "an exception",
    "fetch('/api/v1/pipelines/none')": "404 from", "location = 'http://localhost:1/x'": "another host", "alert(1)": "a script of a name ran",
    "fetch('http://localhost:1/x').catch(() => {})": "content security policy",
    "document.body.append(Object.assign(document.createElement('img'), { src: 'http://localhost:1/x' }))": "content security policy",
    "document.body.append(Object.assign(document.createElement('script'), { textContent: 'x' }))": "content security policy"}


def of_events(page):
    """Is what goes wrong seen?"""
    for event, wanted in EVENTS.items():
        page.goes("/data")
        page.problems.clear()
        # Out of this call, as what a page does by itself.
        page.js(f"void setTimeout(() => {{ {event} }})")
        try:
            page.until(lambda: any(wanted in problem for problem in page.problems), wanted, patience=5)
        except Failed:
            yield f"{event} is not seen; only {page.problems}"


def check(program, chromium, arguments):
    if arguments.names:
        return
    with stack(program) as server:
        page = Page(chromium, server.url)
        yield "pages", list(of_page(page)), "what is wrong on a page is found"
        yield "events", list(of_events(page)), "what goes wrong unseen is heard"
        page.close()
