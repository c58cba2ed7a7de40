"""What the documentation claims is what the code has."""

import re
from pathlib import Path

import pytest

import neural_lab.bundles
from neural_lab.detect.signals import FUSED
from neural_lab.outcome import Reason, Verdict

ROOT = Path(__file__).parents[2]
EMBEDDED = Path(neural_lab.bundles.__file__).parent / "embedded"
PAGES = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)", page.read_text("utf-8")):
        assert (page.parent / target).exists(), target


def test_figures_in_the_readme_are_those_of_the_card() -> None:
    card = (EMBEDDED / "card.md").read_text("utf-8").splitlines()
    table = [line for line in (ROOT / "README.md").read_text("utf-8").splitlines() if line.startswith("|")]
    assert len(table) > 5
    assert [line for line in table if line not in card] == []


def test_every_verdict_and_reason_is_documented() -> None:
    page = (ROOT / "docs" / "output.md").read_text("utf-8")
    assert [word for word in (*Verdict, *Reason) if f"`{word}`" not in page] == []


def test_the_card_names_the_version_of_the_detector() -> None:
    from neural_lab.compose import open_lab

    detector = open_lab().detector
    assert (
        (EMBEDDED / "card.md")
        .read_text("utf-8")
        .startswith(f"# Detector `{detector.name}` {detector.version}")
    )
    assert set(detector.fusion.shapes) == set(FUSED)


def test_bundle_and_package_are_small() -> None:
    sizes = [path.stat().st_size for path in EMBEDDED.iterdir()]
    assert sum(sizes) < 80 * 2**20


def test_nothing_names_a_host_of_a_package_registry() -> None:
    hosts = re.compile("py" + r"pi\.org|pythonhos" + r"ted|registry\.npm" + "js|deb" + r"ian\.org")
    texts = (p for p in [*PAGES, ROOT / "constraints.txt", ROOT / "pyproject.toml", ROOT / "Makefile"])
    assert [p.name for p in texts if hosts.search(p.read_text("utf-8"))] == []
