"""What the editor of the page costs: `python benchmarks/editor.py`.

First CodeMirror beside the browser's own editing with the Custom Highlight API, both bare, on
the same text with the same marks, in turns. Then the page itself at a running service. Needs
Chromium.
"""

from __future__ import annotations

import argparse
import mimetypes
import statistics
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from browser import browser  # noqa: E402
from editor_hands import PAGES, high_of, scrolled, typed  # noqa: E402
from editor_page import at_the_service  # noqa: E402

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

VENDOR = ROOT / "src/neural_lab/web/static/vendor/codemirror.js"
HOST = "http://editor.test/"
CANDIDATES = {
    "CodeMirror": ("codemirror.js", "open"),
    "one text node": ("highlights.js", "open"),
    "an element a line": ("highlights.js", "openParagraphs"),
}
TEXTS = {"100,000 characters": (1, False), "on one line": (1, True), "1,000,000 characters": (10, False)}
PLACES = {"start": 0.0, "middle": 0.5, "end": 0.98}
Figures = dict[str, list[float]]

OPEN = """async ([file, name, times, oneLine]) => {
  const [{ clocks, painted, sample }, made] = await Promise.all([import("/common.js"), import(`/${file}`)]);
  const { text, sentences } = sample(times, oneLine);
  document.getElementById("rules").textContent = made.rules().join("\\n");
  let editor;
  const opened = await painted(() => { editor = made[name](document.getElementById("editor"), text); });
  const marked = await painted(() => editor.paint(sentences));
  Object.assign(window, { editor });
  clocks();
  return { opened, marked };
}"""


def main() -> None:
    asked = _arguments()
    with browser() as opened:
        for name, (times, one_line) in TEXTS.items():
            _print(name, _compared(opened, times, one_line, asked.rounds))
        if not asked.bare:
            with tempfile.TemporaryDirectory() as home:
                at_the_service(opened, Path(home))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--bare", action="store_true", help="no service, only the two ways beside each other")
    return parser.parse_args()


def _compared(opened: Browser, times: int, one_line: bool, rounds: int) -> dict[str, Figures]:
    """Milliseconds by candidate and task. In turns, as a busy machine is busy for all of them."""
    found: dict[str, Figures] = {name: defaultdict(list) for name in CANDIDATES}
    for _ in range(rounds):
        for name, how in CANDIDATES.items():
            page = opened.new_page(viewport={"width": 1280, "height": 900})
            page.set_default_timeout(120_000)
            page.route(f"{HOST}**", _served)
            page.goto(f"{HOST}page.html")
            for task, spent in _measured(page, [*how, times, one_line]).items():
                found[name][task] += spent
            page.close()
    return found


def _measured(page: Page, what: list[Any]) -> Figures:
    first = page.evaluate(OPEN, what)
    found = {"open the text": [first["opened"]], "paint all marks": [first["marked"]]}
    for place, share in PLACES.items():
        page.evaluate("(share) => editor.place(share)", share)
        found[f"type, {place}"] = typed(page)
    page.evaluate("() => { editor.scroller.scrollTop = 0; }")
    page.mouse.move(300, 300)
    found["frame while scrolling"] = scrolled(page)
    return found


def _served(route: Route) -> None:
    name = route.request.url.removeprefix(HOST)
    path = VENDOR if name == "vendor.js" else PAGES / name
    kind = mimetypes.guess_type(path.name)[0] or "text/plain"
    if path.is_file():
        route.fulfill(body=path.read_bytes(), content_type=kind)
    else:
        route.fulfill(status=404)


def _print(title: str, found: dict[str, Figures]) -> None:
    """Median and 95th percentile, and how many times as long as CodeMirror's median."""
    table = Table(title=f"{title}, milliseconds: median / 95 % (times CodeMirror's median)")
    table.add_column("")
    for name in found:
        table.add_column(name, justify="right")
    for task, first in found["CodeMirror"].items():
        base = statistics.median(first)
        table.add_row(task, *(_cell(figures[task], base) for figures in found.values()))
    Console(width=120).print(table)


def _cell(spent: list[float], base: float) -> str:
    middle, high = statistics.median(spent), high_of(spent)
    return f"{middle:,.1f} / {high:,.1f} ({middle / base:.1f})"


if __name__ == "__main__":
    main()
