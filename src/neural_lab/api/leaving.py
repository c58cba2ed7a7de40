"""A user goes, with everything that was theirs."""

from __future__ import annotations

from neural_lab.account import User
from neural_lab.ports import Store

USER = "user"


def remove_user(store: Store, user: User) -> None:
    """The data go first: what is interrupted leaves a user who can ask again, and no data without one.

    They go once more at the end, for what was still being written meanwhile.
    """
    store.forget(user.owner)
    store.accounts().remove_user(user.id)
    store.forget(user.owner)


def forget_gone(store: Store, owner: str) -> None:
    """What was still written for a user who went meanwhile: asked when something has been written."""
    kind, _, number = owner.partition(":")
    if kind == USER and store.accounts().user(int(number)) is None:
        store.forget(owner)
