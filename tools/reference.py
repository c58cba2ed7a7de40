"""The pages of the reference, and the figures in other pages, made from the code.

    python tools/reference.py [--check]

Writes `docs/reference/*.md` and what stands between `<!-- made: NAME -->` and `<!-- end -->` in pages of the
docs.
With `--check` nothing is written, and what would change is named. Needs the extra `serve`.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(Path(__file__).parent))

from reference_pages import api, cli, detector, errors, figures, schema, settings  # noqa: E402

PAGES = {each.__name__.rpartition(".")[2]: each for each in (cli, settings, api, schema, errors, detector)}
DOCS = ROOT / "docs"
_BLOCK = re.compile(r"(<!-- made: ([\w-]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def made() -> Iterator[tuple[Path, str]]:
    """Every page that has something of this program in it, as it should read."""
    for name, module in PAGES.items():
        yield DOCS / "reference" / f"{name}.md", module.written()
    blocks = figures.blocks()
    for path in sorted(DOCS.glob("*.md")):
        text = path.read_text("utf-8")
        if _BLOCK.search(text):
            yield path, filled(text, blocks)


def filled(text: str, blocks: Mapping[str, str]) -> str:
    """A page with its blocks made anew. Raises `KeyError` for a block that nothing makes."""
    return _BLOCK.sub(lambda found: f"{found[1]}\n{blocks[found[2]]}\n\n{found[3]}", text)


def changed() -> Iterator[tuple[Path, str]]:
    """Those that read otherwise by now."""
    for path, text in made():
        if not path.exists() or path.read_text("utf-8") != text:
            yield path, text


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit with 1 where something would change"
    )
    check = parser.parse_args().check
    stale = list(changed())
    for path, text in stale:
        print(path.relative_to(ROOT))
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
    return int(check and bool(stale))


if __name__ == "__main__":
    sys.exit(main())
