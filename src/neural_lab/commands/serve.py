"""`neural-lab serve` and `user`: the service, and who may log in to it."""

from __future__ import annotations

import os
import tempfile
from typing import TYPE_CHECKING, Annotated, Any

import typer

from neural_lab.commands.options import Debug, opened
from neural_lab.guard import Guarded, tell

if TYPE_CHECKING:
    from neural_lab.account import User
    from neural_lab.ports import Accounts

serve_app = typer.Typer(add_completion=False)
user_app = typer.Typer(add_completion=False, no_args_is_help=True)
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
    import uvicorn

    from neural_lab.api.config import read_config

    config = read_config(host=host, port=port, workers=workers)
    given = {"HOST": config.host, "PORT": config.port, "WORKERS": config.workers}
    os.environ.update({f"NEURAL_LAB_{name}": str(value) for name, value in given.items()})
    _share_figures(config.workers)
    tell(f"Neural Lab on http://{config.host}:{config.port} - stop with Ctrl-C")
    uvicorn.run(APPLICATION, factory=True, **_options(config))
    return 0


def _options(config: Any) -> dict[str, Any]:
    return {
        "host": config.host,
        "port": config.port,
        "workers": config.workers if config.workers > 1 else None,
        "http": "neural_lab.api.protocol:PatientProtocol",
        "ws": "none",
        "access_log": False,
        "log_level": "warning",
        "server_header": False,
        "proxy_headers": False,
        "timeout_keep_alive": KEEP_ALIVE,
        "timeout_graceful_shutdown": int(config.drain_seconds) + 1,
        "h11_max_incomplete_event_size": 64 << 10,
    }


def _share_figures(workers: int) -> None:
    """Several processes write their figures into one folder, so that any of them can tell all."""
    if workers > 1:
        os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", tempfile.mkdtemp(prefix="neural-lab-figures-"))


@user_app.callback()
def user() -> None:
    """Who may log in to the service."""


@user_app.command("add", cls=Guarded)
def add(
    name: str,
    admin: Annotated[
        bool, typer.Option("--admin", help="May make keys that read the service's figures.")
    ] = False,
    debug: Debug = False,
) -> int:
    """Make a user; the password is asked for, or read from standard input."""
    del debug
    from neural_lab.api.passwords import hashed

    password = hashed(_password())
    with opened(None) as (store, _):
        store.accounts().add_user(name, password, admin)
    typer.echo(f"{name} may log in.")
    return 0


@user_app.command("password", cls=Guarded)
def password(name: str, debug: Debug = False) -> int:
    """Give a user another password and end all sessions."""
    del debug
    from neural_lab.api.passwords import hashed

    changed = hashed(_password())
    with opened(None) as (store, _):
        accounts = store.accounts()
        accounts.set_password(_named(accounts, name).id, changed)
    typer.echo(f"{name} has another password.")
    return 0


@user_app.command("list", cls=Guarded)
def list_users(debug: Debug = False) -> int:
    """List all users."""
    del debug
    with opened(None) as (store, _):
        for each in store.accounts().users():
            typer.echo(f"{each.name}\t{'admin' if each.admin else 'user'}\t{each.created}")
    return 0


@user_app.command("remove", cls=Guarded)
def remove(
    name: str,
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask.")] = False,
    debug: Debug = False,
) -> int:
    """Delete a user with library, history, jobs and keys."""
    del debug
    if not yes:
        typer.confirm(f"Delete {name} and everything that is theirs?", abort=True, err=True)
    with opened(None) as (store, _):
        found = _named(store.accounts(), name)
        store.accounts().remove_user(found.id)
        store.forget(found.owner)
    typer.echo(f"{name} is deleted.")
    return 0


def _named(accounts: Accounts, name: str) -> User:
    from neural_lab.errors import NotFound

    found = accounts.named(name)
    if found is None:
        raise NotFound("no_user", "There is no user of that name; see `neural-lab user list`.")
    return found


def _password() -> str:
    import sys

    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))
