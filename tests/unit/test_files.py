"""Which files are meant, and that a half-written answer is never seen."""

from pathlib import Path

import pytest

from neural_lab.errors import InvalidRequest
from neural_lab.files import expand, replacing


def test_folders_stand_for_the_documents_in_them(tmp_path):
    for name in ("b.md", "a.TXT", "sub/c.pdf", "sub/.hidden.txt", ".git/d.txt", "e.exe", "old.doc"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    found = [str(path.relative_to(tmp_path)) for path in expand([tmp_path])]
    assert found == ["a.TXT", "b.md", "old.doc", str(Path("sub/c.pdf"))]


def test_named_files_are_taken_whatever_they_are_called(tmp_path):
    named = [tmp_path / ".hidden.exe", tmp_path / "missing", Path("-")]
    assert list(expand(named)) == named


def test_an_empty_folder_stands_for_itself(tmp_path):
    assert list(expand([tmp_path])) == [tmp_path]


def test_a_file_appears_when_it_is_complete(tmp_path):
    out = tmp_path / "out"
    out.write_bytes(b"old")
    with replacing(out) as file:
        file.write(b"new")
        assert out.read_bytes() == b"old"
    assert out.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [out]


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path):
    out = tmp_path / "out"
    out.write_bytes(b"old")
    with pytest.raises(KeyboardInterrupt), replacing(out):
        raise KeyboardInterrupt
    assert out.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [out]


def test_a_link_stays_a_link(tmp_path):
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "real")
    with replacing(link) as file:
        file.write(b"x")
    assert link.is_symlink()
    assert (tmp_path / "real").read_bytes() == b"x"


def test_devices_are_written_to_not_replaced():
    with replacing(Path("/dev/null")) as file:
        file.write(b"x")
    assert Path("/dev/null").is_char_device()


@pytest.mark.parametrize("name", ["missing/out", "."])
def test_a_place_that_cannot_be_is_refused_by_name(tmp_path, name):
    with pytest.raises(InvalidRequest, match="cannot be written"), replacing(tmp_path / name):
        pass
