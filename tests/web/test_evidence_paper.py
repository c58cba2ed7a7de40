"""One check as JSON, page, paper and terminal: every number is the same to the last digit shown."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from command_line import flat, run
from helpers import needed
from packs import TEXT

pdfium = needed("pypdfium2")

from neural_lab.evidence.opening import open_path

if TYPE_CHECKING:
    from playwright.sync_api import Browser

A4 = (595, 842)
Forms = dict[str, str]


def percent(share: float) -> str:
    return "<1%" if share < 0.01 else ">99%" if share > 0.99 else f"{100 * share:.0f}%"


def signed(value: float) -> str:
    return f"{value:+.2f}".replace("-", "−")


def close(said: str) -> str:
    """Without white space: lines break elsewhere on paper, and PDFium has a sign for hyphens there."""
    return "".join(said.split()).replace("\x02", "-")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("paper")


@pytest.fixture(scope="module")
def values(folder: Path) -> dict[str, Any]:
    """The evidence as JSON; beside it the same check as a page and as the terminal shows it."""
    notes = folder / "notes.txt"
    notes.write_text(TEXT, "utf-8")
    for name in ("e.json", "e.html"):
        assert run("check", notes, "--evidence", folder / name, "--quiet", "--no-keep").exit_code == 0
    (folder / "e.out").write_text(run("check", notes, "--full", "--no-keep").stdout)
    found: dict[str, Any] = json.loads((folder / "e.json").read_text("utf-8"))
    assert open_path(folder / "e.html").values["report"] == found["report"]
    return found


@pytest.fixture(scope="module")
def paper(chrome: Browser, folder: Path, values: dict[str, Any]) -> Any:
    page = chrome.new_page()
    page.goto((folder / "e.html").as_uri())
    (folder / "e.txt").write_text(page.inner_text("body"))
    page.pdf(path=str(folder / "e.pdf"), prefer_css_page_size=True)
    page.close()
    return pdfium.PdfDocument(folder / "e.pdf")


@pytest.fixture
def forms(folder: Path, paper: Any) -> Forms:
    printed = "".join(sheet.get_textpage().get_text_bounded() for sheet in paper)
    page = (folder / "e.txt").read_text()
    terminal = flat((folder / "e.out").read_text())
    return {"page": close(page), "paper": close(printed), "terminal": close(terminal)}


def everywhere(forms: Forms, said: str) -> None:
    missing = [form for form, shown in forms.items() if close(said) not in shown]
    assert missing == [], said


def test_the_document_s_numbers(values: dict[str, Any], forms: Forms) -> None:
    report, measured = values["report"], values["measured"]
    point, row = report["operating_point"], report["error_row"]
    low, high = (f"{100 * bound:.1f}" for bound in row["interval"])
    everywhere(forms, f"Probability {percent(report['probability'])}: the mean of its sentences")
    everywhere(forms, f"{percent(report['share_flagged'])} of the text is flagged")
    everywhere(forms, f"Cut points: {point['document']:.3f} for the whole text, {point['run']:.3f} for a run")
    everywhere(forms, f"Of {row['texts']} human")
    everywhere(
        forms,
        f"{row['flagged']} were flagged at this setting: "
        f"{100 * row['flagged'] / row['texts']:.1f}% (95% interval {low}–{high}%)",
    )
    shares = report["breakdown"]
    everywhere(
        forms, f"machine-like {percent(shares['machine'])}, mixed {percent(shares['mixed'])}, human-like"
    )
    everywhere(forms, f"{measured['words']} words, {report['characters']} characters")
    everywhere(forms, report["text_sha256"])


def test_every_sentence_s_numbers(values: dict[str, Any], forms: Forms) -> None:
    for at, row in enumerate(values["report"]["sentences"], 1):
        shown = percent(row["probability"])
        logit = signed(sum(row["contributions"].values()))
        numbers = f"{at} {row['start']}–{row['end']} {shown} {logit} {'yes' if row['flagged'] else ''}"
        for form in ("page", "paper"):
            assert close(numbers) in forms[form], (form, numbers)
        assert shown in forms["terminal"]


def test_paper_is_a4_and_every_sheet_says_which_it_is(folder: Path, paper: Any) -> None:
    digest = open_path(folder / "e.html").values["digest"]
    assert len(paper) > 3
    for at, sheet in enumerate(paper, 1):
        assert tuple(map(round, sheet.get_size())) == A4
        said = close(sheet.get_textpage().get_text_bounded())
        assert close(f"{at} / {len(paper)}") in said
        assert digest[:16] in said


def test_no_box_is_cut_by_the_end_of_a_sheet(chrome: Browser, folder: Path, paper: Any) -> None:
    """Each box that must stay whole is on one sheet: all its lines are found there."""
    sheets = [close(sheet.get_textpage().get_text_bounded()) for sheet in paper]
    page = chrome.new_page()
    page.emulate_media(media="print")
    page.goto((folder / "e.html").as_uri())
    boxes = page.locator(".verdict, .card, .why.flagged[open], tr").all_inner_texts()
    page.close()
    lines = [[close(line) for line in box.splitlines()] for box in boxes]
    assert len(lines) > 40
    cut = [box for box in lines if not any(all(line in sheet for line in box) for sheet in sheets)]
    assert cut == []
