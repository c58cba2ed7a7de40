"""`neural-lab retrain`: new labelled texts become a challenger, which is promoted or refused."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from neural_lab.commands.opening import opened
from neural_lab.guard import Guarded, tell

if TYPE_CHECKING:
    from neural_lab.retraining.limits import Limits
    from neural_lab.training.dataset import Record

retrain_app = typer.Typer(add_completion=False)

Debug = Annotated[bool, typer.Option("--debug", help="Show where an unexpected error happened.")]


@retrain_app.command("retrain", cls=Guarded)
def retrain(
    data: Annotated[
        list[Path],
        typer.Option(
            metavar="PATH", help="All labelled texts, old and new: CSV, JSON lines, Parquet or folders."
        ),
    ],
    frozen: Annotated[
        list[Path], typer.Option(metavar="PATH", help="Labelled texts that are only ever judged on.")
    ],
    disputes: Annotated[
        bool, typer.Option("--disputes", help="Learn from reviewed and released disputes, too.")
    ] = False,
    base: Annotated[
        Path | None, typer.Option(file_okay=False, help="Bundle to take the models from; the champion.")
    ] = None,
    keep: Annotated[int, typer.Option(min=1, help="Versions to keep.")] = 5,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Judge, and promote nothing.")] = False,
    config: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Limits; retrain.toml in the data folder by default.")
    ] = None,
    writer_of: Annotated[
        list[str] | None,
        typer.Option(metavar="SOURCE=GROUP", help="native or non_native: who wrote a frozen source."),
    ] = None,
    text_column: Annotated[str, typer.Option(metavar="NAME", help="Column that holds the text.")] = "text",
    label_column: Annotated[
        str, typer.Option(metavar="NAME", help="Column that says human (0) or machine (1).")
    ] = "label",
    store: Annotated[
        str | None, typer.Option(metavar="URL", help="Where disputes are; the settings' by default.")
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processes; as many as processors by default.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")] = False,
    debug: Debug = False,
) -> int:
    """Train a challenger on all labelled texts and promote it if it passes every gate; for timers, too.

    0: promoted, or nothing new. 2: refused, with all reasons. 5: another retraining is under way.
    """
    del debug
    from neural_lab.retraining.asked import Asked, workplace
    from neural_lab.retraining.limits import FILE, read_limits
    from neural_lab.retraining.report import OUTCOMES, REFUSED, markdown
    from neural_lab.retraining.report import as_json as dumped
    from neural_lab.retraining.retrain import retrain as run
    from neural_lab.settings import home
    from neural_lab.training.dataset import Columns
    from neural_lab.training.fairness import parse_groups

    limits = read_limits(config, home() / FILE)
    asked = Asked(
        data=data,
        frozen=frozen,
        disputes=_released(store, limits) if disputes else (),
        base=base,
        keep=keep,
        dry_run=dry_run,
        columns=Columns(text=text_column, label=label_column),
        writers=parse_groups(writer_of or ()),
        limits=limits,
        workers=workers,
    )
    report = run(asked)
    typer.echo(dumped(report) if as_json else markdown(report))
    tell(f"{OUTCOMES[report['outcome']]} The report is in {workplace() / report['run']}.")
    return 2 if report["outcome"] == REFUSED else 0


def _released(store: str | None, limits: Limits) -> list[Record]:
    from neural_lab.retraining.disputes import as_records

    with opened(store) as (found, _):
        return as_records(found.released_disputes(), limits.disputes_per_owner)
