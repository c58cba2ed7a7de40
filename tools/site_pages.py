"""For MkDocs: files of the repository that pages of the docs link to become pages of the site.

So a link such as `../deploy/nginx.conf` leads somewhere both in the repository and on the site. Decisions and
cards are put into the menu.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from os.path import relpath
from pathlib import Path, PurePosixPath
from posixpath import normpath
from typing import TYPE_CHECKING, Any

from mkdocs.structure.files import File, InclusionLevel

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

ROOT = Path(__file__).parent.parent
DOCS, OTHERS = "docs/", "repository/"
CARDS = {
    "Card of the detector": "src/neural_lab/bundles/embedded/card.md",
    "Card of the language model": "src/neural_lab/bundles/embedded/language_model.md",
}
LONGEST = 50_000
"""Bytes of a file that a folder's list leads to; longer ones are nothing to read."""
PICTURES = frozenset({".png", ".svg"})
KINDS = {
    ".conf": "nginx",
    ".py": "python",
    ".sh": "bash",
    ".mjs": "js",
    ".sql": "sql",
    ".yaml": "yaml",
    ".yml": "yaml",
    ".toml": "toml",
}
_LINK = re.compile(r"(\]\()([^)#\s]+)((?:#[^)\s]*)?\))")
_FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Put the decisions and the cards into the menu, under *Explanation*."""
    decisions = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    explained = next(each["Explanation"] for each in config.nav or [] if "Explanation" in each)
    explained += [{title: _uri(path)} for title, path in CARDS.items()]
    explained.append({"Decisions": [f"decisions/{each.name}" for each in decisions]})
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add what pages link to beyond the docs, and what those pages link to in turn."""
    known = set(CARDS.values())
    for file in files.documentation_pages():
        known |= set(_beyond(f"{DOCS}{file.src_uri}", file.content_string))
    done: set[str] = set()
    while known - done:
        path = min(known - done)
        done.add(path)
        text = _text(ROOT / path)
        if _uri(path).endswith(".md"):
            inclusion = InclusionLevel.INCLUDED if path in CARDS.values() else InclusionLevel.NOT_IN_NAV
            files.append(File.generated(config, _uri(path), content=text, inclusion=inclusion))
            known |= set(_beyond(_as_read(path), text))
        else:
            files.append(File.generated(config, _uri(path), abs_src_path=str(ROOT / path)))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Lead links to where their targets stand on the site."""
    del config, files
    here = page.file.src_uri
    origin = _origin(here)

    def led(found: re.Match[str]) -> str:
        target = _resolved(origin, found[2])
        if target is None:
            return found[0]
        return f"{found[1]}{relpath(_uri(target), str(PurePosixPath(here).parent))}{found[3]}"

    return _outside_fences(markdown, lambda prose: _LINK.sub(led, prose))


def _outside_fences(text: str, change: Any) -> str:
    parts, at = [], 0
    for fence in _FENCE.finditer(text):
        parts += [change(text[at : fence.start()]), fence[0]]
        at = fence.end()
    return "".join((*parts, change(text[at:])))


def _beyond(origin: str, text: str | None) -> Iterator[str]:
    """Files and folders of the repository, outside of the docs, that a page links to."""
    for _, link, _ in _LINK.findall(_outside_fences(text or "", lambda prose: prose)):
        target = _resolved(origin, link)
        if target is not None and not f"{target}/".startswith(DOCS):
            yield target


def _resolved(origin: str, link: str) -> str | None:
    """The path in the repository that a link leads to; None for addresses."""
    if re.match(r"[a-z]+:", link):
        return None
    target = normpath(str(PurePosixPath(origin).parent / link))
    return target if (ROOT / target).exists() else None


def _uri(path: str) -> str:
    """Where a file of the repository stands on the site."""
    if f"{path}/".startswith(DOCS):
        return f"{path.removeprefix(DOCS)}"
    kind = PurePosixPath(path).suffix
    if (ROOT / path).is_dir():
        return f"{OTHERS}{path}/index.md"
    return f"{OTHERS}{path}" if kind == ".md" or kind in PICTURES else f"{OTHERS}{path}.md"


def _origin(uri: str) -> str:
    """The file of the repository that a page of the site was made from."""
    if not uri.startswith(OTHERS):
        return f"{DOCS}{uri}"
    return _as_read(uri.removeprefix(OTHERS))


def _as_read(path: str) -> str:
    """A folder's page stands in the folder."""
    return f"{path}/index.md" if (ROOT / path).is_dir() else path


def _text(path: Path) -> str:
    """A page as it is, a folder as a list, anything else as it stands there."""
    if path.is_dir():
        inside = sorted(each for each in path.iterdir() if not each.name.startswith((".", "__")))
        return "\n".join((f"# {path.name}/", "", *(f"- {_entry(each)}" for each in inside))) + "\n"
    if path.suffix == ".md" or path.suffix in PICTURES:
        return path.read_text("utf-8") if path.suffix == ".md" else ""
    text = path.read_text("utf-8", "replace")
    return f"# {path.name}\n\n~~~~{KINDS.get(path.suffix, 'text')}\n{text}\n~~~~\n"


def _entry(path: Path) -> str:
    short = path.is_file() and path.stat().st_size <= LONGEST
    return f"[{path.name}]({path.name})" if short else f"`{path.name}`"
