"""The registry of detectors: who answers, the way back, and what a kill at any moment leaves."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from kept_detectors import bundle, damage

from neural_lab.backends.bundle import Bundle
from neural_lab.compose import EMBEDDED, open_lab
from neural_lab.detectors import disk
from neural_lab.detectors.happened import What
from neural_lab.detectors.registry import ChampionChanged, Registry
from neural_lab.errors import InvalidRequest, LabError, ModelUnavailable, NotFound, Overloaded

VERSIONS = ("a.1", "a.2", "a.3", "a.4")


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A registry with four detectors, none of which was ever chosen."""
    folder = tmp_path_factory.mktemp("kept")
    for version in VERSIONS:
        Registry(folder / "detectors").add(bundle(folder / version, version))
    return folder / "detectors"


@pytest.fixture
def registry(kept: Path, home: Path) -> Registry:
    """A copy in the home of the test."""
    shutil.copytree(kept, home / "detectors", copy_function=linked)
    return Registry()


def linked(source: str, place: str) -> None:
    """Large files, that are read alone, are the same ones on the disk."""
    (os.link if source.endswith((".onnx", ".npy")) else shutil.copy2)(source, place)


def named(registry: Registry) -> list[str]:
    return [each.version for each in registry.versions()]


def test_where_nothing_was_chosen_the_installed_detector_answers() -> None:
    registry = Registry()
    assert (registry.champion(), registry.challenger(), registry.pointer()) == (None, None, None)
    assert registry.versions() == registry.history() == []
    assert not registry.folder.exists()
    with pytest.raises(NotFound, match="promote embedded"):
        registry.rollback()


def test_a_version_says_name_version_and_manifest(registry: Registry) -> None:
    from hashlib import sha256

    for version, short in zip(named(registry), VERSIONS, strict=True):
        manifest = (registry.folder_of(version) / "manifest.json").read_bytes()
        assert version == f"embedded-{short}-{sha256(manifest).hexdigest()[:12]}"
        registry.verify(version)


def test_what_is_here_already_is_added_once(registry: Registry) -> None:
    before, history = registry.versions(), registry.history()
    assert registry.add(registry.folder_of(before[0].version)) == before[0].version
    assert registry.versions() == before
    assert registry.history() == history


def test_the_way_back_is_one_step(registry: Registry) -> None:
    first, second, *_ = named(registry)
    registry.promote(first)
    registry.promote(second)
    registry.promote(second)
    assert registry.champion() == second
    assert registry.rollback() == registry.champion() == first
    with pytest.raises(NotFound):
        registry.rollback()
    assert registry.champion() == first
    registry.promote("")
    assert registry.champion() is None
    assert registry.rollback() == first


def test_a_promotion_that_was_decided_against_another_champion_is_refused(registry: Registry) -> None:
    first, second, third, _ = named(registry)
    registry.promote(first, instead_of="")
    with pytest.raises(ChampionChanged, match=f"{first} answers by now, and not the installed"):
        registry.promote(second, instead_of="")
    registry.promote(second, instead_of=first)
    registry.rollback()
    with pytest.raises(ChampionChanged, match=first):
        registry.promote(third, instead_of=second)
    assert registry.champion() == first
    assert [each.what for each in registry.history()[4:]] == ["promoted", "promoted", "rolled_back"]


def test_two_detectors_never_have_one_name_and_version(registry: Registry, tmp_path: Path) -> None:
    before = registry.versions()
    for version in (VERSIONS[0], Bundle(EMBEDDED).detector().version):
        with pytest.raises(InvalidRequest, match="--version"):
            registry.add(bundle(tmp_path / version, version, 0.5))
    assert registry.versions() == before
    kept = registry.add(EMBEDDED)
    assert kept in named(registry)


def test_the_first_one_gives_way_to_the_installed_one(registry: Registry) -> None:
    registry.promote(named(registry)[0])
    assert registry.rollback() is None
    assert registry.champion() is None


def test_who_and_why_stand_in_the_history(registry: Registry) -> None:
    first, second, *_ = named(registry)
    registry.promote(first, "ada", "better")
    registry.set_challenger(second)
    registry.note(What.REFUSED, second, "retrain", "unfair")
    registry.rollback("ada")
    found = [(each.what, each.version, each.before, each.who, each.why) for each in registry.history()[4:]]
    assert found == [
        ("promoted", first, "", "ada", "better"),
        ("challenged", second, None, "", ""),
        ("refused", second, None, "retrain", "unfair"),
        ("rolled_back", "", first, "ada", ""),
    ]


def test_a_challenger_that_is_promoted_challenges_no_more(registry: Registry) -> None:
    first, second, *_ = named(registry)
    registry.set_challenger(first)
    registry.promote(second)
    assert registry.challenger() == first
    registry.promote(first)
    assert registry.challenger() is None
    registry.set_challenger(second)
    registry.set_challenger(None)
    assert registry.challenger() is None


def test_the_oldest_go_but_none_that_is_in_use_or_the_way_back(registry: Registry) -> None:
    first, second, third, fourth = named(registry)
    registry.promote(first)
    registry.promote(fourth)
    assert registry.keep(4) == []
    assert registry.keep(2) == [second, third]
    assert registry.keep(1) == registry.keep(0) == []
    assert named(registry) == [first, fourth]
    for version in (first, fourth):
        with pytest.raises(InvalidRequest, match="has to stay"):
            registry.remove(version)
    registry.rollback()
    registry.remove(fourth)
    assert named(registry) == [first]


def test_a_folder_that_lies_among_them_is_nobodys_to_delete(registry: Registry) -> None:
    before = named(registry)
    mine = bundle(registry.folder / "large", "a.9")
    assert named(registry) == before
    with pytest.raises(NotFound):
        registry.remove("large")
    assert registry.keep(0) == before
    assert (mine / "manifest.json").exists()


@pytest.mark.parametrize("typed", ["", ".", "..", "nowhere", "../detectors", "champion.json", "/", ".lock"])
def test_names_lead_nowhere_else(registry: Registry, typed: str) -> None:
    for act in (registry.remove, registry.set_challenger, registry.folder_of):
        with pytest.raises(NotFound):
            act(typed)
    if typed:
        with pytest.raises(NotFound):
            registry.promote(typed)


def test_what_is_damaged_is_neither_added_nor_chosen(registry: Registry, tmp_path: Path) -> None:
    first, second, *_ = named(registry)
    bad = bundle(tmp_path / "bad", "b.1")
    damage(bad)
    for broken in (bad, tmp_path, tmp_path / "nowhere"):
        with pytest.raises(ModelUnavailable):
            registry.add(broken)
    unlinked(registry, first)
    damage(registry.folder / first)
    for choose in (registry.promote, registry.set_challenger):
        with pytest.raises(ModelUnavailable):
            choose(first)
    assert registry.champion() is registry.challenger() is None
    registry.promote(second)
    assert sorted(path.name for path in registry.folder.iterdir() if path.is_dir()) == sorted(named(registry))


def unlinked(registry: Registry, version: str) -> None:
    """Files of its own, so that others are not damaged with them."""
    place = registry.folder / version
    shutil.copytree(place, registry.folder / "copy")
    shutil.rmtree(place)
    (registry.folder / "copy").rename(place)


def test_a_damaged_one_is_repaired_by_adding_it_again(registry: Registry, tmp_path: Path) -> None:
    first = named(registry)[0]
    shutil.copytree(registry.folder_of(first), tmp_path / "good")
    unlinked(registry, first)
    damage(registry.folder / first)
    assert registry.add(tmp_path / "good") == first
    registry.verify(first)


def test_a_bundle_that_was_sealed_anew_in_its_place_is_not_taken(registry: Registry, tmp_path: Path) -> None:
    first = named(registry)[0]
    shutil.rmtree(registry.folder / first)
    bundle(registry.folder / first, "b.2")
    with pytest.raises(ModelUnavailable, match="another detector"):
        registry.promote(first)


def test_a_lab_is_opened_on_the_champion_unless_a_bundle_is_named(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, *_ = named(registry)
    registry.promote(first)
    assert open_lab().detector.version == VERSIONS[0]
    assert open_lab(registry.folder_of(second)).detector.version == VERSIONS[1]
    monkeypatch.setenv("NEURAL_LAB_BUNDLE", str(EMBEDDED))
    assert open_lab().detector.version not in VERSIONS
    monkeypatch.delenv("NEURAL_LAB_BUNDLE")
    registry.rollback()
    assert open_lab().detector.version not in VERSIONS


@pytest.mark.parametrize("how", ["altered", "removed", "emptied"])
def test_a_champion_that_is_damaged_names_the_way_back(registry: Registry, how: str) -> None:
    first = named(registry)[0]
    registry.promote(first)
    unlinked(registry, first)
    if how == "altered":
        damage(registry.folder / first)
    elif how == "removed":
        shutil.rmtree(registry.folder / first)
    else:
        (registry.folder / first / "manifest.json").write_text("")
    with pytest.raises(ModelUnavailable, match="neural-lab detectors rollback") as failure:
        open_lab()
    assert first in failure.value.message
    registry.rollback()
    assert open_lab().detector.version not in VERSIONS


@pytest.mark.parametrize("content", ["", "{", "[]", '{"version": 5, "since": ""}', '{"version": "a"}'])
def test_a_pointer_that_cannot_be_read_is_no_champion_and_promoting_repairs_it(
    registry: Registry, content: str
) -> None:
    first = named(registry)[0]
    (registry.folder / "champion.json").write_text(content)
    for act in (registry.champion, registry.rollback, lambda: registry.keep(0), open_lab):
        with pytest.raises(ModelUnavailable, match=r"champion\.json"):
            act()
    registry.promote(first)
    assert registry.champion() == first
    with pytest.raises(NotFound):
        registry.rollback()


WRITER = """
import os, sys
from pathlib import Path
from neural_lab.detectors import disk
from neural_lab.detectors.registry import Registry

step, left, act = sys.argv[1], int(sys.argv[2]), sys.argv[3]
calls, real = 0, {"fsync": os.fsync, "replace": os.replace, "rename": os.rename}
def counted(name):
    def run(*given, **more):
        global calls
        calls += 1
        if calls == left and step == "before":
            os.kill(os.getpid(), 9)
        found = real[name](*given, **more)
        if calls == left and step == "after":
            os.kill(os.getpid(), 9)
        return found
    return run
for name in real:
    setattr(os, name, counted(name))
exec(act, {"registry": Registry(), "Path": Path})
print(calls)
"""


def killed(act: str, step: str, call: int) -> int:
    """How many of its calls were to make something last, of a writer that is killed at one of them."""
    command = [sys.executable, "-c", WRITER, step, str(call), act]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode in (0, -9), ended.stderr
    return int(ended.stdout or 0)


def state(registry: Registry) -> tuple[object, ...]:
    for version in named(registry):
        registry.verify(version)
    return registry.champion(), registry.challenger(), tuple(named(registry))


ACTS = {
    "promote": "registry.promote({second!r})",
    "rollback": "registry.rollback()",
    "remove": "registry.remove({third!r})",
    "challenge": "registry.set_challenger({third!r})",
}


@pytest.mark.parametrize("step", ["before", "after"])
@pytest.mark.parametrize("name", ACTS)
def test_a_writer_that_is_killed_leaves_one_state_or_the_next(
    registry: Registry, name: str, step: str
) -> None:
    first, second, third, _ = named(registry)
    registry.promote(first)
    act = ACTS[name].format(second=second, third=third)
    before, copy = state(registry), registry.folder.with_name("saved")
    shutil.copytree(registry.folder, copy, copy_function=linked)
    calls = killed(act, step, 0)
    after, seen = state(registry), set()
    assert calls >= 4
    assert after != before
    for call in range(1, calls + 1):
        shutil.rmtree(registry.folder)
        shutil.copytree(copy, registry.folder, copy_function=linked)
        killed(act, step, call)
        found = state(registry)
        assert found in (before, after)
        seen.add(found)
        # The next writer is not kept out, and takes away what was left.
        registry.note(What.REFUSED, third)
        assert not list(registry.folder.glob(f".*{disk.PART}"))
    assert (before if step == "before" else after) in seen


def test_an_addition_that_is_killed_is_whole_or_not_there(home: Path, tmp_path: Path) -> None:
    given, registry = bundle(tmp_path / "given", "k.1"), Registry()
    act = f"registry.add(Path({str(given)!r}))"
    calls = killed(act, "before", 0)
    (version,) = named(registry)
    for call in sorted({1, calls // 2, *range(calls - 6, calls + 1)}):
        shutil.rmtree(registry.folder)
        killed(act, "after", call)
        assert named(registry) in ([], [version])
        assert state(registry)[:2] == (None, None)
        assert registry.add(given) == version
        registry.verify(version)
        assert not list(registry.folder.glob(f".*{disk.PART}"))


def test_writers_wait_for_one_another(registry: Registry) -> None:
    first, second, third, _ = named(registry)

    def write() -> None:
        for version in (first, second, third) * 2:
            registry.set_challenger(version)

    threads = [threading.Thread(target=write) for _ in range(3)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        # Readers need no lock, and see one state or the next.
        assert registry.challenger() in (None, first, second, third)
    assert len(registry.history()) == 4 + 18


def test_a_writer_that_waits_for_too_long_says_so(registry: Registry) -> None:
    with (
        disk.locked(registry.folder),
        pytest.raises(Overloaded, match="Another command"),
        disk.locked(registry.folder, 0.05),
    ):
        raise AssertionError


def test_a_history_that_cannot_be_read_is_told(registry: Registry) -> None:
    (registry.folder / "history.jsonl").write_text("{\n")
    with pytest.raises(LabError, match="move it away"):
        registry.history()


def test_plain_json_stands_in_the_files(registry: Registry) -> None:
    first = named(registry)[0]
    registry.promote(first)
    found = json.loads((registry.folder / "champion.json").read_text())
    assert set(found) == {"version", "since", "before"}
    assert (found["version"], found["before"]) == (first, "")
    lines = (registry.folder / "history.jsonl").read_text().splitlines()
    assert [json.loads(line)["what"] for line in lines] == ["added"] * 4 + ["promoted"]
