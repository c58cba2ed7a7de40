"""Every sentence shown to people about evidence packs, and about what verifying one came to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from neural_lab.report.library_words import counted

BRAND = "Neural Lab · evidence of one check"
RUNNING = "Neural Lab · evidence"
SEAL = "Evidence of one check, made {made}. Digest {digest}"
MADE = "{made} by the clock of the computer that made it"
WITHHELD = (
    "The text was left out of this evidence: a dot stands for each of its characters. "
    "Whoever has the text can compare its SHA-256 below."
)
NUMBERS = "Every sentence in numbers"
NUMBER_COLUMNS = ("No.", "Characters", "Probability", "Log-odds", "Flagged", "Moved most by")
YES = "yes"
FILES = "Files of the detector, with their SHA-256"
AUDIT = "What it shares with a library"
SHARED_TEXT = "Where the shared passages stand"
TRAIL = "How the text was written"
TRAIL_COLUMNS = ("No.", "When (UTC)", "Characters", "Change", "Digest")
TRAIL_NOTE = (
    "Each digest seals the text as it was then and all rows above it. Whoever kept the trail could have made "
    "another: only a digest that somebody else was given in time shows when that was."
)
ENDS_HERE, ENDS_ELSEWHERE = (
    "Its last snapshot is the text that was checked.",
    "Its last snapshot is another text than the one that was checked.",
)
LIMITS = (
    "It does not show who made this evidence, or when: whoever has a text can make evidence of it. "
    "It shows that these numbers are what this detector says of this text.",
    "What it says of a library, of the library's sources, and of how the text was written is as it was told; "
    "no computation brings that back.",
)

CHECKS: Mapping[str, str] = {
    "readable": "A complete evidence pack of a known schema",
    "digest": "The digest of all that stands in it",
    "text": "The text that was checked, by its SHA-256 and sentence by sentence",
    "sentences": "The sentences: in order, and together the whole text",
    "sums": "The contributions of every sentence: they add up to its probability",
    "mean": "Probability and shares: means of the sentences, weighted by length",
    "verdict": "Verdict, flags and notes: what follows from probabilities and cut points",
    "limits": "What it says of its limits",
    "page": "The page: what the pack in it holds, and nothing else",
    "trail": "The trail: a whole chain of snapshots",
    "audit": "The library that the audit searched",
    "detector": "Cut points, error rates and files of the detector that it names",
    "recomputed": "The same text, read again by the same detector",
}
STATES: Mapping[str, str] = {"agrees": "agrees", "differs": "does not agree", "unchecked": "not checked"}
WHYS: Mapping[str, str] = {
    "stopped": "what this rests on does not agree",
    "no_text": "the text was left out; name its file behind the pack",
    "no_detector": "there is no detector here",
    "other_detector": "it was made by another detector, or another version of it, than is installed here",
    "other_program": "it was made by another version of this program, which may differ in this",
    "other_computer": "on a computer that rounds otherwise than the one it was made on",
    "at_a_cut_point": "this computer rounds otherwise, and a number falls on the other side of a cut point",
    "library": "the library was not searched anew; it may hold other texts by now",
    "other_end": "the last snapshot is another text than the one that was checked",
}
OUTCOMES: Mapping[str, str] = {
    "verified": (
        "Verified: all that can be computed again agrees, "
        "and the same detector says the same of the text again."
    ),
    "differs": (
        "Does not agree: something in it was changed or damaged after it was made, "
        "or the file that was named is not its text."
    ),
    "another_detector": (
        "Could not be recomputed: it was made by another detector or another version of this program. "
        "What could be checked agrees. That neither confirms nor refutes it."
    ),
    "incomplete": "Not all could be checked. What could be checked agrees.",
}
BEYOND = (
    "No file can show by itself when it was made, by whom, or under which title and name; "
    "nor what a library held, nor that a trail was kept while the text was written."
)
FOUND = "What does not agree: {places}."
LARGEST = "numbers differ by at most {largest:.2g}"
MOST_PLACES = 5


def seal(values: Mapping[str, Any]) -> str:
    return SEAL.format(made=moment(values["made"]), digest=values["digest"])


def running(values: Mapping[str, Any]) -> str:
    """What stands at the foot of every printed page: letters, digits and spaces besides our own words."""
    return f"{RUNNING} {''.join(filter(str.isalnum, values['digest']))[:16]}"


def moment(written: str) -> str:
    """A moment in ISO 8601 as people write it."""
    return f"{written[:19].replace('T', ' ')} UTC"


def origin(values: Mapping[str, Any]) -> Mapping[str, str]:
    """What it takes to make and verify the same evidence again."""
    detector, program = values["detector"], values["program"]
    rate = f"{100 * values['options']['max_false_positives']:g}%"
    return {
        "Made": MADE.format(made=moment(values["made"])),
        "Program": f"{program['name']} {program['version']}",
        "Judged so that": f"at most {rate} of human texts are flagged",
        "Identity of the detector": detector["identity"],
        "Digest of this evidence": values["digest"],
        "To verify it": "neural-lab verify FILE",
    }


def trail(snapshots: Sequence[Mapping[str, Any]], text_sha256: str) -> str:
    """How many snapshots there are, of which time, and whether they lead to the text that was checked."""
    first, last = snapshots[0], snapshots[-1]
    several = counted(len(snapshots), "snapshot", "snapshots")
    ends = ENDS_HERE if last["text_sha256"] == text_sha256 else ENDS_ELSEWHERE
    return f"{several} from {moment(first['at'])} to {moment(last['at'])}. {ends}"


def change(characters: int) -> str:
    return f"{characters:+,}".replace("-", "\N{MINUS SIGN}")


def places(found: Sequence[str]) -> str:
    """Fields that do not agree; of many the first."""
    more = len(found) - MOST_PLACES
    return ", ".join(found[:MOST_PLACES]) + (f" and {more} more" if more > 0 else "")


def written(path: str, digest: str) -> str:
    return f"The evidence was written to {path}. Its digest is {digest}."
