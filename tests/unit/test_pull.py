"""Getting models: from a hub that does all that a hub can do wrong, and out of folders."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic

import pytest
from helpers import needed
from hub_server import REVISION, Hub, running

needed("transformers")

from neural_lab.backends.hub import OFFLINE
from neural_lab.errors import InvalidRequest, LabError, ModelUnavailable
from neural_lab.models.given import About
from neural_lab.models.kept import Kept, kept_model
from neural_lab.models.pull import Pulled, pull

NAME, API, WEIGHTS = "tiny/gpt2", "/api/models/tiny/gpt2", "model.safetensors"
QUICK = "0.5"


class Watch:
    """Remembers what it was told."""

    def __init__(self) -> None:
        self.offers: list[tuple[About, int]] = []
        self.waited = threading.Event()
        self.count = 0

    def waits(self, name: str) -> None:
        self.waited.set()

    def offered(self, about: About, count: int) -> None:
        self.offers.append((about, count))

    def moved(self, count: int) -> None:
        self.count += count


@pytest.fixture
def model(large: Callable[[str], Path], tmp_path: Path) -> Path:
    return Path(shutil.copytree(large("gpt2"), tmp_path / "gpt2"))


@pytest.fixture
def hub(model: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    for name in (*OFFLINE, "HF_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    with running(Hub({NAME: model})) as made:
        monkeypatch.setenv("HF_ENDPOINT", made.address)
        yield made


def get(source: object = NAME, revision: str | None = None, kind: str | None = None) -> Pulled:
    return pull(str(source), revision, kind, Watch())  # type: ignore[arg-type]


def left(home: Path) -> list[str]:
    """What lies where models are kept, except for locks."""
    folder = home / "models"
    return sorted(p.name for p in folder.iterdir() if p.suffix != ".lock") if folder.exists() else []


def refused(code: str, home: Path, *arguments: object) -> str:
    """The message, once it is sure that nothing was kept."""
    with pytest.raises((ModelUnavailable, InvalidRequest)) as failure:
        get(*arguments)  # type: ignore[arg-type]
    assert failure.value.code == code, failure.value.message
    assert left(home) == []
    return failure.value.message


def test_a_model_of_the_hub_is_pinned_and_kept(hub: Hub, home: Path, model: Path) -> None:
    watch = Watch()
    kept, fresh = pull(NAME, None, None, watch)
    assert fresh
    assert (kept.name, kept.revision, kept.origin, kept.kind) == (NAME, REVISION, "hub", "scorer")
    assert (kept.architecture, kept.licence) == ("GPT2LMHeadModel", "mit")
    assert kept == kept_model(NAME)
    assert kept.folder == home / "models" / "tiny--gpt2"
    assert left(home) == ["tiny--gpt2"]
    (about, count), total = watch.offers[0], sum(file["bytes"] for file in kept.files.values())
    assert (about.revision, count, watch.count) == (REVISION, total, total)
    for name in ("config.json", WEIGHTS, "tokenizer.json"):
        assert (kept.source / name).read_bytes() == (model / name).read_bytes()


def test_of_a_branch_that_moves_the_commit_is_fetched_that_was_named(hub: Hub) -> None:
    get()
    assert all(f"/resolve/{REVISION}/" in path for path in hub.asked[1:])
    assert hub.asked[0] == API


def test_what_is_kept_is_not_asked_for_again(hub: Hub) -> None:
    kept = get().kept
    asked = len(hub.asked)
    assert get() == (kept, False)
    assert get(NAME, REVISION) == (kept, False)
    assert len(hub.asked) == asked


def test_a_kept_model_is_not_replaced_by_another(hub: Hub, home: Path) -> None:
    before = get().kept
    for arguments in ((NAME, REVISION[::-1]), (NAME, None, "encoder")):
        with pytest.raises(InvalidRequest, match="models remove") as failure:
            get(*arguments)
        assert failure.value.code == "other_model"
    assert kept_model(NAME) == before


@pytest.mark.parametrize("damage", ["missing", "shorter", "altered"])
def test_what_was_damaged_is_put_right_at_the_same_revision(hub: Hub, damage: str) -> None:
    kept = get().kept
    weights = kept.source / WEIGHTS
    data = weights.read_bytes()
    if damage == "missing":
        weights.unlink()
    else:
        weights.write_bytes(data[:-1] if damage == "shorter" else data[:-1] + b"?")
    kept.onnx.mkdir()
    (kept.onnx / "made").write_text("here")
    again, fresh = get()
    assert fresh
    assert again == kept
    assert weights.read_bytes() == data
    assert (kept.onnx / "made").read_text() == "here"
    assert hub.asked.count(f"{API}/revision/{REVISION}") == 1


def test_only_what_is_needed_is_fetched_and_never_code_or_pickles(hub: Hub, model: Path) -> None:
    for name in (
        "pytorch_model.bin",
        "tf_model.h5",
        "modeling_own.py",
        "model.fp16.safetensors",
        "vocab.json",
    ):
        (model / name).write_text("never")
    (model / "LICENSE").write_text("Do as you like.")
    get()
    assert sorted(hub.files()) == ["LICENSE", "config.json", WEIGHTS, "tokenizer.json"]


def test_weights_in_parts_are_fetched_whole(hub: Hub, model: Path) -> None:
    from safetensors.torch import load_file, save_file

    tensors = load_file(model / WEIGHTS)
    names = sorted(tensors)
    parts = {"model-00001-of-00002.safetensors": names[::2], "model-00002-of-00002.safetensors": names[1::2]}
    for part, mine in parts.items():
        save_file({name: tensors[name] for name in mine}, model / part, {"format": "pt"})
    (model / WEIGHTS).unlink()
    index = {"weight_map": {name: part for part, mine in parts.items() for name in mine}}
    (model / "model.safetensors.index.json").write_text(json.dumps(index))
    assert set(get().kept.files) >= {*parts, "model.safetensors.index.json"}


def test_a_part_that_the_hub_lacks_is_missed(hub: Hub, model: Path, home: Path) -> None:
    (model / WEIGHTS).rename(model / "model-00001-of-00002.safetensors")
    index = {"weight_map": {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"}}
    (model / "model.safetensors.index.json").write_text(json.dumps(index))
    refused("missing_weights", home)


@pytest.mark.parametrize(
    ("card", "licence"),
    [
        ({"license": "apache-2.0"}, "apache-2.0"),
        ({"license": "other", "license_name": "llama3"}, "llama3"),
        ({"license": ["mit", "cc-by-4.0"]}, "mit, cc-by-4.0"),
        ({}, ""),
    ],
)
def test_the_licence_is_what_the_hub_names(hub: Hub, card: dict[str, object], licence: str) -> None:
    hub.card = card
    kept = get().kept
    assert kept.licence == licence
    assert (licence or "unknown: look it up") in (kept.folder / "card.md").read_text("utf-8")


def test_a_mirror_may_leave_out_sizes_and_checksums(hub: Hub) -> None:
    hub.sums = False
    assert get().fresh


def test_a_connection_that_breaks_is_taken_up_where_it_broke(hub: Hub, model: Path) -> None:
    size = (model / WEIGHTS).stat().st_size
    hub.cuts[WEIGHTS] = size // 3 + 1
    kept = get().kept
    assert (kept.source / WEIGHTS).read_bytes() == (model / WEIGHTS).read_bytes()
    assert hub.files().count(WEIGHTS) == 3


def test_a_hub_that_never_sends_the_whole_file_is_given_up(hub: Hub, home: Path) -> None:
    hub.cuts[WEIGHTS], hub.ranges = 1000, False
    refused("hub_unreachable", home)
    assert hub.files().count(WEIGHTS) == 2


@pytest.mark.parametrize("of", ["*", API])
@pytest.mark.parametrize(
    ("status", "given", "code"),
    [
        (404, "RepoNotFound", "no_such_model"),
        (404, "RevisionNotFound", "no_such_model"),
        (401, "", "no_such_model"),
        (403, "GatedRepo", "not_allowed"),
        (403, "", "not_allowed"),
        (302, "", "hub_unreachable"),
        (500, "", "hub_unreachable"),
        (503, "", "hub_unreachable"),
    ],
)
def test_a_hub_that_refuses_is_quoted(
    hub: Hub, home: Path, of: str, status: int, given: str, code: str
) -> None:
    hub.statuses[of] = (status, given)
    begun = monotonic()
    refused(code, home)
    assert monotonic() - begun < 5


def test_large_files_come_from_where_the_hub_says_and_the_token_stays_with_the_hub(
    hub: Hub, model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_for_the_hub_alone")
    with running(Hub({NAME: model})) as store:
        hub.store = store.address.replace("127.0.0.1", "localhost")
        store.cuts[WEIGHTS] = 1000
        kept = get().kept
    assert (kept.source / WEIGHTS).read_bytes() == (model / WEIGHTS).read_bytes()
    assert {*hub.tokens} == {"Bearer hf_for_the_hub_alone"}
    assert {*store.files()} == {WEIGHTS}
    assert {*store.tokens} == {None}


def test_what_the_hub_does_not_have_it_does_not_have(hub: Hub, home: Path) -> None:
    assert "HF_TOKEN" in refused("no_such_model", home, "tiny/other")
    assert "revision" in refused("no_such_model", home, NAME, REVISION[::-1])


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[]", b"{}", b'{"id": "x"}', b'{"id": "x", "sha": "main"}']
)
def test_an_answer_in_no_known_form_is_none(hub: Hub, home: Path, body: bytes) -> None:
    hub.bodies[API] = body
    refused("hub_unreachable", home)


def test_a_hub_that_answers_for_another_commit_is_not_believed(hub: Hub, home: Path) -> None:
    hub.bodies[f"{API}/revision/{REVISION[::-1]}"] = json.dumps(hub.listing(NAME)).encode()
    refused("hub_unreachable", home, NAME, REVISION[::-1])


@pytest.mark.parametrize("variable", ["HF_HUB_ETAG_TIMEOUT", "HF_HUB_DOWNLOAD_TIMEOUT"])
def test_a_hub_that_hangs_is_told_of_in_time(
    hub: Hub, home: Path, variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, QUICK)
    hub.statuses[API] = (0, "") if variable == "HF_HUB_ETAG_TIMEOUT" else (200, "")
    hub.stalls[WEIGHTS] = 100
    begun = monotonic()
    assert "try again later" in refused("hub_unreachable", home).lower()
    assert monotonic() - begun < 4


def test_a_hub_that_is_not_there_is_told_of_at_once(
    hub: Hub, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    begun = monotonic()
    refused("hub_unreachable", home)
    assert monotonic() - begun < 3


@pytest.mark.parametrize("file", [WEIGHTS, "config.json"])
def test_a_file_that_is_not_what_the_hub_says_is_thrown_away(
    hub: Hub, home: Path, model: Path, file: str
) -> None:
    data = (model / file).read_bytes()
    for other in (data[:-1] + b" ", data[:-1], data + b" "):
        hub.bodies[f"/{NAME}/resolve/{REVISION}/{file}"] = other
        assert file in refused("altered_download", home)


def test_weights_that_are_only_pickled_are_refused_before_anything_is_fetched(
    hub: Hub, home: Path, model: Path
) -> None:
    (model / WEIGHTS).rename(model / "pytorch_model.bin")
    assert "pytorch_model.bin" in refused("pickled_weights", home)
    (model / "pytorch_model.bin").unlink()
    refused("no_weights", home)
    assert hub.files() == []


@pytest.mark.parametrize(
    ("missing", "code"), [("tokenizer.json", "no_tokenizer"), ("config.json", "no_model")]
)
def test_a_model_without_what_it_needs_is_refused(
    hub: Hub, home: Path, model: Path, missing: str, code: str
) -> None:
    (model / missing).unlink()
    refused(code, home)
    assert hub.files() == []


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"model_type": "own", "auto_map": {"AutoModel": "own.Own"}}, "needs_code"),
        ({"architectures": ["T5ForConditionalGeneration"], "model_type": "t5"}, "unknown_kind"),
        ({"architectures": None, "model_type": None}, "unknown_kind"),
    ],
)
def test_a_model_that_cannot_be_used_is_refused_before_its_weights_come(
    hub: Hub, home: Path, model: Path, more: dict[str, object], code: str
) -> None:
    config = json.loads((model / "config.json").read_text())
    (model / "config.json").write_text(json.dumps(config | more))
    refused(code, home)
    assert hub.files() == ["config.json"]


def test_code_that_is_not_needed_is_left_where_it_is(hub: Hub, model: Path) -> None:
    config = json.loads((model / "config.json").read_text())
    (model / "config.json").write_text(json.dumps(config | {"auto_map": {"AutoModel": "own.Own"}}))
    assert get().kept.kind == "scorer"


def test_the_kind_can_be_said(hub: Hub) -> None:
    assert get(NAME, None, "encoder").kept.kind == "encoder"


@pytest.mark.parametrize("family", ["roberta", "bert"])
def test_encoders_are_known_as_such(large: Callable[[str], Path], family: str) -> None:
    folder = large(family)
    kept = get(folder).kept
    assert (kept.kind, kept.origin, kept.revision) == ("encoder", "folder", None)


def test_offline_nothing_is_asked(hub: Hub, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in OFFLINE:
        monkeypatch.setenv(name, "1")
        refused("offline", home)
        monkeypatch.delenv(name)
    assert hub.asked == []


def test_offline_what_is_kept_is_found(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = get().kept
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    assert get() == (kept, False)


def test_a_model_larger_than_the_disk_is_refused_before_it_comes(hub: Hub, home: Path, model: Path) -> None:
    (model / WEIGHTS).unlink()
    hub.extra[WEIGHTS] = 10**16
    assert "10,000,000,000,0" in refused("disk_full", home)
    assert hub.files() == []


@pytest.mark.parametrize(
    "name",
    [
        "../x",
        "..",
        "C:\\x",
        "x" * 300,
        "a/" + "b" * 300,
        "",
        " ",
        "a//b",
        "/etc/nothing",
        "a\x00b",
        "a\nb",
        "~nobody-here/x",
    ],
)
def test_what_is_neither_name_nor_folder_is_refused(hub: Hub, home: Path, name: str) -> None:
    refused("no_model", home, name)
    assert hub.asked == []


@pytest.mark.parametrize("name", ["a..b", "a--b", "a/b--c", "a.", "a/b-"])
def test_names_that_no_hub_has_are_refused(hub: Hub, home: Path, name: str) -> None:
    refused("model_name", home, name)
    assert hub.asked == []


@pytest.mark.parametrize("revision", ["", "main", REVISION[:7], REVISION.upper(), "../" + REVISION])
def test_a_revision_is_a_full_hash(hub: Hub, home: Path, revision: str) -> None:
    refused("revision", home, NAME, revision)
    assert hub.asked == []


def test_files_of_the_hub_stay_in_their_folder(hub: Hub, home: Path) -> None:
    hub.extra |= {
        "../../model.safetensors": 1,
        "tokenizer/../../x": 1,
        "LICENSE\\..\\x": 1,
        "LICENSE/../x": 1,
    }
    get()
    assert left(home) == ["tiny--gpt2"]
    assert sorted(hub.files()) == ["config.json", WEIGHTS, "tokenizer.json"]


def test_two_at_once_fetch_once(hub: Hub, home: Path) -> None:
    hub.held.clear()
    results: list[Pulled] = []
    watch = Watch()
    threads = [
        threading.Thread(target=lambda: results.append(pull(NAME, None, None, watch))) for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    assert watch.waited.wait(10)
    hub.held.set()
    for thread in threads:
        thread.join(20)
    assert sorted(each.fresh for each in results) == [False, True]
    assert hub.files().count(WEIGHTS) == 1
    assert left(home) == ["tiny--gpt2"]


def test_what_a_killed_process_left_is_cleared_away(hub: Hub, home: Path) -> None:
    draft = home / "models" / ".tiny--gpt2.part"
    (draft / "source").mkdir(parents=True)
    (draft / "source" / "config.json").write_text("{")
    get()
    assert left(home) == ["tiny--gpt2"]


def test_a_folder_is_copied_once(model: Path, home: Path) -> None:
    (model / "README.md").write_text("---\nlanguage: en\nlicense: 'apache-2.0'\n---\n# A model\n")
    kept, fresh = get(model)
    assert fresh
    assert (kept.name, kept.revision, kept.origin, kept.licence) == ("gpt2", None, "folder", "apache-2.0")
    assert get(model) == (kept, False)
    (model / "config.json").write_text((model / "config.json").read_text() + " ")
    with pytest.raises(InvalidRequest) as failure:
        get(model)
    assert failure.value.code == "other_model"
    shutil.rmtree(model)
    kept.verify()


def test_a_folder_and_a_model_of_the_hub_are_not_taken_for_each_other(hub: Hub, model: Path) -> None:
    hub.models["gpt2"] = model
    get(model)
    with pytest.raises(InvalidRequest) as failure:
        get("gpt2")
    assert failure.value.code == "other_model"


def test_a_folder_that_changes_while_it_is_copied_is_not_kept(model: Path, home: Path) -> None:
    class Meddler(Watch):
        def offered(self, about: About, count: int) -> None:
            weights = bytearray((model / WEIGHTS).read_bytes())
            weights[-1] ^= 1
            (model / WEIGHTS).write_bytes(weights)

    with pytest.raises(ModelUnavailable, match="changed while") as failure:
        pull(str(model), None, None, Meddler())
    assert failure.value.code == "altered_model"
    assert left(home) == []


def test_what_is_altered_is_got_again_as_it_is_said(hub: Hub, model: Path) -> None:
    """By the command that the message names, from where the model came."""
    for source, command in ((model, "neural-lab models pull PATH/TO/gpt2"), (NAME, f"models pull {NAME}")):
        kept = get(source).kept
        (kept.source / WEIGHTS).write_bytes(b"other")
        with pytest.raises(ModelUnavailable, match=f"{command}$"):
            kept.verify()
        again = get(source)
        assert again.fresh
        assert again.kept == kept
        again.kept.verify()


def test_what_another_machine_kept_keeps_its_name(hub: Hub, tmp_path: Path) -> None:
    kept = get().kept
    stick = Path(shutil.copytree(kept.folder, tmp_path / "stick"))
    again = pull(str(stick), None, None, Watch(), tmp_path / "other").kept
    assert again.record() == kept.record()
    assert again.folder == tmp_path / "other" / "models" / "tiny--gpt2"
    (stick / "source" / WEIGHTS).write_bytes(b"other")
    with pytest.raises(ModelUnavailable) as failure:
        pull(str(stick), None, None, Watch(), tmp_path / "third")
    assert failure.value.code == "altered_model"


def test_a_commit_in_the_cache_of_the_hubs_tools_is_known(
    large: Callable[[str], Path], tmp_path: Path
) -> None:
    commit = tmp_path / "models--tiny--gpt2" / "snapshots" / REVISION
    commit.mkdir(parents=True)
    for path in large("gpt2").iterdir():
        (commit / path.name).symlink_to(path)
    kept = get(commit).kept
    assert (kept.name, kept.revision) == (NAME, REVISION)
    assert not (kept.source / WEIGHTS).is_symlink()


@pytest.mark.parametrize(
    ("file", "code"),
    [(WEIGHTS, "no_weights"), ("tokenizer.json", "no_tokenizer"), ("config.json", "no_model")],
)
def test_a_folder_without_a_model_is_refused(model: Path, home: Path, file: str, code: str) -> None:
    (model / file).unlink()
    refused(code, home, model)


def test_a_folder_has_no_revision_to_choose(model: Path, home: Path) -> None:
    refused("revision", home, model, REVISION)


def test_nothing_goes_wrong_silently(hub: Hub) -> None:
    """Every failure is one of the lab's own, with a sentence."""
    hub.statuses[f"/{NAME}/resolve/{REVISION}/tokenizer.json"] = (410, "")
    with pytest.raises(LabError) as failure:
        get()
    assert failure.value.message.endswith(".")


def names_of(kept: Kept) -> set[str]:
    return {path.name for path in kept.folder.iterdir()}


def test_a_kept_model_has_its_record_and_its_card(hub: Hub) -> None:
    kept = get().kept
    assert names_of(kept) == {"model.json", "card.md", "source"}
    assert json.loads((kept.folder / "model.json").read_text("utf-8"))["schema"] == 1
    card = (kept.folder / "card.md").read_text("utf-8")
    assert REVISION in card
    assert "None yet: `neural-lab models export tiny/gpt2`" in card
