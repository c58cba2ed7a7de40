"""A user goes, with everything that was theirs."""

from __future__ import annotations

from neural_lab.account import User
from neural_lab.ports import Store


def remove_user(store: Store, user: User) -> None:
    """The data go first: what is interrupted leaves a user who can ask again, and no data without one.

    They go once more at the end, for what was still being written meanwhile.
    """
    store.forget(user.owner)
    store.accounts().remove_user(user.id)
    store.forget(user.owner)
