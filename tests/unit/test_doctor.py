"""Whether the doctor sees what is wrong with a machine, and tells no secret."""

from __future__ import annotations

import json
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from command_line import flat, run, shown
from helpers import needed

from neural_lab.audit.source import Incoming
from neural_lab.backends.sqlite.store import SqliteStore
from neural_lab.compose import EMBEDDED
from neural_lab.doctor import consistency, large_models, precision, processor, pytorch, sqlite
from neural_lab.doctor.address import shown as shown_address
from neural_lab.doctor.check import Check
from neural_lab.doctor.checked import Checked, State, ok
from neural_lab.doctor.checks import NAMES
from neural_lab.doctor.machine import Machine
from neural_lab.errors import ScoringFailed
from neural_lab.models.kept import Kept, records

SECRET = "hunter2secret"


@pytest.fixture(autouse=True)
def _settings_of_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("BUNDLE", "REDIS", "HOST", "PORT", "DEVICE", "DTYPE"):
        monkeypatch.delenv(f"NEURAL_LAB_{name}", raising=False)


def rows(*options: object, code: int = 0) -> dict[str, dict[str, Any]]:
    """The rows of the checks, by name."""
    result = run("doctor", "--json", *options)
    assert result.exit_code == code, result.output
    found = json.loads(result.stdout)["checks"]
    named = {row["name"]: row for row in found}
    assert len(named) == len(found), "each row has a name of its own"
    return named


def states(*options: object, code: int = 0) -> dict[str, str]:
    return {name: row["state"] for name, row in rows(*options, code=code).items()}


def listening() -> socket.socket:
    return socket.create_server(("127.0.0.1", 0))


def test_a_sound_machine_passes_and_is_told_so(home: Path) -> None:
    with listening() as made:
        port = made.getsockname()[1]
    result = run("doctor", "--port", port)
    text = flat(result.output)
    assert result.exit_code == 0, text
    assert "should be looked at" in text or "Nothing failed." in text
    assert "Nothing was asked over the network." in text
    assert not home.exists(), "looking makes nothing"


def test_rows_for_machines_have_a_shape() -> None:
    answer = shown("doctor", "--json", "--only", "python", "--only", "bundle")
    assert {*answer} == {"schema", "program", "state", "checks", "network"}
    assert (answer["state"], answer["network"]) == ("ok", [])
    assert [row["name"] for row in answer["checks"]] == ["python", "bundle"]
    assert all({*row} == {"name", "state", "found", "advice", "figures"} for row in answer["checks"])


def test_only_known_checks_can_be_chosen() -> None:
    result = run("doctor", "--only", "brakes")
    assert result.exit_code == 2
    assert all(name in result.output for name in NAMES)


def test_whoever_has_the_base_alone_is_told_what_to_install() -> None:
    absent = ("psutil", "torch", "redis", "sqlalchemy", "asyncpg", "pydantic_settings", "uvicorn", "onnx")
    program = (
        f"import sys; sys.modules.update(dict.fromkeys({absent!r}))\nimport neural_lab.cli as c; c.main()"
    )
    urls = ("--store", "postgresql://lab@127.0.0.1:1/lab", "--redis", "redis://127.0.0.1:1/0")
    command = [sys.executable, "-c", program, "doctor", "--json", *urls]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    found = {row["name"]: row for row in json.loads(done.stdout)["checks"]}
    extras = {"settings.serve": "serve", "pytorch": "torch", "store": "postgres", "redis": "redis"}
    for name, extra in (extras | {"memory": "serve", "precision": "torch", "port": "serve"}).items():
        assert found[name]["state"] == "not here", name
        assert f"pip install 'neural-lab[{extra}]'" in found[name]["advice"]
    assert found["scoring.recorded"]["state"] == "ok"
    assert "psutil" in found["processor"]["found"]


def test_a_machine_of_little_memory_or_an_old_processor_is_warned_of(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert [row.state for row in processor.processor(Machine())] == [State.OK]
    monkeypatch.setattr(processor, "LEAST", 1 << 60)
    assert [row.state for row in processor.processor(Machine())] == [State.WARNING]
    monkeypatch.undo()
    monkeypatch.setattr(processor.platform, "machine", lambda: "x86_64")
    monkeypatch.setattr(processor, "CPUINFO", tmp_path / "cpuinfo")
    (tmp_path / "cpuinfo").write_text("flags\t\t: fpu sse sse2 avx\n")
    assert ["AVX2" in row.advice for row in processor.processor(Machine())] == [True]


def test_a_home_that_cannot_be_written_fails(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("NEURAL_LAB_HOME", str(tmp_path / "file" / "home"))
    found = rows("--only", "home", code=1)["home"]
    assert "NEURAL_LAB_HOME" in found["advice"]


@pytest.mark.parametrize(
    ("name", "value", "named"),
    [("KEEP", SECRET, "keep"), ("DTYPE", SECRET, "NEURAL_LAB_DTYPE"), ("DEVICE", "gpu", "NEURAL_LAB_DEVICE")],
)
def test_a_wrong_setting_is_named_without_its_value(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, named: str
) -> None:
    monkeypatch.setenv(f"NEURAL_LAB_{name}", value)
    found = rows("--only", "settings", code=1)["settings"]
    assert named in found["found"]
    assert value not in json.dumps(found)


def test_wrong_settings_of_the_service_are_named(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    needed("pydantic_settings")
    monkeypatch.setenv("NEURAL_LAB_PORT", SECRET)
    found = rows("--only", "settings", "--only", "port", code=1)
    assert "NEURAL_LAB_PORT" in found["settings.serve"]["found"]
    assert found["port"]["state"] == "failed"
    assert SECRET not in json.dumps(found)
    monkeypatch.delenv("NEURAL_LAB_PORT")
    assert "accounts" in str(rows("--only", "settings", "--host", "0.0.0.0", code=1)).lower()
    home.mkdir(parents=True)
    (home / "settings.toml").write_text("[serve]\nport = = 1\n")
    assert "no valid TOML" in rows("--only", "settings", code=1)["settings"]["found"]


def test_a_port_in_use_fails_and_a_free_one_does_not() -> None:
    needed("uvicorn")
    with listening() as made:
        port = made.getsockname()[1]
        assert "in use" in rows("--only", "port", "--port", port, code=1)["port"]["found"]
    assert states("--only", "port", "--port", port) == {"port": "ok"}
    other = rows("--only", "port", "--host", "192.0.2.1", "--port", port, code=1)["port"]
    assert "no address of this machine" in other["found"]


def test_few_open_files_are_warned_of(monkeypatch: pytest.MonkeyPatch) -> None:
    resource = pytest.importorskip("resource", reason="this system has no limit of open files")
    monkeypatch.setattr(resource, "getrlimit", lambda _: (256, 4096))
    assert "LimitNOFILE" in rows("--only", "files")["files"]["advice"]


def test_an_altered_bundle_fails(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    copy = tmp_path / "bundle"
    shutil.copytree(EMBEDDED, copy)
    monkeypatch.setenv("NEURAL_LAB_BUNDLE", str(copy))
    assert states("--only", "bundle") == {"bundle": "ok", "bundle.named": "ok"}
    text = (copy / "head.json").read_bytes()
    (copy / "head.json").write_bytes(text.replace(b"1", b"2", 1))
    found = rows("--only", "bundle", "--only", "scoring", code=1)
    assert "head.json" in found["bundle.named"]["found"]
    assert "head.json" in found["scoring"]["found"]
    assert found["bundle"]["state"] == "ok"


@pytest.fixture(scope="module")
def read() -> list[Checked]:
    return [*consistency.consistency(Machine())]


def test_the_embedded_detector_reads_as_it_was_recorded(read: list[Checked]) -> None:
    assert [row.name for row in read] == ["scoring.threads", "scoring.sums", "scoring.recorded"]
    again = "recorded.json has to be written anew for a new bundle: docs/checklist.md says how"
    assert [row.state for row in read] == [State.OK] * 3, again


def test_answers_that_differ_from_what_was_recorded_fail(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    known = json.loads(consistency.RECORDED.read_text())
    key, answer = next(iter(known.items()))
    monkeypatch.setattr(consistency, "RECORDED", tmp_path / "recorded.json")
    for shift, state in ((0.0, "ok"), (0.3, "ok"), (0.6, "failed"), (float("nan"), "failed")):
        moved = [answer[0] + shift, *answer[1:]]
        (tmp_path / "recorded.json").write_text(json.dumps({key: moved}))
        assert consistency._recorded(key, answer).state == state, shift
    assert consistency._recorded(key, answer[1:]).state == "failed"
    assert consistency._recorded("another", answer).state == "not here"


def test_threads_and_sums_that_do_not_agree_fail() -> None:
    _, most, report = consistency._read(1)
    assert consistency._threads([1.0, 2.0], [1.0, 2.0 + 1e-7], most).state == "ok"
    assert consistency._threads([1.0, 2.0], [1.0, 2.0 + 1e-5], most).state == "failed"
    assert consistency._sums(report).state == "ok"
    shifted = SimpleNamespace(sentences=report.sentences, probability=report.probability + 1e-8)
    assert consistency._sums(shifted).state == "failed"  # type: ignore[arg-type]


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "lab.db"
    SqliteStore(path).close()
    return path


def looked(path: Path, code: int = 0) -> dict[str, dict[str, Any]]:
    return rows("--only", "store", "--store", f"sqlite:///{path}", code=code)


def changed(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(statement)
        connection.commit()


def test_a_sound_database_file_passes_and_is_not_changed(database: Path) -> None:
    before = database.read_bytes()
    assert {row["state"] for row in looked(database).values()} == {"ok"}
    assert {*looked(database)} == {"store.sqlite", "store", "store.journal", "store.integrity"}
    assert database.read_bytes() == before


def test_a_database_that_was_named_and_is_not_there_is_warned_of(tmp_path: Path) -> None:
    assert looked(tmp_path / "other.db")["store"]["state"] == "warning"
    assert rows("--only", "store")["store"]["state"] == "not here"
    assert not (tmp_path / "other.db").exists()


def test_a_database_of_another_version_or_program_is_told_apart(database: Path, tmp_path: Path) -> None:
    changed(database, "pragma user_version = 1")
    assert looked(database)["store"]["state"] == "warning"
    changed(database, "pragma user_version = 999")
    assert "newer version" in looked(database, 1)["store"]["found"]
    foreign = tmp_path / "foreign.db"
    changed(foreign, "create table t (x)")
    assert "another program" in looked(foreign, 1)["store"]["found"]
    (tmp_path / "text.db").write_text(f"{SECRET} is no database at all, and long enough to be read. " * 40)
    assert SECRET not in json.dumps(looked(tmp_path / "text.db", 1))


def test_a_damaged_database_fails(database: Path) -> None:
    with closing(SqliteStore(database)) as store:
        store.library("me").add([Incoming(f"Text {n}. " * 60, "Title", f"/{n}") for n in range(60)])
    changed(database, "pragma journal_mode = delete")
    pages = bytearray(database.read_bytes())
    for page in range(8, len(pages) // 4096, 3):
        pages[page * 4096 : page * 4096 + 64] = b"\xff" * 64
    database.write_bytes(pages)
    found = looked(database, 1)
    assert "failed" in {row["state"] for row in found.values()}
    assert "damaged" in json.dumps(found)


def test_a_file_that_takes_long_to_check_is_given_up(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "SECONDS", -1.0)
    monkeypatch.setattr(sqlite, "EVERY", 1)
    assert looked(database)["store.integrity"]["state"] == "warning"


def test_an_old_sqlite_fails(monkeypatch: pytest.MonkeyPatch, database: Path) -> None:
    monkeypatch.setattr(sqlite.sqlite3, "sqlite_version_info", (3, 33, 0))
    assert looked(database, 1)["store.sqlite"]["state"] == "failed"


@pytest.fixture
def kept(home: Path, large: Callable[[str], Path]) -> Kept:
    """A model as `models pull` leaves it."""
    folder = home / "models" / "tiny--gpt2"
    shutil.copytree(large("gpt2"), folder / "source")
    about = {"name": "tiny/gpt2", "revision": None, "origin": "folder", "kind": "scorer"}
    made = Kept(folder, **about, architecture="GPT2LMHeadModel", licence="", files=records(folder / "source"))  # type: ignore[arg-type]
    made.write()
    return made


def test_files_of_kept_models_are_looked_at(kept: Kept) -> None:
    needed("transformers")
    name = "models.tiny--gpt2"
    assert states("--only", "models") == {name: "ok"}
    weights = bytearray((kept.source / "model.safetensors").read_bytes())
    weights[-1] ^= 1
    (kept.source / "model.safetensors").write_bytes(weights)
    found = rows("--only", "models", code=1)[name]
    assert "model.safetensors is not as it was" in found["found"]
    # Not deleted first: the next one might be of another revision than detectors were fitted with.
    assert found["advice"] == "Get it again, as it was: neural-lab models pull PATH/TO/tiny/gpt2"
    (kept.source / "model.safetensors").unlink()
    assert "is missing" in rows("--only", "models", code=1)[name]["found"]
    (kept.folder / "model.json").write_text("{")
    assert states("--only", "models", code=1) == {name: "failed"}


def test_an_export_of_other_files_is_made_again(kept: Kept) -> None:
    needed("transformers")
    kept.onnx.mkdir()
    (kept.onnx / "scorer.onnx").write_bytes(b"graph")
    files = {"scorer.onnx": records(kept.onnx)["scorer.onnx"]}
    about = {"schema": 1, "name": kept.name, "revision": None, "kind": "scorer", "precision": "int8"}
    export = about | {"source": "0" * 64, "licence": "", "files": files, "parity": {}}
    (kept.onnx / "export.json").write_text(json.dumps(export))
    found = rows("--only", "models", code=1)["models.tiny--gpt2"]
    assert "other files" in found["found"]
    assert found["advice"] == "Convert it again: neural-lab models export tiny/gpt2"


def test_half_precision_is_measured_against_double() -> None:
    torch = needed("torch")
    cpu = torch.device("cpu")
    errors = {name: precision.product_error(cpu, getattr(torch, name)) for name in precision.MOST}
    assert 0 < errors["float32"] < 1e-6 < 1e-4 < errors["float16"] < 1e-3 < errors["bfloat16"] < 1e-2
    assert 0 < precision.sum_error(cpu) < precision.MOST_SUM
    assert precision.tried("precision.cpu", "cpu").state == "ok"


def test_a_card_that_computes_wrongly_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    needed("torch")
    monkeypatch.setattr(precision, "product_error", lambda device, dtype: float("nan"))
    row = precision.tried("precision.cpu", "cpu")
    assert row.state == "failed"
    assert "NEURAL_LAB_DTYPE=float32" in row.advice


def test_a_card_is_described_with_its_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    cuda = SimpleNamespace(
        is_available=lambda: True,
        device_count=lambda: 2,
        get_device_properties=lambda at: SimpleNamespace(name=f"Card {at}", major=7 + at, minor=5),
        mem_get_info=lambda at: (3 << 30, 4 << 30),
        memory_allocated=lambda at: 5 << 20,
        memory_reserved=lambda at: 6 << 20,
    )
    monkeypatch.setattr(pytorch, "_driver", lambda: "550.1")
    first, second = pytorch._cards(SimpleNamespace(cuda=cuda))
    assert (first.name, second.name, first.state) == ("cuda.0", "cuda.1", "ok")
    assert "no bfloat16" in first.found
    assert "float16 and bfloat16" in second.found
    assert "3,072 of 4,096 MiB free; this process has 5 allocated and 6 reserved" in first.found
    assert second.figures["capability"] == "8.5"
    cuda.is_available = lambda: False
    assert [row.state for row in pytorch._cards(SimpleNamespace(cuda=cuda))] == ["warning"]
    monkeypatch.setattr(pytorch, "_driver", lambda: "")
    assert [row.state for row in pytorch._cards(SimpleNamespace(cuda=cuda))] == ["not here"]


def test_a_real_card_computes_well_enough() -> None:
    torch = needed("torch")
    if not torch.cuda.is_available():
        pytest.skip("no CUDA card: its precision is not tried")
    assert {row.state for row in precision.precision(Machine())} == {State.OK}
    assert "gpu_reserved" in rows("--only", "precision", "--only", "memory")["memory"]["figures"]


def test_what_hangs_is_given_up_and_what_breaks_is_a_row() -> None:
    def hangs(_: Machine) -> Iterator[Checked]:
        yield ok("slow", "It began.")
        time.sleep(30)

    def breaks(_: Machine) -> Iterator[Checked]:
        raise ValueError(SECRET)
        yield

    def known(_: Machine) -> Iterator[Checked]:
        raise ScoringFailed("not_finite", "What to do.")
        yield

    start = time.monotonic()
    found, late = Check("slow", hangs, 0.1).examine(Machine())
    assert time.monotonic() - start < 5
    assert ([row.state for row in found], late) == (["ok", "failed"], True)
    found, late = Check("broken", breaks).examine(Machine())
    assert ("ValueError" in found[0].found, SECRET in str(found), late) == (True, False, False)
    with pytest.raises(ValueError, match=SECRET):
        Check("broken", breaks).examine(Machine(), debug=True)
    assert Check("known", known).examine(Machine())[0][0].found == "What to do."


def test_a_check_that_itself_times_out_is_not_taken_for_one_that_hangs() -> None:
    def raises(_: Machine) -> Iterator[Checked]:
        raise TimeoutError
        yield

    found, late = Check("raises", raises).examine(Machine())
    assert ("TimeoutError" in found[0].found, late) == (True, False)


@pytest.mark.parametrize(
    ("url", "seen"),
    [
        (f"postgresql://lab:{SECRET}@db.example:5432/lab", "postgresql://db.example:5432/lab"),
        (f"postgresql://db/lab?user=lab&password={SECRET}", "postgresql://db/lab"),
        (f"postgresql://db/lab?password=a@{SECRET}", "postgresql://…"),
        (f"redis://:{SECRET}@[::1]:6379/0", "redis://[::1]:6379/0"),
        (f"redis://:a/{SECRET}@cache:6379", "redis://…"),
        (f"redis://:a?{SECRET}@cache:6379", "redis://…"),
        (f"redis://:a@{SECRET}@cache:6379", "redis://cache:6379"),
        (f"redis://cache:6379/0#{SECRET}", "redis://…"),
        (f"unix:///run/redis.sock?password={SECRET}", "unix:///run/redis.sock"),
        (SECRET, "…"),
        (f"{SECRET}://x", "…"),
    ],
)
def test_no_address_shows_a_password(url: str, seen: str) -> None:
    assert shown_address(url) == seen
    assert SECRET not in seen


@pytest.mark.parametrize("form", [(), ("--json",), ("--debug",)])
def test_passwords_are_never_printed(form: tuple[str, ...]) -> None:
    needed("asyncpg")
    needed("redis")
    for rest in ("127.0.0.1:1/lab", "127.0.0.1:notaport/lab", "[broken/lab"):
        urls = "--store", f"postgresql://lab:{SECRET}@{rest}", "--redis", f"redis://:{SECRET}@{rest}"
        result = run("doctor", "--only", "store", "--only", "redis", *urls, *form)
        assert result.exit_code == 1
        assert SECRET not in result.output
    assert run("doctor", "--only", "store", "--store", f"mysql://:{SECRET}@h/x").output.count(SECRET) == 0


def test_words_carry_the_state_where_there_are_no_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(large_models, "kept_folders", lambda: [])
    result = run("doctor", "--only", "python", "--only", "models", "--only", "store", "--store", "x://y")
    text = flat(result.output)
    assert result.exit_code == 1
    assert all(word in text for word in ("ok python", "not here models", "failed store", "1 check failed"))


def test_what_was_not_asked_is_not_told_as_asked() -> None:
    needed("redis")
    said = run("doctor", "--only", "redis", "--redis", "cache:6379").output
    assert "has to be redis://" in flat(said)
    assert "Nothing was asked over the network." in said
