"""Getting a model once, and keeping it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import NamedTuple, Protocol

from neural_lab.backends.hub import REVISION, folder_named, is_folder
from neural_lab.backends.hub_files import require_hub
from neural_lab.backends.model_folder import CONFIG, files_of
from neural_lab.errors import InvalidRequest, ModelUnavailable
from neural_lab.models import card
from neural_lab.models.configuration import architecture, configuration, kind_of, refuse_code
from neural_lab.models.given import About, Given, from_folder, from_hub
from neural_lab.models.kept import SOURCE, Kept, Kind, kept_model, records
from neural_lab.models.name import checked
from neural_lab.models.place import alone, draft, make_room


class Watch(Protocol):
    """Whoever is told how it goes."""

    def waits(self, name: str) -> None:
        """Another process gets the same model now."""

    def offered(self, about: About, count: int) -> None:
        """What is about to be brought, and how many bytes it has: 0 where nobody says."""

    def moved(self, count: int) -> None:
        """So many more bytes have come, fewer where some have to come again."""


class Pulled(NamedTuple):
    """`fresh` says that it was not kept before."""

    kept: Kept
    fresh: bool


def pull(
    source: str, revision: str | None, kind: Kind | None, watch: Watch, home: Path | None = None
) -> Pulled:
    """Keep a model of the hub, at `revision` or where its default branch is now; or one in a folder.

    What is kept already is neither fetched again nor replaced. `kind` is what the
    configuration says unless given. Raises `ModelUnavailable` and `InvalidRequest`.
    """
    require_hub()
    if is_folder(source):
        return _from_folder(source, revision, kind, watch, home)
    return _from_hub(checked(source), _full(revision), kind, watch, home)


def _from_hub(name: str, revision: str | None, kind: Kind | None, watch: Watch, home: Path | None) -> Pulled:
    with alone(name, home, lambda: watch.waits(name)) as folder:
        kept = kept_model(name, home) if folder.exists() else None
        at = kept.revision if kept else revision
        if kept and _whole(kept, kind, same=at is not None and revision in (None, at)):
            return Pulled(kept, fresh=False)
        return Pulled(_keep(from_hub(name, at), _kind(kept, kind), folder, watch), fresh=True)


def _from_folder(
    source: str, revision: str | None, kind: Kind | None, watch: Watch, home: Path | None
) -> Pulled:
    if revision is not None:
        message = "A folder has no --revision; leave it out, or name a model of the hub."
        raise InvalidRequest("revision", message)
    given = from_folder(folder_named(source))
    with alone(given.about.name, home, lambda: watch.waits(given.about.name)) as folder:
        kept = kept_model(given.about.name, home) if folder.exists() else None
        if kept and _whole(kept, kind, same=given.checksums.items() <= kept.checksums.items()):
            return Pulled(kept, fresh=False)
        return Pulled(_keep(given, _kind(kept, kind or given.about.kind), folder, watch), fresh=True)


def _whole(kept: Kept, kind: Kind | None, *, same: bool) -> bool:
    """Whether nothing has to be brought.

    What is kept may be what a detector was calibrated with: it is put right, and never
    replaced by something else. Raises `InvalidRequest`.
    """
    if same and kind in (None, kept.kind):
        return not kept.altered()
    at = f"at revision {kept.revision}" if kept.revision else "out of a folder"
    message = (
        f"{kept.name} is kept already, {at}, as {kept.kind}; to have another in its place, delete it first: "
        f"neural-lab models remove {kept.name}"
    )
    raise InvalidRequest("other_model", message)


def _kind(kept: Kept | None, kind: Kind | None) -> Kind | None:
    return kept.kind if kept else kind


def _full(revision: str | None) -> str | None:
    if revision is None or REVISION.fullmatch(revision):
        return revision
    message = "--revision has to be the full hash of a commit, 40 digits, as the hub shows it: names move."
    raise InvalidRequest("revision", message)


def _keep(given: Given, kind: Kind | None, folder: Path, watch: Watch) -> Kept:
    about = given.about
    make_room(about.name, given.bytes, folder.parent)
    watch.offered(about, given.bytes)
    with draft(folder) as begun:
        _bring(given, kind, begun / SOURCE, watch)
        kept = _described(begun, about, kind)
        _same(kept, given)
        kept.write()
        card.write(kept)
    return replace(kept, folder=folder)


def _bring(given: Given, kind: Kind | None, source: Path, watch: Watch) -> None:
    """All files; what the configuration, the first of them, forbids is found out before the weights come."""
    source.mkdir()
    for name in given.files:
        given.bring(name, source / name, watch.moved)
        if name == CONFIG:
            refuse_code(configuration(source), given.about.name)
            _used_as(source, given.about.name, kind)
    files_of(source)


def _same(kept: Kept, given: Given) -> None:
    """Raises `ModelUnavailable` where a file changed between its checksum and its copy."""
    changed = [name for name, known in given.checksums.items() if kept.checksums.get(name) != known]
    if changed:
        message = f"{', '.join(changed)} of {kept.name} changed while it was copied; pull it again."
        raise ModelUnavailable("altered_model", message)


def _described(folder: Path, about: About, kind: Kind | None) -> Kept:
    source = folder / SOURCE
    return Kept(
        folder,
        about.name,
        about.revision,
        about.origin,
        _used_as(source, about.name, kind),
        architecture(configuration(source)),
        about.licence,
        records(source),
    )


def _used_as(source: Path, name: str, kind: Kind | None) -> Kind:
    return kind or kind_of(configuration(source), name)
