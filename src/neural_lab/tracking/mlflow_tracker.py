"""Runs in MLflow, through its client: plain files, or a server that the user named.

MLflow reports home what is used of it: that is switched off before it is imported. Its file
store gets no new features any more and wants to be asked for (`MLFLOW_ALLOW_FILE_STORE`); it
needs no database, and has all that is used here.
"""

from __future__ import annotations

import importlib
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from neural_lab.errors import InvalidRequest, StoreUnavailable
from neural_lab.tracking.tracker import FILES, VARIABLE, Plain

EXPERIMENT = MODEL = "neural-lab"
BUNDLE, DIGEST = "bundle", "digest"
BATCH, LONGEST = 500, 500
_QUIET = {"MLFLOW_DISABLE_TELEMETRY": "true", "DO_NOT_TRACK": "true"}
_PATIENCE = {"MLFLOW_HTTP_REQUEST_MAX_RETRIES": "2", "MLFLOW_HTTP_REQUEST_TIMEOUT": "20"}
"""A server that is away would else keep a finished training waiting for minutes."""
_ODD = re.compile(r"[^\w\-. /]")


class MlflowTracker:
    """A `Tracker`; the server is asked for nothing before the first run.

    Raises `InvalidRequest` when MLflow is not installed.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        _prepare(url)
        self._entities = _module("mlflow.entities")
        self._client_type = _module("mlflow.tracking").MlflowClient
        # What MLflow asks for beside its client would else go to a database that it makes where we stand.
        _module("mlflow.tracking").set_tracking_uri(url)
        _module("mlflow").set_registry_uri(url)

    @contextmanager
    def run(self, kind: str, params: Mapping[str, Plain]) -> Iterator[MlflowRun]:
        with _reached(self.url):
            client = self._client_type(self.url, self.url)
            made = client.create_run(_experiment(client), run_name=kind, tags={"kind": kind})
        run = MlflowRun(self.url, client, made.info.run_id, self._entities)
        try:
            run.log_params(params)
            yield run
        except BaseException as error:
            # Written down if it can be; what went wrong is what the user has to hear of.
            run.end("KILLED" if isinstance(error, KeyboardInterrupt) else "FAILED", quietly=True)
            raise
        run.end("FINISHED")


class MlflowRun:
    """A `Run` in MLflow. Its methods raise `StoreUnavailable` when the place cannot be reached."""

    def __init__(self, url: str, client: Any, run_id: str, entities: Any) -> None:
        self.url, self.client, self.id, self._entities = url, client, run_id, entities

    def log_params(self, params: Mapping[str, Plain]) -> None:
        made = [self._entities.Param(_name(k), str(v)[:LONGEST]) for k, v in params.items()]
        self._batches("params", made)

    def log_metrics(self, metrics: Mapping[str, float]) -> None:
        metric = self._entities.Metric
        self._batches("metrics", [metric(_name(k), float(v), 0, 0) for k, v in metrics.items()])

    def log_file(self, path: Path, folder: str = "") -> None:
        with _reached(self.url):
            self.client.log_artifact(self.id, str(path), folder or None)

    def log_folder(self, path: Path, name: str = "") -> None:
        with _reached(self.url):
            self.client.log_artifacts(self.id, str(path), name or None)

    def set_tag(self, name: str, value: str) -> None:
        with _reached(self.url):
            self.client.set_tag(self.id, _name(name), value)

    def register(self, digest: str, alias: str) -> None:
        with _reached(self.url):
            version = self._version(digest)
            self.client.set_registered_model_alias(MODEL, alias, version)

    def knows(self, digest: str) -> bool:
        with _reached(self.url):
            return self._found(digest) is not None

    def end(self, status: str, *, quietly: bool = False) -> None:
        try:
            with _reached(self.url):
                self.client.set_terminated(self.id, status)
        except StoreUnavailable:
            if not quietly:
                raise

    def _batches(self, kind: str, made: list[Any]) -> None:
        for at in range(0, len(made), BATCH):
            with _reached(self.url):
                self.client.log_batch(self.id, **{kind: made[at : at + BATCH]})

    def _version(self, digest: str) -> str:
        """The registered version of the bundle with that digest, made of this run's if there is none."""
        if not any(model.name == MODEL for model in self.client.search_registered_models(f"name='{MODEL}'")):
            self.client.create_registered_model(MODEL)
        found = self._found(digest)
        if found:
            return found
        source = f"{self.client.get_run(self.id).info.artifact_uri}/{BUNDLE}"
        return str(self.client.create_model_version(MODEL, source, self.id, tags={DIGEST: digest}).version)

    def _found(self, digest: str) -> str | None:
        known = self.client.search_model_versions(f"name='{MODEL}'")
        return next((str(each.version) for each in known if each.tags.get(DIGEST) == digest), None)


def _prepare(url: str) -> None:
    os.environ.update(_QUIET)
    for name, value in _PATIENCE.items():
        os.environ.setdefault(name, value)
    if url.startswith(FILES):
        os.environ["MLFLOW_ALLOW_FILE_STORE"] = "true"


def _module(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        message = f"{VARIABLE} is set, and MLflow is not installed: install the extra `mlops`, or unset it."
        raise InvalidRequest("no_mlflow", message) from error


def _experiment(client: Any) -> str:
    found = client.get_experiment_by_name(EXPERIMENT)
    return str(found.experiment_id if found else client.create_experiment(EXPERIMENT))


@contextmanager
def _reached(url: str) -> Iterator[None]:
    """Whatever MLflow and its transport raise as one error that says where it was."""
    wrong = _module("mlflow.exceptions").MlflowException, OSError
    try:
        yield
    except wrong as error:
        message = f"Nothing could be written to the tracking at {_shown(url)}; see {VARIABLE}."
        raise StoreUnavailable("tracking", message) from error


def _shown(url: str) -> str:
    """Without name and password, should there be any in it."""
    return re.sub(r"//[^/@]*@", "//", url)


def _name(name: str) -> str:
    """A name as MLflow takes it: letters, digits, `-`, `_`, `.`, blanks and `/`, no longer than 250."""
    parts = [part.strip(". ") or "_" for part in _ODD.sub("_", name).split("/")]
    return "/".join(parts)[:250]
