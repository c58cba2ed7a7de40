"""Settings of the service: from where they come, which are refused, and that none of it is told."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from helpers import needed

needed("pydantic_settings")

from neural_lab.api.config import ServeConfig, is_local, read_config
from neural_lab.api.secret_file import FILE, LENGTH, kept_secret
from neural_lab.errors import InvalidRequest
from neural_lab.settings import Settings

SECRET = "hunter2-hunter2-hunter2-hunter2-hunter2"
VALUE = "v4lu3"


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [*os.environ]:
        if name.startswith("NEURAL_LAB_") and name != "NEURAL_LAB_HOME":
            monkeypatch.delenv(name)


def _write(home: Path, table: str) -> None:
    home.mkdir(parents=True, exist_ok=True)
    (home / "settings.toml").write_text(table, "utf-8")


def test_nothing_has_to_be_set() -> None:
    config = read_config()
    assert (config.host, config.port, config.accounts, config.sign_up) == ("127.0.0.1", 8000, False, False)
    assert config.loopback
    assert config.detect_rate == "100/60"
    assert config.cors_origins == config.trusted_proxies == config.allowed_hosts == []


@pytest.mark.parametrize(
    ("name", "written", "value"),
    [
        ("accounts", "1", True),
        ("accounts", "yes", True),
        ("accounts", "off", False),
        ("port", "0", 0),
        ("drain_seconds", "2.5", 2.5),
        ("detect_rate", "5/1", "5/1"),
        ("when_redis_is_away", "refuse", "refuse"),
        ("cors_origins", "https://One.example, http://b.example:8080,", ["https://one.example", "http://b.example:8080"]),
        ("trusted_proxies", "10.0.0.1, fd00::/8 ,10.7.7.9/16", ["10.0.0.1/32", "fd00::/8", "10.7.0.0/16"]),
        ("allowed_hosts", "Lab.example,[::1],10.0.0.7", ["lab.example", "::1", "10.0.0.7"]),
        ("accounts", "", False),
    ],
)  # fmt: skip
def test_the_environment_is_read(
    monkeypatch: pytest.MonkeyPatch, name: str, written: str, value: Any
) -> None:
    monkeypatch.setenv(f"NEURAL_LAB_{name.upper()}", written)
    assert getattr(read_config(), name) == value


def test_the_table_of_the_file_is_read_and_the_environment_comes_before_it(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _write(
        home,
        'keep = false\n[serve]\nport = 9000\naccounts = true\nrate = "7/60"\n'
        'trusted_proxies = ["10.0.0.0/8"]\ncors_origins = "https://a.example,https://b.example"\n',
    )
    monkeypatch.setenv("NEURAL_LAB_RATE", "8/60")
    config = read_config(host=None, port=None)
    assert (config.port, config.accounts, config.rate) == (9000, True, "8/60")
    assert config.trusted_proxies == ["10.0.0.0/8"]
    assert config.cors_origins == ["https://a.example", "https://b.example"]
    assert read_config(port=9001).port == 9001


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("port", VALUE),
        ("port", "70000"),
        ("workers", "0"),
        ("accounts", VALUE),
        ("rate", VALUE),
        ("rate", "0/60"),
        ("rate", "١/60"),
        ("trusted_proxies", VALUE),
        ("trusted_proxies", "10.0.0.0/8,300.1.1.1"),
        ("cors_origins", VALUE),
        ("cors_origins", "null"),
        ("cors_origins", "https://user:v4lu3@a.example"),
        ("cors_origins", "https://a.example/path"),
        ("cors_origins", "https://["),
        ("cors_origins", "ftp://a.example"),
        ("allowed_hosts", "https://v4lu3.example"),
        ("allowed_hosts", "v4lu3:8000"),
        ("allowed_hosts", "*"),
        ("when_redis_is_away", VALUE),
        ("drain_seconds", "nan"),
        ("request_seconds", "inf"),
    ],
)
def test_a_wrong_setting_is_named_and_its_value_is_not(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"NEURAL_LAB_{name.upper()}", value)
    with pytest.raises(InvalidRequest) as failure:
        read_config()
    assert failure.value.code == "settings"
    assert f"NEURAL_LAB_{name.upper()}" in failure.value.message
    assert VALUE not in failure.value.message
    assert failure.value.__cause__ is None


@pytest.mark.parametrize("name", ["prot", "HOST", "store", "key"])
def test_an_unknown_setting_of_the_table_is_refused(home: Path, name: str) -> None:
    _write(home, f'[serve]\nport = 1\n{name} = "{VALUE}"\n')
    with pytest.raises(InvalidRequest, match=rf"\[serve\] has no setting {name}") as failure:
        read_config()
    assert VALUE not in failure.value.message


@pytest.mark.parametrize("text", ["serve = 5\n", "[[serve]]\nport = 1\n"])
def test_what_is_no_table_is_refused(home: Path, text: str) -> None:
    _write(home, text)
    with pytest.raises(InvalidRequest, match="serve has to be a table"):
        read_config()


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "lab.example", "", "::ffff:127.0.0.1"])
def test_a_public_address_needs_accounts(host: str) -> None:
    with pytest.raises(InvalidRequest) as failure:
        read_config(host=host)
    assert failure.value.code == "public_without_accounts"
    config = read_config(host=host, accounts=True)
    assert not config.loopback
    assert config.secure


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.1", "::1", "localhost", "LOCALHOST"])
def test_this_computer_alone_needs_none(host: str) -> None:
    assert read_config(host=host).loopback
    assert is_local(host)


@pytest.mark.parametrize(
    ("settings", "secure"),
    [
        ({}, False),
        ({"secure_cookies": True}, True),
        ({"allowed_hosts": ["localhost", "::1"]}, False),
        ({"allowed_hosts": ["lab.example"]}, True),
    ],
)
def test_cookies_are_secure_wherever_the_service_has_a_public_name(settings: Any, secure: bool) -> None:
    assert read_config(accounts=True, **settings).secure is secure


def test_all_pages_on_the_web_may_not_read_what_needs_no_login() -> None:
    with pytest.raises(InvalidRequest) as failure:
        read_config(cors_origins=["*"])
    assert failure.value.code == "pages_without_accounts"
    assert read_config(cors_origins=["*"], accounts=True).cors_origins == ["*"]


def test_nothing_secret_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEURAL_LAB_SECRET", SECRET)
    monkeypatch.setenv("NEURAL_LAB_REDIS", "redis://:hunter2@127.0.0.1:6379/0")
    config = read_config()
    shown = f"{config!r} {config} {config.model_dump()} {config.model_dump_json()}"
    shown += repr(Settings("postgresql://lab:hunter2@host/lab"))
    assert "hunter2" not in shown


def test_a_secret_has_to_be_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEURAL_LAB_SECRET", "hunter2")
    with pytest.raises(InvalidRequest) as failure:
        read_config()
    assert failure.value.code == "short_secret"
    assert "hunter2" not in failure.value.message


def test_the_whole_of_a_given_secret_counts(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    keys = set()
    for end in "ab":
        monkeypatch.setenv("NEURAL_LAB_SECRET", "x" * 64 + end)
        keys.add(read_config().key())
    assert len(keys) == 2
    assert {len(key) for key in keys} == {64}
    assert not (home / FILE).exists()


def test_a_secret_is_drawn_once_for_its_owner_alone(home: Path) -> None:
    found = read_config().key()
    assert len(found) == LENGTH
    assert read_config().key() == found == (home / FILE).read_bytes()
    assert stat.S_IMODE((home / FILE).stat().st_mode) == 0o600
    assert [path.name for path in home.iterdir()] == [FILE]


DRAW = """
import sys
from pathlib import Path
from neural_lab.api.secret_file import kept_secret
sys.stdin.readline()
print(kept_secret(Path(sys.argv[1])).hex())
"""


def test_processes_that_draw_a_secret_at_once_agree(tmp_path: Path) -> None:
    path = tmp_path / "home" / FILE
    command = [sys.executable, "-c", DRAW, str(path)]
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    drawing = [subprocess.Popen(command, **pipes) for _ in range(6)]
    for each in drawing:
        each.stdin.write("go\n")
        each.stdin.flush()
    found = {each.communicate()[0].strip() for each in drawing}
    assert found == {path.read_bytes().hex()}
    assert [each.name for each in path.parent.iterdir()] == [FILE]


@pytest.mark.parametrize("content", [b"", b"short"])
def test_a_secret_that_is_cut_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    with pytest.raises(InvalidRequest, match="cut short"):
        kept_secret(tmp_path / FILE)


@pytest.mark.skipif(os.name != "posix", reason="modes mean nothing here")
@pytest.mark.parametrize("mode", [0o644, 0o606, 0o602])
def test_a_secret_that_everybody_can_read_or_change_is_refused(tmp_path: Path, mode: int) -> None:
    kept_secret(tmp_path / FILE)
    (tmp_path / FILE).chmod(mode)
    with pytest.raises(InvalidRequest, match="other users"):
        kept_secret(tmp_path / FILE)


def test_a_folder_in_which_no_secret_can_be_kept_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(InvalidRequest, match="NEURAL_LAB_SECRET"):
        kept_secret(tmp_path / "file" / FILE)


def test_a_disk_that_cannot_link_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise PermissionError("no links here")

    monkeypatch.setattr(os, "link", refused)
    with pytest.raises(InvalidRequest, match="NEURAL_LAB_SECRET"):
        kept_secret(tmp_path / FILE)
    assert [*tmp_path.iterdir()] == []


PAGE = Path(__file__).parents[2] / "docs" / "serving.md"
ROW = re.compile(r"^\| `?(\w*)`? ?\| `(NEURAL_LAB_\w+)` \| (.*?) \| .*\|$", re.MULTILINE)


def test_every_setting_is_documented_with_its_variable_and_default() -> None:
    documented = {
        name: (variable, default) for name, variable, default in ROW.findall(PAGE.read_text("utf-8"))
    }
    described = {"store", "keep", "keep_days", "", *ServeConfig.model_fields}
    assert {*documented} == described
    assert all(variable == f"NEURAL_LAB_{name.upper()}" for name, (variable, _) in documented.items() if name)
    for name, field in ServeConfig.model_fields.items():
        assert documented[name][1] == _shown(name, field.get_default(call_default_factory=True)), name


def _shown(name: str, default: object) -> str:
    if name == "secret":
        return f"`{FILE}` in the data folder"
    if default is None or default == []:
        return "none"
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    return f"`{default:g}`" if isinstance(default, float) else f"`{default}`"


def test_scopes_and_limits_are_documented_as_they_are() -> None:
    from neural_lab.api.callers import SCOPES
    from neural_lab.api.limiting import CROWD
    from neural_lab.api.passwords import LONGEST, SHORTEST
    from neural_lab.api.routes.keys import MOST_KEYS
    from neural_lab.api.sessions import SESSION_DAYS

    page = PAGE.read_text("utf-8")
    scopes = page.split("| Scope |")[1].split("\n\n")[0]
    assert {*re.findall(r"^\| `(\w+)`", scopes, re.MULTILINE)} == SCOPES
    assert f"up to {MOST_KEYS} at" in page
    assert f"lasts {SESSION_DAYS} days" in page
    assert f"{SHORTEST} to {LONGEST} characters" in page
    assert CROWD == 10
    assert "ten times that" in page
    for rate in ("detect_rate", "rate", "character_rate", "login_rate"):
        hits, seconds = ServeConfig.model_fields[rate].default.split("/")
        assert re.search(rf"{int(hits):,} in {seconds} seconds \| `NEURAL_LAB_{rate.upper()}`", page), rate
