"""What is in `deploy` fits the service and is as careful as it says; no container is built here."""

import ast
import re
import shlex
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
from balancer import checked, filled
from helpers import needed

from neural_lab.settings import _MACHINE, _VARIABLES, Computing, read_computing

yaml = needed("yaml")
ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
SERVICES = COMPOSE["services"]
FILES = sorted(path for path in DEPLOY.iterdir() if path.is_file())
REQUIRED = re.compile(r"\$\{(\w+):\?\}")


def settings():
    config = needed("neural_lab.api.config").ServeConfig
    own = {f"NEURAL_LAB_{name.upper()}" for name in config.model_fields}
    further = {*_VARIABLES.values(), *_MACHINE.values()}
    return own | further | {"NEURAL_LAB_HOME", "NEURAL_LAB_BUNDLE"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_setting_that_is_named_exists(path):
    assert set(re.findall(r"NEURAL_LAB_[A-Z_]+", path.read_text())) <= settings()


def test_no_secret_stands_in_the_compose_file():
    for service in SERVICES.values():
        for name, value in service.get("environment", {}).items():
            secret = re.search(r"://\w*:([^@]*)@", value)
            if secret or re.search("PASSWORD|SECRET", name):
                assert REQUIRED.fullmatch(secret.group(1) if secret else value), name


def test_links_in_the_page_lead_somewhere():
    for target in re.findall(r"\]\(([^)#]+)", (DEPLOY / "README.md").read_text()):
        assert (DEPLOY / target).exists(), target


def test_images_have_versions_and_only_the_balancer_can_be_reached_from_outside():
    for name, service in SERVICES.items():
        image, _, tag = service["image"].rpartition(":")
        assert image, name
        assert re.match(r"v?\d+\.?\d*", tag), name
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert published == {"nginx": ["80:80", "443:443"], "prometheus": ["127.0.0.1:9090:9090"]}
    assert COMPOSE["networks"]["inside"]["internal"] is True


def test_every_container_is_bounded_in_what_it_may_do_and_is_known_to_be_well():
    containerfile = (DEPLOY / "Containerfile").read_text()
    for name, service in SERVICES.items():
        assert "no-new-privileges:true" in service["security_opt"], name
        assert service["restart"] == "unless-stopped"
        assert "healthcheck" in service or (name.startswith("lab") and "HEALTHCHECK" in containerfile)
        if name != "postgres":
            assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"]), name
        for volume in service.get("volumes", []):
            source, target = volume.split(":")[:2]
            assert source in COMPOSE["volumes"] or (DEPLOY / source).exists() or source == "./certs", name
            assert target.startswith("/")


def test_whatever_is_secret_has_to_be_given_and_is_in_the_example_without_a_value():
    example = dict(
        line.split("=", 1) for line in (DEPLOY / ".env.example").read_text().splitlines() if "=" in line[:40]
    )
    required = set(REQUIRED.findall((DEPLOY / "compose.yaml").read_text()))
    assert required == {"NEURAL_LAB_SECRET", "POSTGRES_PASSWORD", "REDIS_PASSWORD", "LAB_NAME"}
    assert required <= example.keys()
    assert {example[name] for name in required - {"LAB_NAME"}} == {""}


def test_instances_trust_the_balancer_alone_and_stop_later_than_they_drain():
    config = needed("neural_lab.api.config").ServeConfig
    nginx = SERVICES["nginx"]["networks"]["inside"]["ipv4_address"]
    names = [name for name in SERVICES if name.startswith("lab")]
    given = {name: REQUIRED.sub("a" * 32, value) for name, value in SERVICES["lab1"]["environment"].items()}
    made = config(**{name[11:].lower(): value for name, value in given.items()}, host="0.0.0.0").checked()
    assert made.trusted_proxies == [f"{nginx}/32"]
    assert made.allowed_hosts[1:] == names
    assert int(SERVICES["lab1"]["stop_grace_period"].rstrip("s")) > made.drain_seconds + 5
    assert int(unit()["TimeoutStopSec"][0]) > made.drain_seconds + 5


def test_balancer_and_prometheus_know_every_instance():
    names = [f"{name}:8000" for name in SERVICES if name.startswith("lab")]
    scraped = yaml.safe_load((DEPLOY / "prometheus.yml").read_text())["scrape_configs"][0]
    assert scraped["static_configs"][0]["targets"] == names
    assert re.findall(r"server (lab\S+)", (DEPLOY / "nginx.conf").read_text()) == names
    assert re.findall(r"lab\d:\d+", (DEPLOY / "Caddyfile").read_text()) == names


def test_nginx_takes_its_settings_and_bounds_bodies_and_times_as_the_service_does(tmp_path):
    checked(filled(tmp_path, 1_443, [8_001, 8_002]))
    text, fields = (
        (DEPLOY / "nginx.conf").read_text(),
        needed("neural_lab.api.config").ServeConfig.model_fields,
    )
    assert f"client_max_body_size {fields['most_body_mb'].default}m;" in text
    assert int(re.search(r"proxy_read_timeout (\d+)s", text).group(1)) > fields["request_seconds"].default
    assert f"max_size {fields['most_body_mb'].default}MiB" in (DEPLOY / "Caddyfile").read_text()


def test_the_image_is_small_and_does_not_run_as_root():
    lines = instructions((DEPLOY / "Containerfile").read_text())
    kinds = [kind for kind, _ in lines]
    said = dict(lines)
    assert all(re.search(r":3\.11-slim", words) for kind, words in lines if kind == "FROM")
    assert {"ADD", "SHELL", "MAINTAINER"}.isdisjoint(kinds)
    assert kinds.index("USER") > max(at for at, kind in enumerate(kinds) if kind in ("RUN", "COPY"))
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", said["USER"])
    assert all(said[kind].startswith("[") for kind in ("ENTRYPOINT", "CMD"))
    for _, words in (line for line in lines if line[0] == "RUN"):
        assert not re.search(r"\b(sudo|curl|wget|apt-get upgrade)\b", words)
        assert "pip install" not in words or ("--no-cache-dir" in words and "--constraint" in words)


def test_the_image_has_what_serves_and_no_pytorch():
    text = (DEPLOY / "Containerfile").read_text()
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    chosen = re.search(r'"\.\[([\w,]+)\]"', text).group(1).split(",")
    wanted = [each for extra in chosen for each in extras[extra]]
    assert {"serve", "postgres", "redis"} == set(chosen)
    assert not [each for each in wanted if re.match(r"torch|neural-lab", each)]
    ignored = (DEPLOY / "Containerfile.dockerignore").read_text().split()
    copied = {name for kind, words in instructions(text) if kind == "COPY" for name in words.split()[:-1]}
    assert {name.removeprefix("./") for name in copied if "--from" not in name and "/opt" not in name} == {
        name.removeprefix("!") for name in ignored if name.startswith("!")
    }
    probe = re.search(r'CMD \["python", "-c", (".*")\]', text).group(1)
    compile(ast.literal_eval(probe), "probe", "exec")


def instructions(text):
    """Kinds and words, with continued lines joined."""
    joined = re.sub(r"\\\n\s*", "", re.sub(r"(?m)^#.*\n", "", text))
    return [tuple(line.split(" ", 1)) for line in joined.splitlines() if line.strip()]


def unit():
    found = {}
    for line in (DEPLOY / "neural-lab.service").read_text().splitlines():
        name, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            found.setdefault(name, []).append(value)
    return found


def test_the_unit_keeps_the_service_in_its_place():
    keys = unit()
    for name, value in (
        ("DynamicUser", "yes"),
        ("ProtectSystem", "strict"),
        ("NoNewPrivileges", "yes"),
        ("CapabilityBoundingSet", ""),
        ("StateDirectory", "neural-lab"),
        ("KillMode", "mixed"),
    ):
        assert keys[name] == [value]
    assert keys["MemoryMax"]
    assert shlex.split(keys["ExecStart"][0])[1:] == ["serve"]


@pytest.mark.parametrize("with_card", [False, True])
def test_systemd_knows_every_key_of_the_unit(tmp_path, with_card):
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("no systemd-analyze: the unit's keys are not checked")
    text = (DEPLOY / "neural-lab.service").read_text()
    if with_card:
        text += (DEPLOY / "large-models.conf").read_text()
    copy = tmp_path / "neural-lab.service"
    copy.write_text(re.sub(r"ExecStart=\S+", f"ExecStart={shutil.which('true')}", text))
    found = subprocess.run([program, "verify", copy], capture_output=True, text=True, timeout=60)
    assert [line for line in found.stderr.splitlines() if "neural-lab.service" in line] == []


def test_postgresql_is_set_as_its_page_says():
    page = (ROOT / "docs" / "postgresql.md").read_text()
    lines = [
        line for line in (DEPLOY / "postgresql.conf").read_text().splitlines() if not line.startswith("#")
    ]
    assert sorted(lines) == sorted(re.findall(r"^\| `(\w+ = \w[\w.]*)` \|", page, re.MULTILINE))


def test_the_settings_for_large_models_are_taken_by_the_service(monkeypatch):
    lines = (DEPLOY / "large-models.env").read_text().splitlines()
    given = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    read = needed("neural_lab.api.config").read_config()
    assert (read.workers, read.batch_characters, read.memory_mb) == (1, 20_000, 0)
    assert read_computing() == Computing("cuda", "auto")
    assert {"NEURAL_LAB_DEVICE", "NEURAL_LAB_DTYPE", "NEURAL_LAB_BUNDLE", "HF_HUB_OFFLINE"} <= given.keys()


def test_what_the_unit_gives_up_for_a_card_is_the_devices_and_no_more():
    added = re.findall(r"(?m)^([A-Z]\w+)=(.*)$", (DEPLOY / "large-models.conf").read_text())
    assert dict(added) == {
        "EnvironmentFile": "/etc/neural-lab/large-models.env",
        "PrivateDevices": "no",
        "DevicePolicy": "closed",
        "DeviceAllow": "char-nvidia* rw",
        "ProcSubset": "all",
        "MemoryMax": "16G",
    }
