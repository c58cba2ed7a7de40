"""Pages that are made from the code say what the code says."""

import re
from collections import defaultdict
from pathlib import Path

import postgres_server
import pytest
from docs_tools import ROOT, tool

ASSERTED = re.compile(r"""(?:\bcode|\["code"\])\s*==\s*"([a-z][a-z0-9_]+)\"""")
VARIABLE = re.compile(r"\bNEURAL_LAB_[A-Z][A-Z0-9_]*[A-Z0-9]\b")


def test_the_reference_is_as_the_code_is() -> None:
    stale = [str(path.relative_to(ROOT)) for path, _ in tool("reference").changed()]
    assert stale == [], "run: python tools/reference.py"


def test_diagrams_are_as_their_program_draws_them() -> None:
    stale = [p.name for p, text in tool("diagrams").made() if not p.exists() or p.read_text("utf-8") != text]
    assert stale == [], "run: python tools/diagrams.py"


def test_every_code_that_tests_expect_is_documented() -> None:
    """Which codes come up is known here by another way than reading the source."""
    known = {each.code for each in tool("reference_pages.errors").found()}
    patterns = [re.compile(re.sub(r"\\{\w+\\}", r"\\w+", re.escape(each))) for each in known if "{" in each]
    expected = defaultdict(set)
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        text = path.read_text("utf-8")
        for code in ASSERTED.findall(text):
            # Some tests raise an error of their own.
            if not re.search(rf'(?:Unavailable|Failed)\(\s*"{code}"', text):
                expected[code].add(path.name)
    assert len(expected) > 50
    unknown = {code: files for code, files in expected.items() if code not in known}
    assert {c: f for c, f in unknown.items() if not any(p.fullmatch(c) for p in patterns)} == {}


def test_every_variable_that_anything_names_is_documented() -> None:
    page = (ROOT / "docs" / "reference" / "settings.md").read_text("utf-8")
    places = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md"), *(ROOT / "src").rglob("*.py")]
    places += [path for path in (ROOT / "deploy").iterdir() if path.is_file()]
    named = {name for path in places for name in VARIABLE.findall(path.read_text("utf-8"))}
    assert len(named) > 30
    assert sorted(name for name in named if f"`{name}`" not in page) == []


def test_every_signal_and_reason_is_in_the_method() -> None:
    from neural_lab.detect.signals import FUSED

    page = (ROOT / "docs" / "method.md").read_text("utf-8")
    assert [name for name in FUSED if f"`{name}`" not in page] == []


def test_modules_that_pages_name_are_there() -> None:
    named = re.compile(r"`([\w*]+(?:/[\w*]+)*(?:\.py|/))`")
    missing = []
    for name in ("method", "blueprint", "privacy"):
        for path in named.findall((ROOT / "docs" / f"{name}.md").read_text("utf-8")):
            homes = (ROOT / "src" / "neural_lab", ROOT, ROOT / "tests" / "service")
            if not any(list(home.glob(path.rstrip("/"))) for home in homes):
                missing.append(f"{name}.md: {path}")
    # What appears in the folders of users is none of ours.
    assert [each for each in missing if not each.endswith((": models/", ": runs/", ": site/"))] == []


def test_tables_of_postgresql_are_as_the_migrations_leave_them() -> None:
    """Asked of a server: the page is made without one."""
    from neural_lab.compose import open_store

    with postgres_server.database() as url:
        open_store(url).close()
        asked = (
            "SELECT string_agg(table_name || '.' || column_name, ' ') FROM information_schema.columns "
            "WHERE table_schema = 'public' AND table_name <> 'alembic_version'"
        )
        indexes = (
            "SELECT string_agg(indexname, ' ') FROM pg_indexes WHERE schemaname = 'public' "
            "AND indexname !~ '_(pkey|key)$' AND tablename <> 'alembic_version'"
        )
        columns = postgres_server.run(postgres_server.fetch(url, asked)).split()
        named = postgres_server.run(postgres_server.fetch(url, indexes)).split()
    made = tool("reference_pages.schema").postgres()
    assert sorted(f"{name}.{column}" for name, table in made.items() for column in table.columns) == sorted(
        columns
    )
    assert sorted(index for table in made.values() for index in table.indexes) == sorted(named)


def test_an_error_whose_code_cannot_be_told_stops_the_reference(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    errors = tool("reference_pages.errors")
    (tmp_path / "odd.py").write_text("def f(given):\n    raise InvalidRequest(given.lower(), 'x')\n")
    monkeypatch.setattr(errors, "SOURCE", tmp_path)
    with pytest.raises(ValueError, match=r"odd\.py:2"):
        errors.found()


def test_a_module_that_could_reach_a_network_unsaid_stops_the_reference(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = tool("reference_pages.network")
    (tmp_path / "odd.py").write_text("from requests import get\n")
    monkeypatch.setattr(network, "SOURCE", tmp_path)
    with pytest.raises(ValueError, match="requests"):
        network.block()
