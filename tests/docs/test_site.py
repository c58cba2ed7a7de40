"""The site builds without a complaint, is whole, and fetches nothing from anywhere."""

import os
import re
import subprocess
import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from browser import browser, page_of
from helpers import needed
from selectolax.lexbor import LexborHTMLParser

ROOT = Path(__file__).parents[2]
PAGES = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
FETCHING = ("src", "srcset", "data", "poster", "action", "formaction", "background")
LINK = re.compile(r"\]\(([^)#\s]*)#([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built strictly, where nothing can be reached: any connection at all ends the build."""
    needed("mkdocs", "docs")
    needed("material", "docs")
    folder = tmp_path_factory.mktemp("site")
    offline = "import socket, sys\ndef no(*_): raise SystemExit('the build reached for a network')\n"
    start = "socket.socket.connect = no\nfrom mkdocs.__main__ import cli\ncli()\n"
    found = subprocess.run(
        [sys.executable, "-c", offline + start, "build", "--strict", "--site-dir", str(folder)],
        cwd=ROOT, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"}, capture_output=True, text=True,
        timeout=240, check=False,
    )  # fmt: skip
    assert found.returncode == 0, found.stdout + found.stderr
    return folder


def pages(site: Path) -> list[tuple[Path, LexborHTMLParser]]:
    return [(path, LexborHTMLParser(path.read_text("utf-8"))) for path in sorted(site.rglob("*.html"))]


def outside(address: str | None) -> bool:
    return bool(re.match(r"\s*(?:[a-z][a-z0-9+.-]*:)?//", address or "", re.IGNORECASE))


def test_pages_fetch_nothing_from_elsewhere(site: Path) -> None:
    found = []
    for path, tree in pages(site):
        for node in tree.css("*"):
            given = [value for name, value in node.attributes.items() if name in FETCHING]
            given += [node.attributes.get("href")] if node.tag not in ("a", "area") else []
            found += [f"{path.name}: {value}" for value in given if outside(value)]
            assert not re.search(r"url\(\s*['\"]?(?:https?:)?//", node.attributes.get("style") or ""), path
        # The theme's scripts would get these parts from elsewhere.
        assert not tree.css(".mermaid, [data-md-component=source]"), path
    assert found == []


def test_style_sheets_and_pictures_fetch_nothing_from_elsewhere(site: Path) -> None:
    files = [*site.rglob("*.css"), *site.rglob("*.svg")]
    assert files
    reach = re.compile(r"url\(\s*['\"]?(?:https?:)?//|@import|(?:xlink:)?href=\"(?:https?:)?//")
    assert [path.name for path in files if reach.search(path.read_text("utf-8"))] == []


def test_links_of_the_site_lead_somewhere(site: Path) -> None:
    found = pages(site)
    names = {path: {n.attributes.get("id") for n in tree.css("[id]")} for path, tree in found}
    missing = []
    for path, tree in found:
        for node in tree.css("a[href], link[href], script[src], img[src]"):
            parts = urlsplit(node.attributes.get("href") or node.attributes.get("src") or "")
            if parts.scheme or path.name == "404.html":
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            target = target / "index.html" if target.is_dir() else target
            anchor = unquote(parts.fragment)
            if not target.exists() or (
                anchor and target in names and anchor not in names[target] | {"__skip"}
            ):
                missing.append(f"{path.relative_to(site)}: {parts.geturl()}")
    assert missing == []


def test_every_page_is_in_the_menu(site: Path) -> None:
    menu = LexborHTMLParser((site / "index.html").read_text("utf-8"))
    led = {unquote(urlsplit(node.attributes["href"] or "").path) for node in menu.css("nav.md-nav a[href]")}
    made = {
        path.relative_to(ROOT / "docs").with_suffix(".html").as_posix()
        for path in (ROOT / "docs").rglob("*.md")
    }
    assert sorted(made - led - {"index.html"}) == []


def test_anchors_lead_somewhere_in_the_repository_too() -> None:
    missing = []
    for page in PAGES:
        for target, anchor in LINK.findall(FENCE.sub("", page.read_text("utf-8"))):
            if not re.match("[a-z]+:", target):
                path = (page.parent / target).resolve() if target else page
                if path.suffix == ".md" and anchor not in anchors(path.read_text("utf-8")):
                    missing.append(f"{page.relative_to(ROOT)}: {target}#{anchor}")
    assert missing == []


def anchors(text: str) -> set[str]:
    """What headings are called in a repository's view."""
    titles = re.findall(r"^#{1,6} +(.+?) *$", FENCE.sub("", text), re.MULTILINE)
    plain = (re.sub(r"\[([^\]]*)\]\([^)]*\)|[`*]", r"\1", title).strip().lower() for title in titles)
    return {re.sub(r"[^\w\- ]", "", title).replace(" ", "-") for title in plain}


def test_it_is_read_and_searched_without_another_server(site: Path) -> None:
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    needed("playwright", "docs")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            with browser() as opened, page_of(opened, f"http://127.0.0.1:{server.server_port}") as page:
                page.goto("/blueprint.html")
                assert page.evaluate(
                    "[...document.images].every((each) => each.complete && each.naturalWidth > 0)"
                )
                page.fill(".md-search__input", "MATTR")
                page.wait_for_selector(".md-search-result__link[href*=method]", state="attached")
        finally:
            server.shutdown()
