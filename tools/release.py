"""A release, all but publishing it: built, tried where nothing else is installed, its parts listed.

`make release` runs this after the checks and tests. In the folder it is given it leaves the wheel,
the sdist, `sbom.json` (CycloneDX: what is installed with the wheel, what is bundled in it, with
licences) and `SHA256SUMS`. Times in the archives are those of the last commit, so that whoever
builds the same commit gets the same bytes.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import subprocess
import sys
import tomllib
import venv
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).parents[1]
BUNDLE = "src/neural_lab/bundles/embedded"
VENDOR = "src/neural_lab/web/static/vendor"
SAMPLE = ROOT / "docs" / "samples" / "notes.txt"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--unfinished", action="store_true", help="also with changes that are not committed")
    options = parser.parse_args()
    version = project()["version"]
    if not options.unfinished:
        require_clean()
    require_changes(version)
    release(options.out, version)
    print(f"{options.out} holds neural-lab {version}. To publish it: tag v{version}, upload wheel and sdist.")


def release(out: Path, version: str) -> None:
    build(out)
    wheel = out / f"neural_lab-{version}-py3-none-any.whl"
    with TemporaryDirectory() as made:
        python = environment(Path(made) / "venv", wheel)
        try_out(python, version, Path(made))
        (out / "sbom.json").write_text(json.dumps(bill(python), indent=1) + "\n", "utf-8")
    files = [path for path in sorted(out.iterdir()) if path.suffix in (".whl", ".gz", ".json")]
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files]
    (out / "SHA256SUMS").write_text("".join(lines), "utf-8")


def project() -> dict[str, Any]:
    """The table that says what the project is called and which version it is; nothing else says so."""
    found: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return found


def require_clean() -> None:
    if run("git", "status", "--porcelain").strip():
        sys.exit(
            "There are changes that are not committed: commit them, so that the release can be built again."
        )


def require_changes(version: str) -> None:
    """The newest section of the changelog is that of this version."""
    heading = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    if not heading or heading[1] != version:
        sys.exit(f"CHANGELOG.md does not begin with {version}: say what is new in it.")


def build(out: Path) -> None:
    """The sdist from the checkout, and the wheel from the sdist."""
    since = run("git", "log", "-1", "--format=%ct").strip()
    run(sys.executable, "-m", "build", "--outdir", str(out.absolute()), str(ROOT), SOURCE_DATE_EPOCH=since)


def environment(folder: Path, wheel: Path) -> Path:
    """A new virtual environment with the wheel and what it asks for; its interpreter."""
    venv.create(folder, with_pip=True)
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    pinned = str(ROOT / "constraints.txt")
    run(str(python), "-m", "pip", "install", "--quiet", "--constraint", pinned, str(wheel.absolute()))
    return python


def try_out(python: Path, version: str, folder: Path) -> None:
    """The main job, far from the checkout."""
    said = run(str(python), "-m", "neural_lab", "--version", cwd=folder)
    if said.strip() != f"neural-lab {version}":
        sys.exit(f"The wheel calls itself {said.strip()!r}.")
    home = str(folder / "home")
    found = json.loads(
        run(str(python), "-m", "neural_lab", "check", "--json", str(SAMPLE), cwd=folder, NEURAL_LAB_HOME=home)
    )
    if not found["documents"][0]["sentences"]:
        sys.exit("The wheel reads no sentences in the sample.")


def bill(python: Path) -> dict[str, Any]:
    """What is installed with the wheel, and what is bundled in it."""
    listed = run(sys.executable, "-m", "cyclonedx_py", "environment", "--output-reproducible", str(python))
    found: dict[str, Any] = json.loads(listed)
    found["components"] += [*libraries(), *models()]
    return found


def libraries() -> list[dict[str, Any]]:
    """Scripts of the page that others wrote."""
    named = json.loads((ROOT / "tools/codemirror/package.json").read_text("utf-8"))["dependencies"]
    readme = (ROOT / VENDOR / "pdfjs" / "README.md").read_text("utf-8")
    found = [_library(name, version, "MIT") for name, version in named.items()]
    return [*found, _library("pdfjs-dist", readme.split("\n", 1)[0].split()[-1], "Apache-2.0")]


def _library(name: str, version: str, licence: str) -> dict[str, Any]:
    licences = [{"license": {"id": licence}}]
    return {"type": "library", "name": name, "version": version, "licenses": licences, "scope": "required"}


def models() -> list[dict[str, Any]]:
    """The models of the embedded detector, by the checksums of its manifest."""
    sums = json.loads((ROOT / BUNDLE / "manifest.json").read_text("utf-8"))["files"]
    licences = [{"license": {"id": project()["license"]}}]
    return [
        {
            "type": "machine-learning-model",
            "name": f"embedded/{name}",
            "licenses": licences,
            "hashes": [{"alg": "SHA-256", "content": content}],
        }
        for name, content in sums.items()
        if name.endswith((".onnx", ".npy"))
    ]


def run(*command: str, cwd: Path = ROOT, **environment: str) -> str:
    """What a command prints; ends with what it said where it fails."""
    done = subprocess.run(  # noqa: S603
        command, cwd=cwd, env=os.environ | environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


if __name__ == "__main__":
    main()
