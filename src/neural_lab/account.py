"""Who may use a shared service: users, and the keys of their programs."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class User:
    """One user. `password` is a salted hash as argon2 writes it, never a password."""

    id: int
    name: str
    password: str = field(repr=False)
    admin: bool
    created: str

    @property
    def owner(self) -> str:
        """The owner of this user's library, history and jobs; never given to another user."""
        return f"user:{self.id}"


@dataclass(frozen=True, slots=True)
class Key:
    """A key of a user's program, known by the digest of its secret; `scopes` say what it may do."""

    id: int
    label: str
    scopes: frozenset[str]
    created: str
