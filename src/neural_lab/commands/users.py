"""`neural-lab user`: who may log in to the service."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from neural_lab.commands.options import Debug, Yes, confirmed, opened
from neural_lab.guard import Guarded

if TYPE_CHECKING:
    from neural_lab.account import User
    from neural_lab.ports import Accounts

user_app = typer.Typer(add_completion=False, no_args_is_help=True)
Admin = Annotated[bool, typer.Option("--admin", help="May review disputes, and read the service's figures.")]


@user_app.callback()
def user() -> None:
    """Who may log in to the service."""


@user_app.command("add", cls=Guarded)
def add(name: str, admin: Admin = False, debug: Debug = False) -> int:
    """Make a user; the password is asked for, or read from standard input."""
    del debug
    from neural_lab.api.names import user_name
    from neural_lab.api.passwords import hashed

    kept = user_name(name)
    password = hashed(_password())
    with opened(None, make=True) as (store, _):
        store.accounts().add_user(kept, password, admin)
    typer.echo(f"{kept} may log in.")
    return 0


@user_app.command("password", cls=Guarded)
def password(name: str, debug: Debug = False) -> int:
    """Give a user another password and end all sessions."""
    del debug
    from neural_lab.api.passwords import hashed

    with opened(None) as (store, _):
        accounts = store.accounts()
        found = _named(accounts, name)
        accounts.set_password(found.id, hashed(_password()))
    typer.echo(f"{found.name} has another password.")
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
def remove(name: str, yes: Yes = False, debug: Debug = False) -> int:
    """Delete a user with everything that is theirs."""
    del debug
    from neural_lab.api.leaving import remove_user

    with opened(None) as (store, _):
        found = _named(store.accounts(), name)
        confirmed(f"Delete {found.name} and everything that is theirs?", yes)
        remove_user(store, found)
    typer.echo(f"{found.name} is deleted.")
    return 0


def _named(accounts: Accounts, name: str) -> User:
    from neural_lab.api.names import folded
    from neural_lab.errors import NotFound

    found = accounts.named(folded(name))
    if found is None:
        raise NotFound("no_user", "There is no user of that name; see `neural-lab user list`.")
    return found


def _password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))
