"""Numbers of rows."""

from collections.abc import Sequence

LARGEST = 2**31 - 1


def possible(numbers: Sequence[int]) -> list[int]:
    """Those of `numbers` that a row can have; PostgreSQL takes no others as a question."""
    return [int(number) for number in numbers if 0 < number <= LARGEST]


def limit(most: int) -> int:
    """How many rows to ask for when at most `most` are wanted."""
    return min(max(most, 0), LARGEST)
