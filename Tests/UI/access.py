"""Every page in both themes and both widths: can everybody use it?"""

import axe
from browser import Failed, script
from furnishing import OPENED, furnish
from page import Page
from surroundings import stack

WIDTHS, THEMES = (1280, 390), ("light", "dark")
TABS = 60
# Of these a screen reader tells the role, so that they have to have a name.
NAMED = {
    "button", "link", "switch", "radio", "checkbox", "option", "combobox", "textbox", "searchbox", "spinbutton", "tab", "slider", "progressbar", "meter",
    "img", "image", "graphics-document", "region", "dialog", "DisclosureTriangle", "listbox", "table", "navigation"}
UNNAMED_WELL = {"table", "navigation"}

def names(page):
    for node in page.tree():
        role, name = node.get("role", {}).get("value"), node.get("name", {}).get("value", "").strip()
        can_focus = any(each["name"] == "focusable" and each["value"].get("value") for each in node.get("properties", []))
        if role in NAMED - UNNAMED_WELL and not name or can_focus and role in ("generic", "none", "StaticText", "GenericContainer"):
            yield f"{role} without a {'role' if role not in NAMED else 'name'}: {tag(page, node)}"


def tag(page, node):
    try:
        found = page.call("DOM.describeNode", backendNodeId=node["backendDOMNodeId"])["node"]
        attributes = " ".join(f'{key}="{value[:60]}"' for key, value in zip(*[iter(found.get("attributes", []))] * 2))
        return f"<{found['nodeName'].lower()} {attributes}>"
    except (Failed, KeyError):
        return "?"


def order(page):
    """Tab by Tab: does the focus go as the page is read, and does one see it?"""
    page.js("Audit.begin()")
    for _ in range(TABS):
        page.press("Tab")
        back = page.js("Audit.follows()")
        if back == "the end":
            return
        if back:
            yield back
        # A live page may have grown above it since the key was pressed.
        if not page.js("Focus.isShown()") and not page.js("document.activeElement.scrollIntoView(), Focus.isShown()"):
            yield f"no mark on what has the focus: {page.js('Audit.focused()')}"


def looked_at(page, path, language, width, act, with_axe):
    page.problems.clear()
    page.goes(path)
    if act:
        act(page)
    page.js(script("audit.js"))
    plain = path.startswith(("/docs", "/plain"))
    if plain:
        page.js("document.querySelectorAll('details').forEach((each) => (each.open = true))")
    # What is written by the server alone is in English.
    found = page.js(f"Audit.run('{'en' if plain else language}')")
    found += names(page)
    if with_axe:
        found += axe.opinion(page)
    if width == WIDTHS[0] and not act:
        found += order(page)
    return found


def check(program, chromium, arguments):
    with stack(program) as server:
        paths = furnish(server)
        experiment = next(path for path in paths if path.startswith("/experiments/"))
        views = [(path, path, None) for path in paths]
        views += [(name, experiment if path == "/experiment" else path, act) for name, (path, act) in OPENED.items()]
        for language in ("en", "ko"):
            page = Page(chromium, server.url)
            page.remember("language", language)
            # In Korean the texts are longer or shorter, the colours the same.
            looks = [(width, theme) for width in WIDTHS for theme in THEMES] if language == "en" else [(390, "dark")]
            for name, path, act in views:
                if arguments.names and not any(each in name for each in arguments.names) or act and language != "en":
                    continue
                problems = {}
                for width, theme in looks:
                    page.view(width, theme=theme)
                    try:
                        found = looked_at(page, path, language, width, act, arguments.axe)
                        page.is_well()
                    except Failed as failure:
                        found = [str(failure)]
                    for problem in dict.fromkeys(found):
                        problems.setdefault(problem, []).append(f"{width} {theme}")
                    if arguments.pictures:
                        page.picture(arguments.pictures / f"{language}{name.replace('/', '-').split('?')[0]}-{width}-{theme}.png")
                texts = [f"{problem} ({', '.join(where)})" for problem, where in problems.items()]
                yield name, texts, f"names, roles, contrast, focus, sizes ({language})"
            page.close()
