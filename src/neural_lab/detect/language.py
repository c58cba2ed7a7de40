"""Which language a text is in, from what an identifier says about pieces of it."""

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import pairwise

from neural_lab.outcome import ENGLISH
from neural_lab.text.words import count_words

LEAST_WORDS, LEAST_LETTERS = 20, 100
PIECE, MOST_PIECES = 300, 64
CONFIDENT = 0.8
# Creoles of English that an identifier takes for it, or it for them; what they cannot be told from
# is better left to the share of known words.
_AS_ENGLISH = ("pcm",)


def pieces(text: str) -> list[str]:
    """Parts of about 300 characters, at most 64 and evenly spread; none of a text too short to judge.

    Short is fewer than 20 words and, for scripts that write no spaces, fewer than 100 letters.
    """
    if count_words(text) < LEAST_WORDS and sum(map(str.isalpha, text)) < LEAST_LETTERS:
        return []
    count = max(1, round(len(text) / PIECE))
    inner = {_edge(text, at * len(text) // count) for at in range(1, count)}
    parts = [text[start:end] for start, end in pairwise((0, *sorted(inner), len(text)))]
    step = max(1.0, len(parts) / MOST_PIECES)
    return [parts[int(at * step)] for at in range(min(len(parts), MOST_PIECES))]


def spoken(parts: Sequence[str], identify: Callable[[str], tuple[str, float]]) -> str | None:
    """The language of a text in `parts`; `identify` guesses a part's language, with a probability.

    Another language than English only if more than half of the characters are
    surely not English, and then the commonest of those; `en` if more than half
    are, and then no further part is looked at; else None.
    """
    english, others, whole = 0, Counter[str](), sum(map(len, parts))
    for part in parts:
        language, probability = identify(part)
        if language in (ENGLISH, *_AS_ENGLISH):
            english += len(part)
        elif probability >= CONFIDENT:
            others[language] += len(part)
        if 2 * english > whole:
            return ENGLISH
    return others.most_common(1)[0][0] if 2 * others.total() > whole else None


def _edge(text: str, at: int) -> int:
    """`at`, or the next space where one is near."""
    space = text.find(" ", at, at + PIECE // 4)
    return space if space >= 0 else at
