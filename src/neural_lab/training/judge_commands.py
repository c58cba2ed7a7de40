"""`neural-lab evaluate`, `promote` and `bench`: a finished detector on labelled texts."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from neural_lab.guard import Guarded, tell

evaluate_app = typer.Typer(add_completion=False)
promote_app = typer.Typer(add_completion=False)
bench_app = typer.Typer(add_completion=False, no_args_is_help=True)

Data = Annotated[
    list[Path],
    typer.Option(metavar="PATH", help="CSV, JSON lines or Parquet, or a folder of them; may be repeated."),
]
Out = Annotated[Path, typer.Option(metavar="DIR", file_okay=False, help="Folder to write to.")]
Chosen = Annotated[Path | None, typer.Option(file_okay=False, help="Detector; the embedded one by default.")]
Halved = Annotated[
    list[str] | None,
    typer.Option(metavar="SOURCE", help="Use one half of this source: promote uses one, all else the other."),
]
WriterOf = Annotated[
    list[str] | None,
    typer.Option(
        metavar="SOURCE=GROUP",
        help="native or non_native: who wrote a source, or the texts with a value in the writer column.",
    ),
]
Most = Annotated[
    int | None, typer.Option(min=1, help="Texts of each source and class, in the order of a hash; all else.")
]
Workers = Annotated[int | None, typer.Option(min=1, help="Processes; as many as processors by default.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")]
TextColumn = Annotated[str, typer.Option(metavar="NAME", help="Column that holds the text.")]
LabelColumn = Annotated[str, typer.Option(metavar="NAME", help="Column that says human (0) or machine (1).")]
WriterColumn = Annotated[str, typer.Option(metavar="NAME", help="Column that names the group of writers.")]
Debug = Annotated[bool, typer.Option("--debug", help="Show where an unexpected error happened.")]


@evaluate_app.command("evaluate", cls=Guarded)
def evaluate(
    data: Data,
    out: Out,
    bundle: Chosen = None,
    sentences: Annotated[
        bool, typer.Option("--sentences", help="Rows are {“sentences”: […], “labels”: [0 or 1, …]}.")
    ] = False,
    halve: Halved = None,
    writer_of: WriterOf = None,
    record: Annotated[
        bool, typer.Option("--record", help="Write the rates by kind of writer into the detector.")
    ] = False,
    text_column: TextColumn = "text",
    label_column: LabelColumn = "label",
    writer_column: WriterColumn = "writer",
    most: Most = None,
    workers: Workers = None,
    as_json: AsJson = False,
    debug: Debug = False,
) -> int:
    """Score labelled texts as a user's are scored; write an error card, its plots and every score."""
    del debug
    from neural_lab.tracking.logged import log_card, tracked
    from neural_lab.training import judging

    with tracked("evaluate", data, bundle=bundle, sentences=sentences, halve=halve, most=most) as run:
        if sentences:
            judging.refuse({"--halve": halve, "--writer-of": writer_of})
            card, text = judging.sentences(bundle, data, out, workers)
        else:
            columns = judging.columns(text_column, label_column, writer_column)
            records = judging.records(data, columns, halve or (), "report", most)
            card, text = judging.texts(bundle, records, out, writer_of or (), workers, record)
        log_card(run, card, out)
    _print(card, text, as_json)
    tell(f"The error card was written to {out}.")
    return 0


@promote_app.command("promote", cls=Guarded)
def promote_bundle(
    bundle: Annotated[Path, typer.Argument(file_okay=False, help="The detector that is to be promoted.")],
    data: Data,
    to: Annotated[Path, typer.Option(metavar="FOLDER", file_okay=False, help="Where it is to stand.")],
    current: Annotated[
        Path | None,
        typer.Option(file_okay=False, help="What to compare with; FOLDER if it is there, else the embedded."),
    ] = None,
    halve: Halved = None,
    writer_of: WriterOf = None,
    text_column: TextColumn = "text",
    label_column: LabelColumn = "label",
    writer_column: WriterColumn = "writer",
    workers: Workers = None,
    as_json: AsJson = False,
    debug: Debug = False,
) -> int:
    """Put a detector in another's place if it is fair to non-native writers and no worse than that one."""
    del debug
    from neural_lab.tracking.figures import metrics
    from neural_lab.tracking.logged import CHAMPION, log_bundle, tracked
    from neural_lab.training import judging, promote
    from neural_lab.training.fairness import parse_groups, require_enough

    columns = judging.columns(text_column, label_column, writer_column)
    records = judging.records(data, columns, halve or (), "gate")
    named = parse_groups(writer_of or ())
    require_enough(records, named)
    with tracked("promote", data, bundle=bundle, current=current, to=to, halve=halve) as run:
        result = promote.promote(bundle, current, to, records, named, workers)
        run.log_metrics(metrics(result))
        if result["passed"]:
            log_bundle(run, to, CHAMPION)
    _print(result, promote.fairness_text(result), as_json)
    tell(f"{bundle} was promoted to {to}." if result["passed"] else promote.refusal(bundle, result))
    return 0 if result["passed"] else 2


@bench_app.callback()
def bench() -> None:
    """Compare with others on the same material."""


@bench_app.command("detect", cls=Guarded)
def detect(
    data: Data,
    out: Out,
    peer: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="A peer; may be repeated; all by default.")
    ] = None,
    bundle: Chosen = None,
    halve: Halved = None,
    text_column: TextColumn = "text",
    label_column: LabelColumn = "label",
    most: Most = None,
    workers: Workers = None,
    as_json: AsJson = False,
    debug: Debug = False,
) -> int:
    """Rank labelled texts by the detector and by simpler ways to tell machine text."""
    del debug
    from neural_lab.training import judging

    columns = judging.columns(text_column, label_column)
    records = judging.records(data, columns, halve or (), "report", most)
    card, text = judging.peers(bundle, records, peer or (), out, workers)
    _print(card, text, as_json)
    tell(f"Scores, table and plot were written to {out}.")
    return 0


@bench_app.command("attacks", cls=Guarded)
def attacks(
    data: Data,
    out: Out,
    limit: Annotated[int, typer.Option(min=20, help="Machine texts to attack.")] = 300,
    bundle: Chosen = None,
    halve: Halved = None,
    text_column: TextColumn = "text",
    label_column: LabelColumn = "label",
    most: Most = None,
    workers: Workers = None,
    as_json: AsJson = False,
    debug: Debug = False,
) -> int:
    """Measure what typing errors, look-alike letters, synonyms and other changes to machine texts cost."""
    del debug
    from neural_lab.training import judging

    columns = judging.columns(text_column, label_column)
    records = judging.records(data, columns, halve or (), "report", most)
    card, text = judging.attacks(bundle, records, limit, out, workers)
    _print(card, text, as_json)
    tell(f"The table was written to {out}.")
    return 0


def _print(card: dict[str, Any], text: str, as_json: bool) -> None:
    typer.echo(json.dumps(card, indent=1, allow_nan=False) if as_json else text)
