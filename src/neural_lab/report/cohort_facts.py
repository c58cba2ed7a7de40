"""What the reports of a comparison say in both forms for people."""

from __future__ import annotations

from neural_lab.audit.audited import Audited, Cohort
from neural_lab.report import audit_words
from neural_lab.report.titles import title


def cohort_words(cohort: Cohort) -> list[str]:
    """What holds for all of it: what was left out of the count, if anything, and what shared text means."""
    turned = {audit_words.left_out(each.switches, itself=False) for each in cohort.audits}
    return [*sorted(turned - {audit_words.NOTHING_LEFT_OUT}), audit_words.MEANING]


def common_of(audited: Audited, number: int) -> str:
    """How much common text one of the documents has."""
    said = audit_words.common([span.length for span in audited.common], len(audited.document.text))
    return audit_words.COMMON_OF.format(number=number, title=title(audited.document), common=said)
