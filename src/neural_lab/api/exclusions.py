"""What shall not count in an audit or a comparison, as it is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from neural_lab.api.schemas import Given, Text
from neural_lab.audit.exclusions import Switches
from neural_lab.audit.source import Incoming
from neural_lab.backends.memory_store import MemoryStore
from neural_lab.ports import Library

Number = Annotated[int, Field(ge=1, le=2**31 - 1)]
Templates = Annotated[list[Text], Field(max_length=20, description="Texts that everybody was given.")]


class Exclusions(Given):
    """What does not count; excluded matches stay listed with the reason."""

    quotations: bool = False
    bibliography: bool = False
    drafts: bool = False
    smaller_than: Annotated[int, Field(ge=0, le=1_000_000)] = 0

    def switches(self, template: bool = False) -> Switches:
        return Switches(**self.model_dump(), template=template)


class LibraryExclusions(Exclusions):
    """As `Exclusions`, for sources of a library."""

    itself: bool = True
    sources: list[Number] = Field(default_factory=list, max_length=1_000)

    def switches(self, template: bool = False) -> Switches:
        rest = self.model_dump(exclude={"sources"})
        return Switches(**rest, template=template, sources=frozenset(self.sources))


def given_out(texts: Sequence[str]) -> Library | None:
    """A library of templates."""
    if not texts:
        return None
    library = MemoryStore().library("")
    library.add([Incoming(text) for text in dict.fromkeys(texts)])
    return library
