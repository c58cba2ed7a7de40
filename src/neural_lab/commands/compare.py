"""`neural-lab compare`: what documents share with one another."""

from __future__ import annotations

import sys

import typer

from neural_lab.commands.excluding import Excluded, SmallerThan, switches
from neural_lab.commands.options import AsJson, Debug, Files, Html, Template
from neural_lab.guard import Guarded

compare_app = typer.Typer(add_completion=False)


@compare_app.command("compare", cls=Guarded)
def compare(
    files: Files,
    exclude: Excluded = None,
    smaller_than: SmallerThan = None,
    template: Template = None,
    as_json: AsJson = False,
    html: Html = None,
    debug: Debug = False,
) -> int:
    """Show what documents share with one another: a table of shares, and the pairs most alike."""
    del debug
    from neural_lab import auditor
    from neural_lab.backends.memory_store import MemoryStore
    from neural_lab.commands import printing
    from neural_lab.commands.opening import OWNER
    from neural_lab.commands.searched import templates
    from neural_lab.errors import InvalidRequest
    from neural_lab.files import expand, fresh_page, full_path
    from neural_lab.report import audit_html, audit_json, audit_terminal, library_words
    from neural_lab.report.progress import watched
    from neural_lab.report.streams import console

    paths = list({full_path(path): path for path in reversed([*expand(files)])}.values())[::-1]
    if html:
        fresh_page(html, paths)
    wanted = switches(exclude, smaller_than, None, template=bool(template))
    given_out, errors = templates(template), printing.Failures()
    documents = list(printing.documents(watched(paths, library_words.READING), errors))
    if len(documents) < 2:
        printing.told(errors)
        raise InvalidRequest("too_few", "Name at least two documents that can be read.")
    most = auditor.most_sources(len(documents))
    empty = MemoryStore(most_sources=most).library(OWNER)
    cohort = auditor.compare(
        documents, empty, wanted, lambda each: watched(each, library_words.COMPARING), given_out
    )
    if html:
        printing.write_page(html, audit_html.cohort_page(cohort, printing.lines(errors)))
    if as_json:
        printing.print_json(audit_json.cohort(cohort, errors))
    elif not html:
        audit_terminal.show_cohort(console(sys.stdout), cohort)
    return printing.told(errors)
