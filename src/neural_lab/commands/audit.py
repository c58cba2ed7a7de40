"""`neural-lab audit`: what documents share with a library."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from neural_lab.commands.excluding import Excluded, SmallerThan, switches
from neural_lab.commands.options import (
    AsJson,
    Debug,
    ExcludedSources,
    Files,
    Full,
    Html,
    Itself,
    Template,
    Url,
)
from neural_lab.guard import Guarded, tell

audit_app = typer.Typer(add_completion=False)


@audit_app.command("audit", cls=Guarded)
def audit(
    files: Files,
    library: Annotated[
        list[str] | None,
        typer.Option(
            metavar="WHAT", help="A collection, files or a folder, or a store's URL; may be repeated."
        ),
    ] = None,
    exclude: Excluded = None,
    smaller_than: SmallerThan = None,
    exclude_source: ExcludedSources = None,
    template: Template = None,
    include_itself: Itself = False,
    as_json: AsJson = False,
    html: Html = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="One line each: share, sources, path.")] = False,
    full: Full = False,
    no_keep: Annotated[bool, typer.Option("--no-keep", help="Keep nothing of this in the history.")] = False,
    store: Url = None,
    debug: Debug = False,
) -> int:
    """Show which passages documents share with your library: where to look, never a proof by itself."""
    del debug
    from neural_lab.auditor import Auditor
    from neural_lab.commands import printing
    from neural_lab.commands.keeping import keep_audits
    from neural_lab.commands.searched import searched, templates
    from neural_lab.files import expand, fresh_page
    from neural_lab.report import audit_html, audit_json, library_words
    from neural_lab.report.progress import watched

    paths = list(dict.fromkeys(expand(files)))
    if html:
        given = [Path(name) for name in library or () if "://" not in name]
        fresh_page(html, [*paths, *expand([*given, *(template or ())])])
    wanted = switches(
        exclude, smaller_than, exclude_source, template=bool(template), itself=not include_itself
    )
    with searched(library or (), store) as against:
        against.check(exclude_source or ())
        auditor = Auditor(against.library, templates(template), against.collections)
        errors = [*against.errors]
        documents = printing.documents(watched(paths, library_words.AUDITING), errors)
        audits = [auditor.audit(document, wanted, printing.source_path(document)) for document in documents]
        scope = against.described()
    if html and audits:
        printing.write_page(html, audit_html.page(audits, printing.lines(errors), scope))
    if as_json:
        printing.print_json(audit_json.envelope(audits, errors, asdict(scope)))
    else:
        printing.print_audits(audits, scope, quiet=quiet, brief=html is not None, full=full)
    if not scope.sources:
        tell(library_words.NO_SOURCES)
    errors += [] if no_keep else keep_audits(audits, scope, store)
    return printing.told(errors)
