"""`neural-lab disputes`: flags that somebody says are wrong, from quarantine to release."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from neural_lab.commands.options import OWNER, AsJson, Debug, Url, opened, whole_number
from neural_lab.commands.printing import print_json
from neural_lab.guard import Guarded
from neural_lab.report import dispute_words as words

if TYPE_CHECKING:
    from neural_lab.dispute import Decision, Dispute
    from neural_lab.ports import Store

HELP = (
    "Passages whose flag somebody says is wrong, and whether detectors may be trained on them.\n\n"
    "That takes two: the owner of the passage agrees to it, and a reviewer accepts it. Passages are listed "
    "here when their owners agreed; all others are only counted. `neural-lab retrain --disputes` reads what "
    "is released."
)

disputes_app = typer.Typer(add_completion=False, no_args_is_help=True)
Number = Annotated[
    int, typer.Argument(parser=whole_number, metavar="NUMBER", help="Number of the dispute; `list` shows it.")
]
Note = Annotated[str, typer.Option(metavar="TEXT", help="Why; the owner of the dispute can read it.")]
Most = Annotated[int, typer.Option(parser=whole_number, help="At most so many disputes.")]
In = Annotated[str, typer.Option("--state", metavar="STATE", help="quarantined, accepted or rejected.")]
Mine = Annotated[
    bool, typer.Option("--mine", help="Those of this computer's own user, all states, with consent or not.")
]


@disputes_app.callback(help=HELP)
def disputes() -> None:
    pass


@disputes_app.command("list", cls=Guarded)
def list_disputes(
    state: In = "quarantined",
    mine: Mine = False,
    most: Most = 50,
    as_json: AsJson = False,
    store: Url = None,
    debug: Debug = False,
) -> int:
    """List disputes whose owners agreed to training, the oldest first, and count all others."""
    del debug
    from neural_lab.exported import dispute_row, review_row

    with opened(store) as (found, _):
        listed = found.disputes(OWNER).disputes(most) if mine else _in_state(found, state, most)
        counts = asdict(found.review().counts())
    if as_json:
        rows = [dispute_row(each) if mine else review_row(each) for each in listed]
        print_json({"schema": 1, "counts": counts, "disputes": rows})
        return 0
    _print(listed)
    typer.echo(words.counts(**counts))
    return 0


@disputes_app.command("show", cls=Guarded)
def show(number: Number, as_json: AsJson = False, store: Url = None, debug: Debug = False) -> int:
    """Show a dispute with its whole passage."""
    del debug
    from neural_lab.exported import review_row
    from neural_lab.report.characters import visible

    with opened(store) as (found, _):
        kept = _found(found, number)
    if as_json:
        print_json({"schema": 1, **review_row(kept)})
        return 0
    said = words.shown(kept.probability, kept.claim, kept.state, kept.training_consented)
    for line in filter(None, (said, kept.passage, kept.note, kept.review_note)):
        typer.echo(visible(line))
    return 0


@disputes_app.command("accept", cls=Guarded)
def accept(
    number: Number, note: Note = "", as_json: AsJson = False, store: Url = None, debug: Debug = False
) -> int:
    """Let detectors be trained on a disputed passage, for as long as its owner agrees."""
    del debug
    return _decide(store, number, "accepted", note, as_json)


@disputes_app.command("reject", cls=Guarded)
def reject(
    number: Number, note: Note = "", as_json: AsJson = False, store: Url = None, debug: Debug = False
) -> int:
    """Keep a disputed passage out of training for good, also one that was accepted."""
    del debug
    return _decide(store, number, "rejected", note, as_json)


@disputes_app.command("consent", cls=Guarded)
def consent(number: Number, as_json: AsJson = False, store: Url = None, debug: Debug = False) -> int:
    """Agree that detectors are trained on a passage of your own: that of another user is theirs to give."""
    del debug
    from neural_lab.backends.clock import utc

    with opened(store) as (found, _):
        kept = _own(found.disputes(OWNER).consent(number, utc()))
    _say(kept, as_json, words.agreed(number))
    return 0


@disputes_app.command("withdraw", cls=Guarded)
def withdraw(
    number: Number,
    delete: Annotated[bool, typer.Option("--delete", help="And delete the passage with all else.")] = False,
    as_json: AsJson = False,
    store: Url = None,
    debug: Debug = False,
) -> int:
    """Take back that detectors are trained on a passage of your own."""
    del debug
    with opened(store) as (found, _):
        mine = found.disputes(OWNER)
        kept = _own(mine.consent(number, ""))
        if delete:
            mine.withdraw(number)
    taken = words.TAKEN_BACK.format(number=number)
    _say(kept, as_json, f"{words.deleted(number)} {taken}" if delete else taken)
    return 0


def _in_state(store: Store, state: str, most: int) -> list[Dispute]:
    from neural_lab.errors import InvalidRequest

    for known in ("quarantined", "accepted", "rejected"):
        if state == known:
            return store.review().disputes(known, most)
    raise InvalidRequest("dispute_state", "--state is one of quarantined, accepted and rejected.")


def _found(store: Store, number: int) -> Dispute:
    """One that a reviewer sees, or one's own."""
    from neural_lab.dispute import MOST_DISPUTES
    from neural_lab.errors import NotFound

    mine = (each for each in store.disputes(OWNER).disputes(MOST_DISPUTES) if each.id == number)
    found = store.review().dispute(number) or next(mine, None)
    if found is None:
        raise NotFound("no_dispute", words.UNKNOWN)
    return found


def _own(kept: Dispute | None) -> Dispute:
    from neural_lab.errors import NotFound

    if kept is None:
        raise NotFound("no_dispute", words.NOT_MINE)
    return kept


def _decide(store: str | None, number: int, decision: Decision, note: str, as_json: bool) -> int:
    from neural_lab.backends.clock import utc
    from neural_lab.dispute import LONGEST_NOTE
    from neural_lab.errors import InvalidRequest

    if len(note) > LONGEST_NOTE:
        raise InvalidRequest("long_note", f"A note has up to {LONGEST_NOTE:,} characters.")
    with opened(store) as (found, _):
        made = found.review().decide(number, decision, 0, utc(), note)
    _say(made, as_json, words.decided(number, made.state))
    return 0


def _say(dispute: Dispute, as_json: bool, sentence: str) -> None:
    from neural_lab.exported import review_row

    if as_json:
        print_json({"schema": 1, **review_row(dispute)})
    else:
        typer.echo(sentence)


def _print(listed: list[Dispute]) -> None:
    from neural_lab.report.sources_table import show_disputes

    if listed:
        show_disputes(listed, sys.stdout)
    else:
        typer.echo(words.NONE)
