"""What is released installs and works where nothing else is."""

import hashlib
import importlib.util
import json
import os
import tarfile
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


def _tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("release_tool", ROOT / "tools" / "release.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("build", reason="the extra `release` is not installed")
    pytest.importorskip("cyclonedx_py", reason="the extra `release` is not installed")
    tool, out = _tool(), tmp_path_factory.mktemp("dist")
    try:
        tool.release(out, tool.project()["version"])
    except SystemExit as failed:
        if "pip install" in str(failed) and not os.environ.get("CI"):
            pytest.skip(f"nothing can be installed here, without a network perhaps: {failed}")
        raise
    return out


@pytest.mark.timeout(900)
def test_the_wheel_has_all_that_the_program_reads(released: Path) -> None:
    names = zipfile.ZipFile(next(released.glob("*.whl"))).namelist()
    package = [
        path for path in (ROOT / "src").rglob("*") if path.is_file() and "__pycache__" not in str(path)
    ]
    missing = {path.relative_to(ROOT / "src").as_posix() for path in package} - set(names)
    assert missing == set()
    licences = {Path(name).name for name in names if "dist-info/licenses/" in name}
    assert licences == {"LICENSE", "NOTICE"}


def test_the_sdist_can_be_tested_by_whoever_gets_it(released: Path) -> None:
    with tarfile.open(next(released.glob("*.tar.gz"))) as archive:
        names = {name.split("/", 1)[1] for name in archive.getnames() if "/" in name}
    assert {"Makefile", "constraints.txt", "CHANGELOG.md", "tests/conftest.py", "LICENSE"} <= names


def test_the_bill_names_what_is_installed_and_what_is_bundled(released: Path) -> None:
    found = json.loads((released / "sbom.json").read_text("utf-8"))
    names = {part["name"] for part in found["components"]}
    assert {"neural-lab", "numpy", "onnxruntime", "pdfjs-dist", "@codemirror/view"} <= names
    models = {part["name"]: part["hashes"][0]["content"] for part in found["components"] if "hashes" in part}
    served = ROOT / "src/neural_lab/bundles/embedded/scorer.onnx"
    assert models["embedded/scorer.onnx"] == hashlib.sha256(served.read_bytes()).hexdigest()
    assert "torch" not in names


def test_the_checksums_are_those_of_the_files(released: Path) -> None:
    lines = (released / "SHA256SUMS").read_text("utf-8").splitlines()
    assert len(lines) == 3
    for line in lines:
        content, name = line.split("  ")
        assert hashlib.sha256((released / name).read_bytes()).hexdigest() == content


def test_a_version_without_a_section_in_the_changelog_is_refused() -> None:
    tool = _tool()
    tool.require_changes(tool.project()["version"])
    with pytest.raises(SystemExit, match="99"):
        tool.require_changes("99.0")
