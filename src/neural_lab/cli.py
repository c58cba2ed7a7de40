"""The command line. Each command asks the lab and hands the answer to `report`; nothing is decided here."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from neural_lab.commands.packing import Evidence, Trail, WithoutText
from neural_lab.guard import INTERRUPTED, Guarded, leave_at_once, tell
from neural_lab.report import words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from neural_lab.commands.keeping import Looked
    from neural_lab.outcome import Report
    from neural_lab.report.facts import Reference

app = typer.Typer(
    help=words.APP,
    epilog=words.exit_codes(),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Most = Annotated[
    str,
    typer.Option(
        "--max-false-positives",
        metavar="RATE",
        help="Share of human texts that may be flagged, as 1/200, 0.5% or 0.005.",
    ),
]
Target = Annotated[str | None, typer.Option("--target", metavar="RATE", hidden=True)]
Genre = Annotated[
    str | None, typer.Option(metavar="NAME", help="Genre of the texts, to show its own error rate.")
]
Writer = Annotated[
    str | None, typer.Option(metavar="NAME", help="Kind of writer, native or non_native, likewise.")
]
Debug = Annotated[bool, typer.Option("--debug", help="Show where an unexpected error happened.")]
Url = Annotated[
    str | None,
    typer.Option("--store", metavar="URL", help="Library and history to use; the settings' by default."),
]


def main() -> None:
    try:
        app(prog_name="neural-lab")
    except KeyboardInterrupt:
        # Ctrl-C outside a command: while it is set up, or while it is taken down.
        leave_at_once()
    except SystemExit as ending:
        if ending.code == INTERRUPTED:
            leave_at_once()
        raise


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import PackageNotFoundError, version

        try:
            typer.echo(f"neural-lab {version('neural-lab')}")
        except PackageNotFoundError:
            typer.echo("neural-lab (not installed)")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Options before any command."""


@app.command(cls=Guarded)
def check(
    files: Annotated[
        list[Path], typer.Argument(readable=False, help="Files and folders to read, or - for standard input.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")] = False,
    html: Annotated[
        Path | None, typer.Option(metavar="OUT", help="Write a report to this HTML file.")
    ] = None,
    quiet: Annotated[
        bool, typer.Option("--quiet", help="One line each: verdict, probability, path.")
    ] = False,
    full: Annotated[bool, typer.Option("--full", help="Show all sentences of long documents.")] = False,
    evidence: Evidence = None,
    without_text: WithoutText = False,
    trail: Trail = None,
    most: Most = "0.01",
    genre: Genre = None,
    writer: Writer = None,
    no_keep: Annotated[bool, typer.Option("--no-keep", help="Keep nothing of this in the history.")] = False,
    store: Url = None,
    target: Target = None,
    debug: Debug = False,  # noqa: ARG001 (read by `Guarded`)
) -> int:
    """Report on documents: how likely each sentence is machine-written, and why."""
    from neural_lab.batch import Asked, examine
    from neural_lab.commands import keeping
    from neural_lab.commands.evidence import Packing
    from neural_lab.compose import open_lab
    from neural_lab.files import expand, fresh_page
    from neural_lab.report import as_json as json_report
    from neural_lab.report.progress import watched
    from neural_lab.report.streams import speaks_utf8

    paths = list(dict.fromkeys(expand(files)))
    if html:
        fresh_page(html, paths)
    pack = Packing.of(evidence, paths, without_text, trail)
    lab = open_lab()
    wanted = Asked.typed(lab.detector, target or most, genre, writer)
    reports, errors = examine(lab, watched(paths, words.CHECKING), wanted, sys.stdin.buffer)
    looked = keeping.audited([report.document for report in reports], store)
    if html:
        _write_html(html, reports, looked, lab.detector.reference, [words.failure(*each) for each in errors])
    if pack and reports:
        pack.write(reports[0], lab, looked.audits[0], looked.scope)
    if as_json:
        envelope = json_report.envelope(reports, errors, (lab.detector.name, lab.detector.version))
        keeping.put_in(envelope, looked.audits)
        typer.echo(json_report.dumps(envelope, ascii_only=not speaks_utf8(sys.stdout)))
    else:
        _print(reports, looked, lab.detector.reference, quiet=quiet, brief=html is not None, full=full)
    errors += looked.errors or ([] if no_keep else keeping.keep_checks(reports, looked, wanted, store))
    for path, error in errors:
        tell(words.failure(path, error))
    return max((error.exit_code for _, error in errors), default=0)


_HANDED_ON = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}


@app.command(context_settings=_HANDED_ON)
def score(ctx: typer.Context) -> None:
    """Add a probability and a verdict to every row of a file or corpus (`neural-lab score --help`)."""
    from neural_lab.commands.score import score_app

    _hand_on(score_app, ctx)


@app.command(context_settings=_HANDED_ON)
def audit(ctx: typer.Context) -> None:
    """Show which passages documents share with your own library (`neural-lab audit --help`)."""
    from neural_lab.commands.audit import audit_app

    _hand_on(audit_app, ctx)


@app.command(context_settings=_HANDED_ON)
def compare(ctx: typer.Context) -> None:
    """Show what documents share with one another (`neural-lab compare --help`)."""
    from neural_lab.commands.compare import compare_app

    _hand_on(compare_app, ctx)


@app.command(context_settings=_HANDED_ON)
def library(ctx: typer.Context) -> None:
    """Add, list and remove the texts that documents are audited against (`neural-lab library --help`)."""
    from neural_lab.commands.library import library_app

    _hand_on(library_app, ctx)


@app.command(context_settings=_HANDED_ON)
def history(ctx: typer.Context) -> None:
    """List, show, search and delete kept reports (`neural-lab history --help`)."""
    from neural_lab.commands.history import history_app

    _hand_on(history_app, ctx)


@app.command(context_settings=_HANDED_ON)
def verify(ctx: typer.Context) -> None:
    """Recompute evidence of a check and say what of it agrees (`neural-lab verify --help`)."""
    from neural_lab.commands.verify import verify_app

    _hand_on(verify_app, ctx)


@app.command(context_settings=_HANDED_ON)
def serve(ctx: typer.Context) -> None:
    """Serve the lab over HTTP (`neural-lab serve --help`)."""
    from neural_lab.commands.serve import serve_app

    _hand_on(serve_app, ctx)


@app.command(context_settings=_HANDED_ON)
def lab(ctx: typer.Context) -> None:
    """Open the lab in your browser (`neural-lab lab --help`)."""
    from neural_lab.commands.lab import lab_app

    _hand_on(lab_app, ctx)


@app.command(context_settings=_HANDED_ON)
def user(ctx: typer.Context) -> None:
    """Say who may log in to the service (`neural-lab user --help`)."""
    from neural_lab.commands.users import user_app

    _hand_on(user_app, ctx)


@app.command(context_settings=_HANDED_ON)
def detectors(ctx: typer.Context) -> None:
    """Say which detector answers, and go back to another (`neural-lab detectors --help`)."""
    from neural_lab.commands.detectors import detectors_app

    _hand_on(detectors_app, ctx)


@app.command(context_settings=_HANDED_ON)
def drift(ctx: typer.Context) -> None:
    """See whether the texts that the service reads have changed (`neural-lab drift --help`)."""
    from neural_lab.commands.drift import drift_app

    _hand_on(drift_app, ctx)


@app.command(context_settings=_HANDED_ON)
def models(ctx: typer.Context) -> None:
    """Get, convert and check large models (`neural-lab models --help`)."""
    from neural_lab.commands.models import models_app

    _hand_on(models_app, ctx)


@app.command(context_settings=_HANDED_ON)
def doctor(ctx: typer.Context) -> None:
    """Check that this machine is ready: models, graphics card, stores (`neural-lab doctor --help`)."""
    from neural_lab.commands.doctor import doctor_app

    _hand_on(doctor_app, ctx)


@app.command(context_settings=_HANDED_ON)
def train(ctx: typer.Context) -> None:
    """Train the models of a detector (`neural-lab train --help` lists them)."""
    from neural_lab.training.commands import train_app

    _hand_on(train_app, ctx)


@app.command(context_settings=_HANDED_ON)
def retrain(ctx: typer.Context) -> None:
    """Train a challenger on new labelled texts, and promote or refuse it (`neural-lab retrain --help`)."""
    from neural_lab.commands.retrain import retrain_app

    _hand_on(retrain_app, ctx)


@app.command(context_settings=_HANDED_ON)
def disputes(ctx: typer.Context) -> None:
    """Review disputed flags and release them for training (`neural-lab disputes --help`)."""
    from neural_lab.commands.disputes import disputes_app

    _hand_on(disputes_app, ctx)


@app.command(context_settings=_HANDED_ON)
def evaluate(ctx: typer.Context) -> None:
    """Try a detector on labelled texts and write its error card (`neural-lab evaluate --help`)."""
    from neural_lab.training.judge_commands import evaluate_app

    _hand_on(evaluate_app, ctx)


@app.command(context_settings=_HANDED_ON)
def promote(ctx: typer.Context) -> None:
    """Put a detector in another's place if it passes the fairness gate (`neural-lab promote --help`)."""
    from neural_lab.training.judge_commands import promote_app

    _hand_on(promote_app, ctx)


@app.command(context_settings=_HANDED_ON)
def bench(ctx: typer.Context) -> None:
    """Compare with others on the same material (`neural-lab bench --help` lists the comparisons)."""
    from neural_lab.training.judge_commands import bench_app

    _hand_on(bench_app, ctx)


def _hand_on(commands: typer.Typer, ctx: typer.Context) -> None:
    """Run a command whose options are only read when it is meant, so that help for others appears at once."""
    command = typer.main.get_command(commands)
    with command.make_context(str(ctx.info_name), ctx.args, parent=ctx.parent) as inner:
        command.invoke(inner)


def _write_html(
    path: Path, reports: Sequence[Report], looked: Looked, reference: Reference, unread: Sequence[str]
) -> None:
    from neural_lab.files import replacing
    from neural_lab.report import library_words
    from neural_lab.report.as_html import page

    if reports:
        with replacing(path) as file:
            shared = [library_words.shared(found, looked.scope) for found in looked.audits]
            file.write(page(reports, reference, unread, shared).encode())
        tell(words.written(str(path)))


def _print(
    reports: Sequence[Report], looked: Looked, reference: Reference, *, quiet: bool, brief: bool, full: bool
) -> None:
    from neural_lab.report import library_words, terminal
    from neural_lab.report.streams import console

    out = console(sys.stdout)
    if quiet:
        out.file.writelines(f"{terminal.line(report)}\n" for report in reports)
        return
    for report, found in [] if brief else zip(reports, looked.audits, strict=True):
        terminal.show(out, report, reference, full=full)
        if found:
            out.print(library_words.shared(found, looked.scope), soft_wrap=True)
    if reports and (brief or len(reports) > 1):
        terminal.summarise(out, reports)
