"""Options that say what shall not count."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from neural_lab.audit.exclusions import Exclusion
from neural_lab.commands.options import whole_number

if TYPE_CHECKING:
    from neural_lab.audit.exclusions import Switches

SMALL = 100
SWITCHED = (Exclusion.QUOTATIONS, Exclusion.BIBLIOGRAPHY, Exclusion.DRAFTS, Exclusion.SMALL)

Excluded = Annotated[
    list[str] | None,
    typer.Option(
        "--exclude",
        metavar="KIND",
        help=f"Don't count {', '.join(SWITCHED)}; may be repeated, or several with commas.",
    ),
]
SmallerThan = Annotated[
    int | None,
    typer.Option(
        metavar="N", parser=whole_number, help=f"Small matches have fewer characters; {SMALL} if not said."
    ),
]


def switches(
    exclude: Sequence[str] | None,
    smaller_than: int | None,
    sources: Sequence[int] | None,
    *,
    template: bool = False,
    itself: bool = True,
) -> Switches:
    """Exclusions as they were typed. Raises `InvalidRequest`."""
    from neural_lab.audit.exclusions import Switches

    named = kinds(exclude or ())
    return Switches(
        quotations=Exclusion.QUOTATIONS in named,
        bibliography=Exclusion.BIBLIOGRAPHY in named,
        template=template,
        drafts=Exclusion.DRAFTS in named,
        itself=itself,
        smaller_than=smaller_than or (SMALL if Exclusion.SMALL in named else 0),
        sources=frozenset(sources or ()),
    )


def kinds(exclude: Sequence[str]) -> frozenset[str]:
    """The kinds that are named. Raises `InvalidRequest` for one that there is not."""
    from neural_lab.errors import InvalidRequest

    named = frozenset(kind.strip() for typed in exclude for kind in typed.split(","))
    if unknown := sorted(named.difference(SWITCHED)):
        raise InvalidRequest("exclude", f"--exclude “{unknown[0]}”: there are {', '.join(SWITCHED)}.")
    return named
