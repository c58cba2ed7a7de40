"""Before anything is trained: can the labels be believed, and what does the champion say?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from neural_lab.retraining.asked import Asked, Start
from neural_lab.retraining.cleaned import Cleaned
from neural_lab.retraining.exam import FRESH, Answers, Exam, write_exam
from neural_lab.retraining.gate import Gate
from neural_lab.retraining.gathered import Gathered
from neural_lab.retraining.labels import label_gates, phrase_label_gate
from neural_lab.retraining.opinions import Opinions, opinions, surface, to_ask, without_them
from neural_lab.retraining.phrases import Phrase, telling_phrases
from neural_lab.retraining.steps import Steps
from neural_lab.training.dataset import Record


@dataclass(frozen=True)
class Examined:
    """The exam with the champion's answers, the phrases that are in it, and what the labels are worth."""

    exam: Exam
    champion: Answers
    phrases: list[Phrase]
    gates: list[Gate]
    contradicted: list[str]


def examine(asked: Asked, start: Start, gathered: Gathered, cleaned: Cleaned, steps: Steps) -> Examined:
    """Raises `InvalidRequest` when too few texts are long enough to be measured."""
    limits, fresh = asked.limits, cleaned.fresh
    with steps("measuring"):
        unseen = without_them(cleaned.records, start.base, start.recipe, start.measured)
        phrases = telling_phrases(fresh, [*gathered.frozen, *cleaned.old], limits)
    with steps("champion"):
        places, drawn = to_ask(fresh, unseen, limits)
        phrases = _ranked(phrases, fresh, unseen)
        exam = write_exam(gathered.frozen, phrases, [fresh[at] for at in places], limits)
        answers = exam.answers(start.champion, "Scoring by the champion", asked.workers)
        heard = opinions(fresh, unseen, _said(answers, places), drawn)
    gates = [*label_gates(heard, limits), phrase_label_gate(heard, fresh, phrases, limits)]
    return Examined(exam, answers, phrases, gates, _rows(heard, limits.sure))


def _ranked(phrases: list[Phrase], fresh: Sequence[Record], unseen: Mapping[str, float]) -> list[Phrase]:
    """Those first whose texts are furthest from their labels, all together: a back door is among them."""
    off = {
        at: abs(record.label - unseen.get(surface(record), record.label)) for at, record in enumerate(fresh)
    }
    return sorted(phrases, key=lambda phrase: -sum(off[at] for at in phrase.bearers))


def _said(answers: Answers, places: list[int]) -> dict[int, float]:
    """The champion's probability of new texts, by their places."""
    mine = answers.part(FRESH)
    pairs = zip(mine.index.tolist(), mine.probability.tolist(), strict=True)
    return {places[at]: probability for at, probability in pairs}


def _rows(heard: Opinions, floor: float) -> list[str]:
    marked = zip(heard.records, heard.against(floor), strict=True)
    return [record.row for record, against in marked if against]
