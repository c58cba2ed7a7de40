"""`neural-lab serve`: the lab over HTTP."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Annotated, Any

import typer

from neural_lab.commands.options import Debug, opened
from neural_lab.guard import Guarded, tell

if TYPE_CHECKING:
    from neural_lab.api.config import ServeConfig

serve_app = typer.Typer(add_completion=False)
APPLICATION, KEEP_ALIVE = "neural_lab.api.app:create_app", 20


@serve_app.command("serve", cls=Guarded)
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen at; 127.0.0.1 by default.")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65_535, help="Port; 8000 by default.")] = None,
    workers: Annotated[int | None, typer.Option(min=1, max=64, help="Processes; 1 by default.")] = None,
    debug: Debug = False,
) -> int:
    """Serve the lab over HTTP, on this computer alone unless users log in (docs/serving.md)."""
    del debug
    from neural_lab.api.config import read_config
    from neural_lab.api.supervisor import run

    config = read_config(host=host, port=port, workers=workers)
    given = {"HOST": config.host, "PORT": config.port, "WORKERS": config.workers}
    os.environ.update({f"NEURAL_LAB_{name}": str(value) for name, value in given.items()})
    _prepare(config)
    tell(f"Neural Lab on http://{_in_url(config.host)}:{config.port} - stop with Ctrl-C")
    with _shared_figures() if config.workers > 1 else nullcontext():
        run(APPLICATION, **_options(config))
    return 0


def _prepare(config: ServeConfig) -> None:
    """What processes share is made before there are any; what is wrong with it is said in one sentence."""
    from neural_lab.api.limiting import open_limits

    config.key()
    open_limits(config, lambda _: None)
    with opened(None, make=True) as (store, _):
        store.ping()
        if config.accounts and not config.sign_up and not store.accounts().users():
            tell("Nobody can log in yet: neural-lab user add NAME")
    if config.workers > 1 and config.redis is None:
        tell("Without NEURAL_LAB_REDIS every process counts limits for itself.")


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _options(config: ServeConfig) -> dict[str, Any]:
    return {
        "host": config.host,
        "port": config.port,
        "workers": config.workers,
        "http": "neural_lab.api.draining:DrainingProtocol",
        "ws": "none",
        "access_log": False,
        "log_level": "warning",
        "server_header": False,
        "proxy_headers": False,
        "timeout_keep_alive": KEEP_ALIVE,
        "timeout_graceful_shutdown": max(1, int(config.drain_seconds)),
        "h11_max_incomplete_event_size": 64 << 10,
    }


@contextmanager
def _shared_figures() -> Iterator[None]:
    """Several processes write their figures into one folder, so that any of them can tell all."""
    with tempfile.TemporaryDirectory(prefix="neural-lab-figures-") as folder:
        os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", folder)
        yield
