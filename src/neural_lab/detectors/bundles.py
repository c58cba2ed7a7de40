"""Bundles as the registry keeps them: a folder whose name ends with the digest of its manifest."""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path

from neural_lab.errors import InvalidRequest, ModelUnavailable

MANIFEST = "manifest.json"
DIGITS, LONGEST = 12, 80
INSTALLED = Path(__file__).parents[1] / "bundles" / "embedded"
_NAMED = re.compile(rf"[^.].*-[0-9a-f]{{{DIGITS}}}")


def require_loose(bundle: Path) -> None:
    """Raises `InvalidRequest` for a bundle that is kept: its name is the digest of what stands in it."""
    from neural_lab.detectors.registry import Registry

    if bundle.resolve().parent == Registry().folder.resolve():
        message = (
            f"{bundle} is kept under the checksum of what stands in it, which this would change: work on "
            "the folder that it was made in, and keep that with `neural-lab detectors add`."
        )
        raise InvalidRequest("kept_detector", message)


def version_of(bundle: Path) -> str:
    """What an intact bundle is called: its name, its version and the digest of all that is in it.

    Raises `ModelUnavailable`.
    """
    from neural_lab.backends.bundle import Bundle

    detector = Bundle(bundle).detector()
    name = re.sub(r"[^A-Za-z0-9_.+-]+", "-", f"{detector.name}-{detector.version}")
    return f"{name.strip('.-+')[:LONGEST] or 'detector'}-{_digest(bundle)}"


def require_apart(version: str, folder: Path) -> None:
    """Raises `InvalidRequest` where another detector, kept in `folder` or installed, is called the same.

    Events and drift know detectors by name and version alone.
    """
    kept = [*(path.name for path in inside(folder)), version_of(INSTALLED)]
    same = [each for each in kept if each != version and _without_digest(each) == _without_digest(version)]
    if same:
        message = (
            f"{same[0]} has the same name and version, and is another detector: give this one another "
            "version (`neural-lab train detector --version`), since logs tell detectors apart by that."
        )
        raise InvalidRequest("same_version", message)


def verify(bundle: Path) -> None:
    """Read all of it and compare the checksums. Raises `ModelUnavailable`."""
    from neural_lab.backends.bundle import Bundle

    Bundle(bundle).detector()


def checked_name(bundle: Path) -> Path:
    """The bundle, if it is the one that its name says; whoever opens it verifies the rest.

    Raises `ModelUnavailable`.
    """
    if not bundle.name.endswith(f"-{_digest(bundle)}"):
        raise ModelUnavailable("damaged_bundle", f"{bundle} holds another detector than its name says.")
    return bundle


def is_intact(bundle: Path) -> bool:
    """What is damaged is replaced when the same bundle is added again."""
    try:
        verify(checked_name(bundle))
    except (ModelUnavailable, FileNotFoundError):
        return False
    return True


def inside(folder: Path) -> list[Path]:
    """The bundles in a folder that are called as `version_of` calls them.

    Whatever else lies there is nobody's to delete, and what is being written begins with a dot.
    """
    found = (path.parent for path in folder.glob(f"*/{MANIFEST}"))
    return [path for path in found if _NAMED.fullmatch(path.name)]


def size(bundle: Path) -> int:
    """Bytes of all its files."""
    return sum(path.stat().st_size for path in bundle.rglob("*") if path.is_file())


def _without_digest(version: str) -> str:
    return version.rpartition("-")[0]


def _digest(bundle: Path) -> str:
    return sha256((bundle / MANIFEST).read_bytes()).hexdigest()[:DIGITS]
