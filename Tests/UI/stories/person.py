"""Be a new person: rate a few films, and get recommendations that say why."""


def walk(page, stack):
    stack.days(1)
    page.goes("/recommend/you")
    page.sees("You have rated nothing yet.", "the films most people like, until you rate some")
    before = picks(page)
    page.click("5 stars", "radio", exact=True)
    page.sees("Your ratings (1)")
    page.types("Find", "nursery")
    page.sees("Return of the Nursery (2021)")
    page.click("4 stars", "radio", exact=True)
    page.sees("Your ratings (2)")
    page.until(lambda: picks(page) not in ("", before), "the list to become one's own")
    page.until(lambda: "because" in page.text.lower(), "a reason beside a film")
    # The same by the command that the page shows.
    page.sees("curl -s")
    # They are remembered by this browser.
    page.goes("/recommend/you")
    page.sees("Your ratings (2)")
    page.click("Start anew", "button")
    page.sees("You have rated nothing yet.")


def picks(page):
    return page.js("document.querySelector('.picks')?.innerText ?? ''")
