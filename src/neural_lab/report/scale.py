"""How a sentence's probability is shown: always by a colour and a sign, never by one of them alone."""

from enum import StrEnum

from neural_lab.outcome import Report, SentenceScore

# Blue, grey and orange differ for every common kind of colour blindness. All three
# have a contrast of at least 4.3 on white and on black, so they suit any terminal.
_LOW, _EVEN, _HIGH = (0x26, 0x78, 0xCC), (0x76, 0x76, 0x76), (0xBD, 0x5B, 0x00)


class Sign(StrEnum):
    """A mark beside or under a sentence."""

    FLAGGED = "flagged"
    LEANING = "leaning"
    NONE = "none"


def sign(report: Report, score: SentenceScore) -> Sign:
    if report.flags(score):
        return Sign.FLAGGED
    return Sign.LEANING if score.probability >= 0.5 else Sign.NONE


def colour(probability: float) -> str:
    """Continuous from blue (0) over grey (0.5) to orange (1), as `#rrggbb`."""
    start, end = (_LOW, _EVEN) if probability < 0.5 else (_EVEN, _HIGH)
    share = 2 * probability if probability < 0.5 else 2 * probability - 1
    mixed = (round(a + share * (b - a)) for a, b in zip(start, end, strict=True))
    return "#" + "".join(f"{channel:02x}" for channel in mixed)
