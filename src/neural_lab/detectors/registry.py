"""Detectors that are kept on this computer: which one answers, which one is tried, and what was before."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from neural_lab.backends.clock import utc
from neural_lab.detectors import bundles, happened, pointer
from neural_lab.detectors.disk import copied, gone, locked, moved
from neural_lab.detectors.happened import Happened, What
from neural_lab.detectors.pointer import EMBEDDED, Pointer
from neural_lab.errors import InvalidRequest, ModelUnavailable, NotFound
from neural_lab.settings import home

FOLDER, CHAMPION, CHALLENGER, HISTORY = "detectors", "champion.json", "challenger.json", "history.jsonl"
NO_WAY_BACK = (
    "There is no detector to go back to: choose one with `neural-lab detectors promote VERSION`, "
    "or the installed one with `neural-lab detectors promote embedded`."
)


class ChampionChanged(InvalidRequest):
    """Another detector answers than the one that a promotion was decided against."""


@dataclass(frozen=True, slots=True)
class Version:
    """A detector that is kept, since `added` ("" where the history does not say), in so many `bytes`."""

    version: str
    added: str
    bytes: int


class Registry:
    """Plain files in `folder`; the one in the data folder by default.

    Whoever reads sees one state or the next, also while others write or are killed; writers wait
    for one another and raise `Overloaded` when that takes too long. `who` and `why` go into the history.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or home() / FOLDER

    def add(self, bundle: Path, who: str = "", why: str = "") -> str:
        """Keep a copy of a bundle, verified, and give its name here; one that is here stays as it is.

        Raises `ModelUnavailable` for what is no intact detector, `InvalidRequest` for one that has
        name and version of another.
        """
        # Here, and not only in the copy: what is said names the folder that was meant.
        bundles.verify(bundle)
        with locked(self.folder), copied(bundle, self.folder / "added") as draft:
            version = bundles.version_of(draft)
            bundles.require_apart(version, self.folder)
            if not bundles.is_intact(self.folder / version):
                moved(draft, self.folder / version)
                self._note(What.ADDED, version, None, who, why)
            return version

    def versions(self) -> list[Version]:
        """All that are kept, those added last at the end."""
        added = self._added()
        order = {version: place for place, version in enumerate(added)}
        found = sorted(bundles.inside(self.folder), key=lambda path: (order.get(path.name, -1), path.name))
        return [Version(path.name, added.get(path.name, ""), bundles.size(path)) for path in found]

    def folder_of(self, version: str) -> Path:
        """The bundle's folder; whoever opens it verifies the rest.

        Raises `NotFound`, and `ModelUnavailable` where another bundle stands in its place.
        """
        return bundles.checked_name(self._known(version))

    def champion(self) -> str | None:
        """Which one answers; None: the one that was installed."""
        return (self.pointer() or Pointer(EMBEDDED, "")).version or None

    def challenger(self) -> str | None:
        found = pointer.read(self.folder / CHALLENGER)
        return found.version if found else None

    def pointer(self) -> Pointer | None:
        """The champion with since when, and what was before; None where none was ever chosen."""
        return pointer.read(self.folder / CHAMPION)

    def set_challenger(self, version: str | None, who: str = "", why: str = "") -> None:
        """Which one is tried beside the champion; None: none is."""
        with locked(self.folder):
            before = self.challenger()
            if version is None:
                (self.folder / CHALLENGER).unlink(missing_ok=True)
            else:
                self.verify(version)
                pointer.write(self.folder / CHALLENGER, Pointer(version, utc(), before))
            self._note(What.CHALLENGED, version or "", before, who, why)

    def promote(self, version: str, who: str = "", why: str = "", instead_of: str | None = None) -> None:
        """Let a version answer from now on; `EMBEDDED` is the one that was installed.

        A champion that was the challenger is that no more. Raises `NotFound` and `ModelUnavailable`, and
        `ChampionChanged` where another one than `instead_of` answers; with None that may be any.
        """
        with locked(self.folder):
            if version != EMBEDDED:
                self.verify(version)
            if instead_of is not None:
                self._require_champion(instead_of)
            before, tried = self._replaced_champion(version), self.challenger()
            pointer.write(self.folder / CHAMPION, Pointer(version, utc(), before))
            self._note(What.PROMOTED, version, before, who, why)
            if version == tried:
                (self.folder / CHALLENGER).unlink()

    def rollback(self, who: str = "", why: str = "") -> str | None:
        """Put back what answered before the champion, and give its name; None: the installed one.

        Going back once more is not possible: it would bring back what was left. Raises `NotFound`
        where there is nothing to go back to, `ModelUnavailable` where that is damaged.
        """
        with locked(self.folder):
            now = self.pointer()
            if now is None or now.before is None:
                raise NotFound("no_way_back", NO_WAY_BACK)
            if now.before != EMBEDDED:
                self.verify(now.before)
            pointer.write(self.folder / CHAMPION, Pointer(now.before, utc()))
            self._note(What.ROLLED_BACK, now.before, now.version, who, why)
            return now.before or None

    def remove(self, version: str, who: str = "", why: str = "") -> None:
        """Delete a version. Raises as `removable` does."""
        with locked(self.folder):
            self.removable(version)
            self._remove(version, who, why)

    def removable(self, version: str) -> None:
        """Raises `NotFound`, and `InvalidRequest` for one that is in use, or may be gone back to."""
        self._known(version)
        if version in self._used():
            message = f"{version} is the champion, the one before it or the challenger: it has to stay."
            raise InvalidRequest("in_use", message)

    def keep(self, most: int, who: str = "", why: str = "") -> list[str]:
        """Delete the oldest until `most` are left, but none that is in use or may be gone back to."""
        with locked(self.folder):
            kept, used = [each.version for each in self.versions()], self._used()
            old = [version for version in kept if version not in used][: max(0, len(kept) - most)]
            for version in old:
                self._remove(version, who, why)
            return old

    def note(self, what: What, version: str, who: str = "", why: str = "") -> None:
        """Put something into the history that changes nothing here, as a refusal."""
        with locked(self.folder):
            self._note(what, version, None, who, why)

    def history(self) -> list[Happened]:
        """The oldest first."""
        return happened.read(self.folder / HISTORY)

    def verify(self, version: str) -> None:
        """Raises `NotFound` and `ModelUnavailable` for one that is not there, or not intact."""
        bundles.verify(self.folder_of(version))

    def _known(self, version: str) -> Path:
        """Names that were typed lead nowhere but to a folder of a detector."""
        if self.folder / version not in bundles.inside(self.folder):
            message = f"There is no detector {version} in {self.folder}; see `neural-lab detectors list`."
            raise NotFound("no_detector", message)
        return self.folder / version

    def _require_champion(self, version: str) -> None:
        now = self.champion() or EMBEDDED
        if now != version:
            message = f"{_called(now)} answers by now, and not {_called(version)}: nothing was promoted."
            raise ChampionChanged("champion_changed", message)

    def _replaced_champion(self, version: str) -> str | None:
        """What a new champion takes the place of; the same one again changes nothing about that."""
        now = self._pointer_or_none()
        if now is None:
            return None if (self.folder / CHAMPION).exists() else EMBEDDED
        return now.before if now.version == version else now.version

    def _pointer_or_none(self) -> Pointer | None:
        """A damaged pointer is what promoting repairs."""
        try:
            return self.pointer()
        except ModelUnavailable:
            return None

    def _used(self) -> set[str | None]:
        now = self.pointer()
        return {self.challenger(), *((now.version, now.before) if now else ())}

    def _remove(self, version: str, who: str, why: str) -> None:
        gone(self.folder / version)
        self._note(What.REMOVED, version, None, who, why)

    def _note(self, what: What, version: str, before: str | None, who: str, why: str) -> None:
        happened.add(self.folder / HISTORY, Happened(utc(), what.value, version, before, who, why))

    def _added(self) -> dict[str, str]:
        """When versions were added, in the order in which they were."""
        found: dict[str, str] = {}
        for each in self.history():
            if each.what == What.ADDED:
                found.pop(each.version, None)
                found[each.version] = each.at
        return found


def _called(version: str) -> str:
    return version or "the installed detector"
