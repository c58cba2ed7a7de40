"""Pictures of every view of the page, for the docs: light and dark, wide and narrow.

    python tools/pictures.py [--views check integrity]

Starts a service of its own with a few texts that are this project's, and writes
`docs/pictures/VIEW-SCHEME-WIDTH.png`, in 256 colours so that the repository stays small.
Needs Chromium and the extras `dev` and `serve`.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from contextlib import AbstractContextManager
from io import BytesIO
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from browser import browser, opened_at, page_of  # noqa: E402
from PIL import Image  # noqa: E402
from serving import WITHOUT_LIMITS, Service, ask, service  # noqa: E402

if TYPE_CHECKING:
    from playwright.sync_api import Page

PICTURES, COLOURS = ROOT / "docs" / "pictures", 256
SAMPLE = (ROOT / "docs" / "samples" / "notes.txt").read_text("utf-8")
OLDER = SAMPLE.replace("Nothing to do.", "There was nothing to do, so I counted them.")
SCHEMES, WIDTHS, HEIGHT = ("light", "dark"), (1280, 390), 900
VIEWS = {
    "check": ".sentence",
    "integrity": ".pair blockquote",
    "pages": "canvas",
    "cohort": "table.matrix",
    "history": "tbody th",
    "versions": "table.versions",
    "library": "tbody th",
    "trail": ".growth",
    "settings": ".settings .card",
    "account": "h1",
    "login": "h1",
    "detector": "table",
}
"""Each view, and what stands there once it is whole."""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--views", nargs="*", default=list(VIEWS), choices=list(VIEWS))
    wanted = parser.parse_args().views
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, browser() as opened, lab_in(Path(folder)) as lab:
        entries, base = filled(lab), f"http://127.0.0.1:{lab.port}"
        for scheme, width in product(SCHEMES, WIDTHS):
            given = {"viewport": {"width": width, "height": HEIGHT}, "color_scheme": scheme}
            with page_of(opened, base, **given) as page:
                drawn(page, wanted, entries, Path(folder), f"{scheme}-{width}")


def lab_in(folder: Path) -> AbstractContextManager[Service]:
    return service(folder / "lab", **WITHOUT_LIMITS)


def filled(lab: Service) -> tuple[int, int]:
    """Something for every view to show; the numbers of two kept versions."""
    sources = [
        {"text": SAMPLE[900:1700], "title": "Energy, a primer", "date": "2024-05-01"},
        {"text": f"{SAMPLE[:400]} And more.", "title": "Diary of a Wednesday"},
    ]
    ask(lab.port, "POST", "/v1/library", {"sources": sources})
    draft = "3f0f8b1e-6f0a-4a2e-9a57-3a4a1c0d2b10"
    for end in (300, 900, 800, 1500, len(SAMPLE)):
        time.sleep(1)
        ask(lab.port, "POST", f"/v1/trails/{draft}", {"text": SAMPLE[:end], "title": "Notes"})
    kept = [
        ask(lab.port, "POST", "/v1/documents", {"text": text, "title": "Notes"}).json["entry"]
        for text in (OLDER, SAMPLE)
    ]
    return kept[0], kept[1]


def drawn(page: Page, wanted: list[str], entries: tuple[int, int], folder: Path, name: str) -> None:
    opened_at(page, f"check/entry/{entries[1]}")
    page.wait_for_selector("lab-result .verdict")
    for view in wanted:
        shown(page, view, entries, folder)
        page.wait_for_selector(VIEWS[view])
        page.wait_for_load_state("networkidle")
        picture = Image.open(BytesIO(page.screenshot())).convert("RGB")
        picture.quantize(COLOURS).save(PICTURES / f"{view}-{name}.png", optimize=True)


def shown(page: Page, view: str, entries: tuple[int, int], folder: Path) -> None:
    """Go to a view, and do there what brings something to look at."""
    address = f"versions/{entries[0]}/{entries[1]}" if view == "versions" else view
    page.evaluate("address => { location.hash = `#/${address}`; }", address)
    page.wait_for_selector(f".view.{view} h1")
    acts = {"check": picked, "integrity": paired, "cohort": compared, "pages": paged, "trail": chained}
    if view in acts:
        acts[view](page, folder)


def picked(page: Page, _folder: Path) -> None:
    page.wait_for_selector("lab-result .verdict")
    page.evaluate("() => document.querySelector('lab-result').pick(9)")
    page.evaluate("() => window.scrollTo(0, 0)")


def paired(page: Page, _folder: Path) -> None:
    page.locator(".m[role=button]").first.press("Enter")
    page.wait_for_selector(".pair blockquote")
    page.evaluate("() => window.scrollTo(0, 0)")


def compared(page: Page, folder: Path) -> None:
    texts = {
        "anna": SAMPLE,
        "ben": f"{SAMPLE[:600]} I did it my way.",
        "cleo": SAMPLE[500:1500],
        "dora": "My own words.",
    }
    files = [folder / f"{name}.txt" for name in texts]
    for file, text in zip(files, texts.values(), strict=True):
        file.write_text(text)
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose files").click()
    chooser.value.set_files(files)


def paged(page: Page, folder: Path) -> None:
    """This project's own sample, printed by the browser."""
    file = folder / "notes.pdf"
    if not file.exists():
        sheet = page.context.new_page()
        sheet.set_content("<title>Notes</title><article></article>")
        sheet.evaluate("text => { document.querySelector('article').innerText = text; }", SAMPLE)
        file.write_bytes(sheet.pdf(format="A5"))
        sheet.close()
    with page.expect_file_chooser() as chooser:
        page.locator(".view.pages button").first.click()
    chooser.value.set_files(file)


def chained(page: Page, _folder: Path) -> None:
    page.get_by_role("button", name="Notes", exact=True).click()


if __name__ == "__main__":
    main()
