"""The life of a detector in one go, on this machine alone; ends with an error where something is not as told.

A challenger is trained from a table with wrong labels and refused; the labels are mended, and it is
promoted while clients ask the service; other texts come, and drift is found and drawn; the step is
taken back; and a corpus is scored by Ray, of which a worker is killed, and by this computer's own
processes, with the same answers. Its texts are made: pages of Python's documentation, and sentences as
machines like to write them. Needs the extras dev, mlops, ray, serve and train (`make story`).
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from batches import Row, machine, rows, table
from corpora import parts, start, write_rows
from loads import text
from serving import CUT, WITHOUT_LIMITS, Client, Service, ask, service

from neural_lab.compose import open_store
from neural_lab.detectors.registry import Registry
from neural_lab.settings import read_settings

LEARNT, JUDGED, ASKED = 156, 40, 250
CLIENTS, SOON = 3, 300
LIMITS = """\
fewest_writers = 0          # made texts have neither native nor other writers
most_false_positives = 0.2  # by the upper end of an interval of few texts
judged_texts = 200
attacks = ["articles"]
attack_texts = 20
phrases = 2
phrase_texts = 20
speed_texts = 4
least_speed = 0.5
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=10_000, help="of the corpus that Ray scores")
    parser.add_argument("--folder", type=Path, help="keep everything here")
    options = parser.parse_args()
    with TemporaryDirectory() as made:
        folder = (options.folder or Path(made)).absolute()
        os.environ["NEURAL_LAB_HOME"] = str(folder / "home")
        os.environ["NEURAL_LAB_TRACKING"] = "file:"
        (folder / "home").mkdir(parents=True, exist_ok=True)
        settings = {"WORKERS": "2", "THREADS": "1", "DETECTOR_SECONDS": "0.5", **WITHOUT_LIMITS}
        with service(folder / "home", **settings) as served:
            told(folder, served)
        batch(folder, options.documents)
    say("That is the whole story.")


def told(folder: Path, served: Service) -> None:
    (folder / "retrain.toml").write_text(LIMITS, "utf-8")
    table(folder / "frozen.csv", rows(300, JUDGED))
    with Crowd(served) as crowd:
        refused(folder)
        version = promoted(folder)
        crowd.until(version)
        drifted(folder, served)
        command(0, "detectors", "rollback")
        crowd.until("")
    say(f"{crowd.answered:,} requests were answered meanwhile, {sum(crowd.lost.values())} were not.")
    require(crowd.answered > 0 and not crowd.lost, f"lost requests: {dict(crowd.lost)}")


def refused(folder: Path) -> None:
    """A third of the machine texts are said to be human."""
    data = [(each, 0 if label and at % 3 == 0 else label) for at, (each, label) in enumerate(learnt())]
    report = retrained(folder, data, 2)
    say("Refused:", *report["reasons"])
    require(Registry().champion() is None, "a refused detector answers")


def promoted(folder: Path) -> str:
    report = retrained(folder, learnt(), 0)
    gates = ", ".join(gate["name"] for gate in report["gates"] if gate["passed"])
    say(f"Promoted: {report['challenger']}, which passed {gates}.")
    require(report["outcome"] == "promoted", str(report["reasons"]))
    return str(report["challenger"])


def learnt() -> list[Row]:
    return rows(0, LEARNT)


def retrained(folder: Path, data: list[Row], code: int) -> Any:
    given = table(folder / "data.csv", data)
    config, frozen = folder / "retrain.toml", folder / "frozen.csv"
    return json.loads(
        command(code, "retrain", "--data", given, "--frozen", frozen, "--config", config, "--json")
    )


def drifted(folder: Path, served: Service) -> None:
    """What the service has just read stands for the weeks before; then it reads other texts."""
    with closing(open_store(read_settings().store)) as store:
        for number in range(ASKED):
            asked(served, text(number, 8))
        begun = until_logged(store, ASKED)
        earlier = [replace(event, at=before(event.at, 14 + at % 7)) for at, event in enumerate(begun)]
        store.events().record(earlier)
    for number in range(2 * ASKED):
        asked(served, machine(10_000 + number))
    time.sleep(5)  # The log is written in batches.
    report = folder / "drift.md"
    command(1, "drift", "--days", 7, "-o", report)
    pictures = sorted(path.name for path in folder.rglob("*.png"))
    say(f"Drift was found: {report.name}, with {', '.join(pictures)}.")
    require(bool(pictures), "nothing was drawn")


def asked(served: Service, document: str) -> None:
    answer = ask(served.port, "POST", "/detect", {"texts": [document]})
    require(answer.status == 200, f"status {answer.status}")


def until_logged(store: Any, count: int) -> list[Any]:
    """The last so many texts of the event log, once they are there."""
    found: list[Any] = []

    def there() -> bool:
        found[:] = [each for each in store.events().between("", "9999") if each.probability is not None]
        return len(found) >= count

    wait(there, "the event log has too few texts")
    return found[-count:]


def before(at: str, days: int) -> str:
    moment = datetime.strptime(at, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    return (moment - timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")


class Crowd:
    """Clients that ask without a pause; counts what they are told, and what gets lost."""

    def __init__(self, served: Service) -> None:
        self._served, self._numbers, self._done = served, itertools.count(1_000_000), threading.Event()
        self._threads = [threading.Thread(target=self._run) for _ in range(CLIENTS)]
        self.answered, self.lost, self._lock = 0, Counter[str](), threading.Lock()

    def __enter__(self) -> Crowd:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        for thread in self._threads:
            thread.join()

    def until(self, version: str) -> None:
        """Wait until the service has that detector; "" is the embedded one."""
        wait(lambda: self._version() == version, f"the service does not take {version or 'the first one'}")
        say(f"The service answers with {version or 'the embedded detector'}.")

    def _version(self) -> str:
        return str(ask(self._served.port, "GET", "/health").json["detector_key"] or "")

    def _run(self) -> None:
        with closing(Client(self._served.port)) as client:
            while not self._done.wait(0.05):
                self._ask(client)

    def _ask(self, client: Client) -> None:
        try:
            status = client.ask("POST", "/detect", {"texts": [text(next(self._numbers), 3)]}).status
        except CUT as error:
            status = type(error).__name__
        with self._lock:
            self.answered += status == 200
            self.lost.update([str(status)] if status != 200 else [])


def batch(folder: Path, documents: int) -> None:
    """The same corpus by Ray and by this computer's own processes."""
    source, options = write_rows(folder / "in.jsonl", documents, 2), ("--part-rows", max(6, documents // 200))
    process = start(source, "-o", folder / "ray", "--engine", "ray", "--replicas", 2, *options)
    wait(lambda: process.poll() is not None or len(parts(folder / "ray")) >= 3, "Ray does not begin")
    victim = actor(process)
    os.kill(victim, signal.SIGKILL)
    say(f"Ray scores {documents:,} documents; its worker {victim} was killed.")
    require(process.wait() == 0, "Ray did not finish")
    command(0, "score", source, "-o", folder / "local", *options)
    same = parts(folder / "ray") == parts(folder / "local")
    answers = sum(content.count(b"\n") for content in parts(folder / "ray").values())
    say(
        f"{answers:,} answers to {documents:,} documents; the same as without Ray: {'yes' if same else 'no'}."
    )
    require(same and answers == documents, "the answers differ")


def actor(process: subprocess.Popen[bytes]) -> int:
    """A process of Ray that scores."""
    import psutil

    children = psutil.Process(process.pid).children(recursive=True)
    found = [each.pid for each in children if " ".join(each.cmdline()).startswith("ray::_Actor")]
    require(bool(found), "no process of Ray scores")
    return int(found[0])


def command(code: int, *arguments: object) -> str:
    """What `neural-lab` prints; it has to end with that exit code."""
    said = [sys.executable, "-m", "neural_lab", *map(str, arguments)]
    done = subprocess.run(said, stdout=subprocess.PIPE, text=True, check=False)  # noqa: S603
    require(done.returncode == code, f"{arguments[0]} ended with {done.returncode}, and not {code}")
    return done.stdout


def wait(there: Callable[[], bool], otherwise: str) -> None:
    ends = time.monotonic() + SOON
    while not there():
        require(time.monotonic() < ends, otherwise)
        time.sleep(0.2)


def require(right: bool, otherwise: str) -> None:
    if not right:
        sys.exit(f"Not as told: {otherwise}.")


def say(*lines: str) -> None:
    print(f"[{time.strftime('%H:%M:%S')}]", *lines, sep="\n  " if len(lines) > 1 else " ", flush=True)


if __name__ == "__main__":
    main()
