"""Looking for words in what a store keeps: literally, in any case, in every store alike."""

from neural_lab.errors import InvalidRequest

FEWEST = 3
"""Indexes of stores are of three characters, so that shorter words would mean reading everything."""


def wanted(words: str) -> str:
    """`words` as `holds` looks for them. Raises `InvalidRequest` for fewer than `FEWEST` characters."""
    if len(words) < FEWEST:
        raise InvalidRequest("too_short", f"Words to search for need {FEWEST} characters or more.")
    return words.casefold()


def holds(folded: str, *fields: str) -> bool:
    """Whether one of `fields` contains what `wanted` returned."""
    return any(folded in field.casefold() for field in fields)
