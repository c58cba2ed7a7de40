"""A challenger from new data, held against the champion, and promoted or refused."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from neural_lab.detectors.bundles import version_of
from neural_lab.detectors.disk import draft_of
from neural_lab.detectors.happened import What
from neural_lab.detectors.pointer import EMBEDDED
from neural_lab.detectors.registry import ChampionChanged
from neural_lab.retraining.alone import alone
from neural_lab.retraining.asked import MEASURED, Asked, Start, workplace
from neural_lab.retraining.cleaned import Cleaned, clean, data_gates
from neural_lab.retraining.compared import compare
from neural_lab.retraining.decided import WHO, changed_gate, overruled_gate
from neural_lab.retraining.examined import Examined, examine
from neural_lab.retraining.gate import reasons
from neural_lab.retraining.gathered import Gathered, gather, learnt, remember
from neural_lab.retraining.report import NOTHING_NEW, PASSED, PROMOTED, REFUSED, Findings, Report, keep
from neural_lab.retraining.steps import Steps
from neural_lab.retraining.written import written
from neural_lab.tracking.figures import metrics
from neural_lab.tracking.logged import CHAMPION, log_bundle
from neural_lab.tracking.tracker import Run
from neural_lab.training.build import train_on

KEPT_FILES = 4
"""Measurements and ensembles of the last runs: a batch that was refused and mended is measured quickly."""


def retrain(asked: Asked) -> Report:
    """Train a challenger on all that is labelled, and promote it if it passes every gate.

    Raises `Overloaded` while another one runs, `InvalidRequest` for data that cannot be
    used. Killed at any moment it leaves the champion as it was, or the whole challenger in its place.
    """
    with alone(workplace()), written(asked) as (run, untracked):
        start, steps = Start(asked), Steps()
        gathered, cleaned = _read(asked, start, steps)
        findings = Findings(start.version, gathered, cleaned, steps, untracked)
        with _draft(start) as draft:
            _judge(asked, start, draft, findings)
            if findings.outcome == PROMOTED:
                with steps("promotion"):
                    _promote(asked, start, draft, findings)
        report = findings.report(asked.limits)
        place = keep(report, workplace())
        if findings.outcome == REFUSED:
            start.registry.note(What.REFUSED, findings.challenger or "", WHO, "; ".join(report["reasons"]))
        _log(run, report, place, start)
    return report


def _read(asked: Asked, start: Start, steps: Steps) -> tuple[Gathered, Cleaned]:
    known = learnt(workplace(), start.version)
    with steps("reading"):
        most = asked.limits.disputes_share
        gathered = gather(asked.data, asked.frozen, asked.disputes, known, start.key, asked.columns, most)
    with steps("copies"):
        return gathered, clean(gathered)


def _judge(asked: Asked, start: Start, draft: Path, findings: Findings) -> None:
    """Goes as far as the gates let it; what it found, and the outcome, stand in `findings`."""
    gathered, cleaned, steps = findings.gathered, findings.cleaned, findings.steps
    if not gathered.fresh:
        findings.outcome = NOTHING_NEW
        return
    findings.outcome = REFUSED
    findings.gates += data_gates(gathered, cleaned, asked.limits)
    findings.gates.append(overruled_gate(start.registry, start.named(cleaned.records)))
    if reasons(findings.gates):
        return
    examined = examine(asked, start, gathered, cleaned, steps)
    findings.gates += examined.gates
    findings.contradicted = examined.contradicted
    if reasons(findings.gates):
        return
    _challenge(asked, start, draft, findings, examined)
    if not reasons(findings.gates):
        findings.outcome = PASSED if asked.dry_run else PROMOTED


def _challenge(asked: Asked, start: Start, draft: Path, findings: Findings, examined: Examined) -> None:
    records = findings.cleaned.records
    with findings.steps("training"):
        train_on(records, start.base, draft, start.named(records), start.recipe, start.measured)
    findings.challenger = version_of(draft)
    with findings.steps("challenger"):
        findings.gates += compare(draft, asked, start, findings.gathered, examined)


def _promote(asked: Asked, start: Start, draft: Path, findings: Findings) -> None:
    """Added whole, then pointed to; what was learnt is noted last: at worst it is looked at once more.

    Where another champion was chosen meanwhile nothing is promoted; the challenger stays among the kept.
    """
    why = f"passed {len(findings.gates)} gates in retraining {findings.run}"
    version = start.registry.add(draft, WHO, why)
    try:
        start.registry.promote(version, WHO, why, start.version or EMBEDDED)
    except ChampionChanged as error:
        findings.gates.append(changed_gate(error))
        findings.outcome = REFUSED
        return
    start.registry.keep(asked.keep, WHO, why)
    versions = [each.version for each in start.registry.versions()]
    # What was left out is known, too: else every run to come would begin for it.
    remember(workplace(), version, findings.gathered.records, versions, start.key)


def _log(run: Run, report: Report, place: Path, start: Start) -> None:
    """For the tracking, where one is set: by now all is done that it could keep from being done."""
    run.log_params({name: report[name] for name in ("outcome", "champion", "challenger")})
    run.log_params({f"limits/{name}": str(limit) for name, limit in report["limits"].items()})
    run.log_metrics(metrics({gate["name"]: gate for gate in report["gates"]}, "gates"))
    run.log_folder(place, "card")
    if report["outcome"] == PROMOTED:
        log_bundle(run, start.registry.folder_of(report["challenger"]), CHAMPION)


@contextmanager
def _draft(start: Start) -> Iterator[Path]:
    """A place for the challenger, gone afterwards; measurements are kept for some runs, without disputes."""
    draft = draft_of(workplace() / "challenger")
    try:
        yield draft
    finally:
        shutil.rmtree(draft, ignore_errors=True)
        if start.measured != workplace() / MEASURED:
            shutil.rmtree(start.measured, ignore_errors=True)
        kept = sorted((workplace() / MEASURED).glob("*"), key=lambda path: path.stat().st_mtime)
        for old in kept[:-KEPT_FILES]:
            old.unlink()
