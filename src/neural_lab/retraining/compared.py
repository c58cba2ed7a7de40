"""A trained challenger beside the champion: all gates that need both."""

from __future__ import annotations

from pathlib import Path

from neural_lab.retraining.accuracy import accuracy_gates
from neural_lab.retraining.asked import Asked, Start
from neural_lab.retraining.exam import FRESH, FROZEN, Compared, places_of
from neural_lab.retraining.examined import Examined
from neural_lab.retraining.gate import Gate
from neural_lab.retraining.gathered import Gathered
from neural_lab.retraining.resistance import attack_gate, phrase_gate
from neural_lab.retraining.weight import weight_gates


def compare(
    challenger: Path, asked: Asked, start: Start, gathered: Gathered, examined: Examined
) -> list[Gate]:
    """What the challenger is held against, gate by gate. Raises `ModelUnavailable`."""
    exam, limits, frozen = examined.exam, asked.limits, gathered.frozen
    answers = exam.answers(challenger, "Scoring by the challenger", asked.workers, without=FRESH)
    both = Compared(answers, examined.champion)
    read = [places_of(frozen, label, limits.speed_texts // 2, limits.seed) for label in (0, 1)]
    texts = [frozen[at].text for places in read for at in places]
    return [
        *accuracy_gates(*both.part(FROZEN), asked.writers, start.shortest_words, limits),
        *weight_gates(challenger, start.champion, texts, limits),
        attack_gate(both, exam, frozen, limits),
        phrase_gate(both, frozen, examined.phrases, limits),
    ]
