"""A second opinion on whether everybody can use a page: axe-core, which pip brings into .build at the first use."""

import pathlib
import subprocess
import sys
import zipfile

PLACE = pathlib.Path(__file__).resolve().parent.parent.parent / ".build" / "axe"
# A package that carries axe-core's script within itself.
WANTED = "axe-playwright-python==0.1.8"
ASKED = """axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }).then(({ violations }) =>
    violations.map(({ id, help, nodes }) => `axe, ${id}: ${help}: ${nodes.slice(0, 3).map(({ html }) => html.slice(0, 160)).join(" and ")}${nodes.length > 3 ? ` and ${nodes.length - 3} more` : ""}`))"""


def script():
    file = PLACE / "axe.min.js"
    if not file.exists():
        print(f"fetching {WANTED} into {PLACE}", flush=True)
        subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--disable-pip-version-check", "-d", PLACE, WANTED], check=True)
        with zipfile.ZipFile(next(PLACE.glob("*.whl"))) as wheel:
            file.write_bytes(wheel.read("axe_playwright_python/axe.min.js"))
    return file.read_text()


def opinion(page):
    page.js(script())
    return page.js(ASKED)
