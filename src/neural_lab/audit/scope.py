"""What a document was set against."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scope:
    """How many sources were searched, how many characters they have, and which collections they are in.

    Sources that are files have no collections.
    """

    sources: int
    characters: int
    collections: tuple[str, ...] = ()
