"""The package's surface: paths, streams, limits, and the one error that leaves it."""

from __future__ import annotations

import os
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest

from neural_lab import reading
from neural_lab.errors import InvalidDocument
from neural_lab.reading import Limits, read_bytes, read_path, read_stdin

HEAVY = ("lxml", "selectolax", "pypdfium2", "markdown_it", "pylatexenc", "charset_normalizer")


def refusal(path: Path, limits: Limits | None = None) -> InvalidDocument:
    with pytest.raises(InvalidDocument) as caught:
        read_path(path, limits or Limits())
    return caught.value


def test_public_surface() -> None:
    names = ("Kind", "Limits", "Recognised", "read_bytes", "read_path", "read_stdin", "recognise")
    assert reading.__all__ == [*names]


def test_path_is_kept_as_given(tmp_path: Path) -> None:
    file = tmp_path / "essay.txt"
    file.write_text("Text.", "utf-8")
    document = read_path(file)
    assert (document.text, document.title, document.path) == ("Text.", "essay", str(file))


def test_standard_input() -> None:
    document = read_stdin(BytesIO(b"Text."))
    assert (document.text, document.title, document.path) == ("Text.", "standard input", "-")


def test_a_link_is_read(tmp_path: Path) -> None:
    (tmp_path / "real.txt").write_text("Text.", "utf-8")
    link = tmp_path / "link.txt"
    try:
        link.symlink_to("real.txt")
    except OSError:
        pytest.skip("no right to make links")
    assert read_path(link).text == "Text."


def test_what_is_not_there(tmp_path: Path) -> None:
    error = refusal(tmp_path / "none.txt")
    assert (error.code, error.message) == ("not_found", "none.txt does not exist; check the path.")
    assert refusal(Path("a\0b")).code == "not_found"


def test_a_folder(tmp_path: Path) -> None:
    assert refusal(tmp_path).code == "is_a_directory"
    assert refusal(Path()).code == "is_a_directory"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_named_pipe_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert refusal(tmp_path / "pipe").code == "unreadable"


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    file = tmp_path / "a.txt"
    file.write_text("x", "utf-8")
    monkeypatch.setattr(Path, "open", refuse)
    assert refusal(file).code == "unreadable"


@pytest.mark.parametrize("data", [b"", b" \n\t", b"\xef\xbb\xbf", b"\xff\xfe"])
def test_empty(data: bytes) -> None:
    with pytest.raises(InvalidDocument) as caught:
        read_bytes(data, "a.txt")
    assert caught.value.code == "empty"


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (Limits(file_bytes=9), "too_large"),
        (Limits(characters=9), "too_many_characters"),
        (Limits(seconds=-1), "took_too_long"),
    ],
)
def test_limits(tmp_path: Path, limits: Limits, code: str) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(b"ten bytes!")
    assert refusal(file, limits).code == code
    with pytest.raises(InvalidDocument) as caught:
        read_bytes(b"ten bytes!", "a.txt", limits)
    assert caught.value.code == code


@pytest.mark.parametrize("name", ["a.md", "a.html", "a.tex"])
def test_the_deadline_holds_inside_a_parser(name: str) -> None:
    with pytest.raises(InvalidDocument) as caught:
        read_bytes(b"<p>word *word* {word}</p>\n\n" * 20_000, name, Limits(seconds=0.05))
    assert caught.value.code == "took_too_long"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"{\\rtf1 text}", "unknown_format"),
        (b"\x89PNG\r\n\x1a\n", "unknown_format"),
        (b"\x1f\x8b\x08", "unknown_format"),
        (bytes(range(256)) * 8, "undecodable"),
        (b"\0" * 100, "undecodable"),
    ],
)
def test_what_is_no_text(data: bytes, code: str) -> None:
    with pytest.raises(InvalidDocument) as caught:
        read_bytes(data, "a.txt")
    assert caught.value.code == code


def test_messages_name_the_file_on_one_printable_line() -> None:
    with pytest.raises(InvalidDocument) as caught:
        read_bytes(b"", "folder/\x1b[2Jodd\nname\ud800.txt")
    assert caught.value.message.startswith("[2Jodd name .txt holds no text")


def test_memory_that_runs_out_is_a_size_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    def exhaust(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr("neural_lab.reading.html.read", exhaust)
    with pytest.raises(InvalidDocument) as caught:
        read_bytes(b"<html>", "a.html")
    assert caught.value.code == "too_large"


def test_errors_of_parsers_keep_the_text_to_themselves() -> None:
    with pytest.raises(InvalidDocument) as caught:
        read_bytes(b"\\begin{x}{secret" * 2000, "a.tex")
    assert caught.value.code == "damaged"
    assert "secret" not in caught.value.message
    assert caught.value.__suppress_context__


def test_importing_loads_no_parser() -> None:
    code = f"import sys, neural_lab.reading; print([m for m in {HEAVY} if m in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
