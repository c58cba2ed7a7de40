"""A service looks for drift by itself, and what is to watch it asks for figures that there are."""

from __future__ import annotations

import json
import math
import re
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from api_client import in_process
from drifting import NAME, written
from helpers import needed
from redis_server import until

from neural_lab.backends.sqlite.store import SqliteStore
from neural_lab.detect.signals import FUSED

needed("prometheus_client")
from neural_lab.api.drift import _alone
from neural_lab.api.meters import HELP, SHARED
from neural_lab.errors import Overloaded

yaml = needed("yaml")
DEPLOY = Path(__file__).parents[2] / "deploy"
RULES = [
    rule
    for group in yaml.safe_load((DEPLOY / "prometheus-alerts.yml").read_text())["groups"]
    for rule in group["rules"]
]
DASHBOARD = json.loads((DEPLOY / "grafana-dashboard.json").read_text())
PANELS = DASHBOARD["panels"]
EXPRESSIONS = [rule["expr"] for rule in RULES] + [
    target["expr"] for panel in PANELS for target in panel.get("targets", ())
]
BANDS = {"0-74", "75-149", "150-299", "300-599", "600+"}
ADDED = {"instance", "job", "le"}
"""Labels that Prometheus adds."""
SAMPLE = re.compile(r"^(neural_lab_\w+)(?:\{(.*)\})? (\S+)$", re.MULTILINE)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Of a service whose texts have been others for a week, once it has seen that."""
    home = tmp_path_factory.mktemp("service")
    today = datetime.now(UTC).date()
    store = SqliteStore(home / "lab.db")
    store.events().record([*written(1, today - timedelta(days=12), 5, 150)])
    store.events().record([*written(2, today - timedelta(days=7), 8, 100, shift=1.5)])
    store.close()
    with in_process(home, drift_minutes=0.001) as client:
        client.post("/detect", json={"texts": ["The bus was late, so I walked home along the river."]})
        client.post("/detect", json={"texts": []})
        until(lambda: value(client.get("/metrics").text, "drift_computed_seconds") > 0, 30)
        text: str = client.get("/metrics").text
        return text


def samples(page: str) -> Iterator[tuple[str, dict[str, str], float]]:
    for name, labels, number in SAMPLE.findall(page):
        yield name, dict(re.findall(r'(\w+)="([^"]*)"', labels)), float(number)


def value(page: str, name: str) -> float:
    return next(number for found, _, number in samples(page) if found == f"neural_lab_{name}")


def of(page: str, name: str) -> list[tuple[dict[str, str], float]]:
    return [(labels, number) for found, labels, number in samples(page) if found == f"neural_lab_{name}"]


def test_the_service_finds_drift_by_itself(page: str) -> None:
    index = {(labels["signal"], labels["band"]): number for labels, number in of(page, "drift_psi")}
    chance = {(labels["signal"], labels["band"]): number for labels, number in of(page, "drift_psi_chance")}
    assert index.keys() == chance.keys()
    assert index["entropy", "300-599"] > max(0.25, chance["entropy", "300-599"])
    assert math.isnan(index["entropy", "600+"])
    score = {labels["band"]: number for labels, number in of(page, "drift_score")}
    assert score["300-599"] > 0.2
    texts = {(labels["window"], labels["band"]): number for labels, number in of(page, "drift_texts")}
    assert texts["reference", "all"] == 750
    assert 800 <= texts["current", "all"] <= 801


def test_there_is_one_figure_a_signal_and_band_and_no_more(page: str) -> None:
    found = {(labels["signal"], labels["band"]) for labels, _ in of(page, "drift_psi")}
    assert found == {(signal, band) for signal in FUSED for band in BANDS} | {("length", "all")}
    assert {labels["band"] for labels, _ in of(page, "drift_score")} == BANDS
    assert len(of(page, "drift_texts")) == 2 * (len(BANDS) + 1)
    assert NAME not in "".join(str(labels) for labels, _ in of(page, "drift_psi"))


def test_switched_off_it_looks_at_nothing(home: Path) -> None:
    with in_process(home, ready=False, drift_minutes=0) as client:
        import threading

        assert "drift" not in {thread.name for thread in threading.enumerate()}
        assert value(client.get("/metrics").text, "drift_computed_seconds") == 0


def test_of_several_processes_one_does_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SHARED, str(tmp_path))
    with _alone(), pytest.raises(Overloaded), _alone():
        pass
    with _alone():
        pass


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_every_figure_that_is_asked_for_is_there(page: str, expression: str) -> None:
    kinds = dict(re.findall(r"^# TYPE (\S+) (\w+)$", page, re.MULTILINE))
    known = {*kinds, *(f"neural_lab_{name}" for name in HELP)}
    known |= {f"{name}_{end}" for name in kinds for end in ("bucket", "count", "sum")}
    named = set(re.findall(r"\bneural_lab_\w+", expression))
    assert named <= known
    assert named or re.search(r"\bup\b", expression)
    assert expression.count("(") == expression.count(")")
    assert expression.count("{") == expression.count("}")


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_every_label_that_is_asked_for_is_there(page: str, expression: str) -> None:
    from neural_lab.api.drift_gauges import DriftGauges
    from neural_lab.api.meters import Meters

    meters = Meters()
    DriftGauges(meters.registry)
    labels = {label for each in meters.registry._collector_to_names for label in each._labelnames}
    chosen = {
        label for braces in re.findall(r"\{([^}]*)\}", expression) for label in re.findall(r"(\w+)=", braces)
    }
    grouped = re.findall(r"\b(?:by|on|ignoring) \(([^)]*)\)", expression)
    assert chosen | {label for each in grouped for label in each.split(", ")} <= labels | ADDED


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_every_alert_says_how_bad_it_is_and_waits(rule: dict[str, Any]) -> None:
    assert re.fullmatch(r"NeuralLab[A-Z]\w+", rule["alert"])
    assert re.fullmatch(r"[1-9]\d*[mh]", rule["for"])
    assert rule["labels"]["severity"] in ("critical", "warning", "info")
    assert rule["annotations"]["summary"]
    assert rule["annotations"]["description"]
    assert all(re.fullmatch(r"[1-9]\d*[smhd]", each) for each in re.findall(r"\[(.+?)\]", rule["expr"]))


def test_alerts_have_names_of_their_own_and_codes_that_there_are() -> None:
    assert len({rule["alert"] for rule in RULES}) == len(RULES) > 10
    codes = (DEPLOY.parent / "docs" / "reference" / "errors.md").read_text("utf-8")
    for found in re.findall(r'code=~?"([^"]+)"', " ".join(EXPRESSIONS)):
        assert [code for code in found.split("|") if f"`{code}`" not in codes] == []


def test_prometheus_is_told_of_the_rules() -> None:
    scraped = yaml.safe_load((DEPLOY / "prometheus.yml").read_text())
    assert scraped["rule_files"] == ["prometheus-alerts.yml"]
    assert "/etc/prometheus/prometheus-alerts.yml:ro" in (DEPLOY / "compose.yaml").read_text()


def test_panels_have_places_of_their_own() -> None:
    assert len({panel["id"] for panel in PANELS}) == len(PANELS) > 20
    taken: set[tuple[int, int]] = set()
    for panel in PANELS:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert taken.isdisjoint(cells), panel["title"]
        assert max(x for x, _ in cells) < 24
        taken |= cells
        assert panel["title"]
        assert panel["type"] == "row" or all(target["expr"] for target in panel["targets"])


def test_panels_use_variables_that_there_are() -> None:
    known = {each["name"] for each in DASHBOARD["templating"]["list"]} | {"__rate_interval"}
    used = set(re.findall(r"\$\{?(\w+)", json.dumps(PANELS)))
    assert used <= known
    assert {"datasource", "instance", "band"} <= used


@pytest.mark.parametrize("name", ["neural-lab-drift.service", "neural-lab-drift.timer"])
def test_systemd_knows_every_key_of_the_units(tmp_path: Path, name: str) -> None:
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("no systemd-analyze: the units' keys are not checked")
    for path in DEPLOY.glob("neural-lab-drift.*"):
        text = re.sub(r"ExecStart=\S+", f"ExecStart={shutil.which('true')}", path.read_text())
        (tmp_path / path.name).write_text(text)
    command = [program, "verify", tmp_path / name]
    found = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert [line for line in found.stderr.splitlines() if "neural-lab-drift" in line] == []


def test_the_unit_asks_for_what_the_command_takes(tmp_path: Path) -> None:
    from command_line import run

    text = (DEPLOY / "neural-lab-drift.service").read_text()
    asked = re.search(r"^ExecStart=\S+/neural-lab (.+)$", text, re.MULTILINE)
    assert asked
    folder = tmp_path / "drift"
    folder.mkdir()
    result = run(*asked[1].replace("%S/neural-lab/drift", str(folder)).split())
    assert result.exit_code == 0, result.output
    assert "No text was read" in result.stderr
