"""Names of users: one form for all ways of typing a name."""

from __future__ import annotations

import unicodedata

from neural_lab.errors import InvalidRequest

SHORTEST, LONGEST = 2, 64
SIGNS = frozenset("._@+-")


def user_name(typed: str) -> str:
    """The form in which a name is kept and looked for. Raises `InvalidRequest` for what is no name."""
    name = unicodedata.normalize("NFKC", typed)
    if not (SHORTEST <= len(name) <= LONGEST and all(map(_may_stand, name))):
        raise InvalidRequest(
            "name", f"A name has {SHORTEST} to {LONGEST} letters, digits and signs of . _ @ + -"
        )
    return name


def folded(name: str) -> str:
    """The same for all names that stores take for one."""
    return unicodedata.normalize("NFKC", name).casefold()


def _may_stand(character: str) -> bool:
    """Letters, their marks and numbers; nothing that cannot be seen."""
    return unicodedata.category(character)[0] in "LMN" or character in SIGNS
