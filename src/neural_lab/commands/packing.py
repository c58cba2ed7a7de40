"""Options that say what evidence is written, and where."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Evidence = Annotated[
    Path | None,
    typer.Option(metavar="OUT", help="Write evidence that anybody can verify to this .html or .json file."),
]
WithoutText = Annotated[
    bool, typer.Option("--without-text", help="Leave the text out of the evidence, but for its SHA-256.")
]
Trail = Annotated[
    Path | None,
    typer.Option(readable=False, metavar="FILE", help="JSON of a draft's trail, to put into the evidence."),
]
