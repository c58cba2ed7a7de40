"""Every sentence and name shown to people, in one place so that it can be translated.

The words describe what was measured. None of them says who wrote a text. Nothing
is imported to get at them, so that help appears at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from neural_lab.errors import LabError
    from neural_lab.outcome import ErrorRow, OperatingPoint, Report
    from neural_lab.types import FindingKind

APP = "Tells sentence by sentence how likely a text is machine-written. Nothing leaves this computer."

EXIT_CODES: Mapping[int, str] = {
    0: "all inputs were scored, whatever the verdicts.",
    1: (
        "something unexpected went wrong; of drift: there is drift; of doctor: a check failed; of models "
        "verify: a file differs; of train agreement: the precisions do not agree."
    ),
    2: (
        "an input or option could not be used; other inputs were still reported; of promote and retrain: the "
        "detector was refused."
    ),
    3: "the detector is missing or damaged; of evidence: it is not the one that made it.",
    4: "the library or history could not be reached.",
    5: "something is busy or under way already: the same may be asked again later.",
    6: "something in the evidence does not agree.",
    7: "not all of the evidence could be checked; the rest agrees.",
    130: "stopped by Ctrl-C.",
    141: "whoever read the output left early.",
}

VERDICTS: Mapping[str, str] = {
    "likely_human": "Reads like human writing",
    "mixed": "Parts of it read like machine writing",
    "likely_ai": "Reads like machine writing",
    "inconclusive": "No conclusion",
}

EXPLANATIONS: Mapping[str, str] = {
    "likely_human": "Neither the whole text nor any run of its sentences reaches its cut point.",
    "mixed": "The whole text stays below its cut point, but a run of sentences reaches its own.",
    "likely_ai": "The whole text reaches the cut point for texts of its length.",
}

REASONS: Mapping[str, str] = {
    "too_short": "The text has {words} words. Below {shortest} words the signals say too little.",
    "between_cut_points": (
        "The text reads more like machine than like human writing, "
        "but not enough for the promised error rate."
    ),
    "language_unmeasured": (
        "Too few of the words are known English ones. The detector was measured on English prose only."
    ),
    "insufficient_calibration_data": "There were too few human texts of this length to choose a cut point.",
    "mostly_quoted": (
        "The text reaches a cut point, but {quoted} of it is quoted, and may be another writer's words."
    ),
    "genre_unmeasured": (
        "The text reaches a cut point, but it is unlike every genre that error rates were measured on."
    ),
    "signals_disagree": (
        "The text reaches a cut point, but the two readings of it contradict each other more than is usual."
    ),
}

NOTES: Mapping[str, str] = {
    "mostly_quoted": "{quoted} of the text is quoted, and may be another writer's words.",
    "genre_unmeasured": (
        "The text is unlike every genre that error rates were measured on: its own may be higher."
    ),
    "signals_disagree": (
        "The two readings of the text, word by word and by passages, contradict each other: "
        "its probability lies between them."
    ),
}

OTHER_LANGUAGE = "This looks like {language}. The detector was measured on English prose only."
LANGUAGES: Mapping[str, str] = {
    **{"ar": "Arabic", "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek", "es": "Spanish"},
    **{"fi": "Finnish", "fr": "French", "he": "Hebrew", "hi": "Hindi", "hu": "Hungarian", "id": "Indonesian"},
    **{"it": "Italian", "ja": "Japanese", "ko": "Korean", "la": "Latin", "nl": "Dutch", "no": "Norwegian"},
    **{"pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sv": "Swedish"},
    **{"tr": "Turkish", "uk": "Ukrainian", "vi": "Vietnamese", "zh": "Chinese", "zxx": "no language at all"},
}

GROUPS: Mapping[str, str] = {
    "fiction": "pieces of fiction",
    "news": "news texts",
    "encyclopaedia": "encyclopaedia articles",
    "textbooks and technical books": "passages of textbooks and technical books",
    "law and government": "texts on law and government",
    "medicine": "medical texts",
    "general prose": "pieces of general prose",
    "native": "texts by native writers",
    "non_native": "texts by non-native writers",
    "nonnative": "texts by non-native writers",
}

SIGNALS: Mapping[str, tuple[str, str]] = {
    "log_perplexity": ("Log-perplexity", "how much the words surprise a language model"),
    "entropy": ("Entropy", "how many continuations seemed open at each word"),
    "curvature": ("Curvature", "how close the words are to the model's own choice"),
    "burstiness": ("Burstiness", "how much neighbouring sentences differ in length and surprise"),
    "lexical_uniqueness": ("Lexical uniqueness", "how rarely words come back"),
    "connective_rate": ("Connectives", "share of words such as “moreover” and “therefore”"),
    "near_log_perplexity": ("Log-perplexity nearby", "the same, with the sentences around it"),
    "near_entropy": ("Entropy nearby", "the same, with the sentences around it"),
    "near_curvature": ("Curvature nearby", "the same, with the sentences around it"),
    "surprise_spread": ("Spread of surprise", "how much the surprise varies from word to word"),
    "entropy_spread": ("Spread of entropy", "how much the openness varies from word to word"),
    "log_rank": ("Rank", "how far down the model's list the words stand"),
    "length_burstiness": ("Length burstiness", "how much neighbouring sentences differ in length"),
    "word_length": ("Word length", "letters per word"),
    "word_frequency": ("Word frequency", "how common the words are in English, on a log scale"),
    "rare_words": ("Rare words", "share of words that are rare or in no word list"),
    "comma_rate": ("Commas", "commas per word"),
    "mark_rate": ("Marks", "punctuation marks per word, apart from full stops"),
    "sentence_length": ("Sentence length", "words in the sentence, on a log scale"),
    "ensemble": ("Passage ensemble", "what decision trees make of the passage around it, in log-odds"),
    "encoder": ("Sentence encoder", "what a model that reads whole passages makes of it, in log-odds"),
}

TERMS: Mapping[str, str] = {
    "bias": "Starting point",
    "passage": "Surrounding passage",
    "human_evidence": "Human irregularities",
    "others": "All others",
}

FINDINGS: Mapping[str, str] = {
    "hidden_characters": "Hidden characters",
    "lookalike_letters": "Look-alike letters of another alphabet",
    "stylised_letters": "Stylised letters",
    "odd_spaces": "Unusual spaces",
    "mixed_scripts": "Words that mix alphabets",
    "undecodable_bytes": "Bytes that could not be read as text",
    "control_characters": "Control characters",
    "typing_error": "Words that look mistyped",
}

LANGUAGE = "en"
CHECKING = "Reading"
SCORING = "Scoring"
BRAND = "Neural Lab · what the words of a text show"
SECTIONS = "Sections"
CUT_POINT = "cut point"
FLAGGED = "flagged"
SUM = "Sum"
SAMPLE = "sentence"
BACK = "Back to the sentence"
ORIGIN = "How this was made"
MAP = "Map of the text"
MAP_NOTE = (
    "Each block is a sentence: its width is its length, its height its probability. "
    "The filled area is the probability of the text. A bar below marks flagged sentences."
)
SIGNALS_TITLE = "Signals, averaged over the text"
SENTENCES = "Sentence by sentence"
TEXT = "The text"
FINDINGS_TITLE = "Findings"
FINDINGS_NOTE = "Worth a look. Findings never change the probability."
EVIDENCE_TITLE = "Human irregularities"
EVIDENCE_NOTE = (
    "Slips of the kind people make. They lower the probability of the sentences around them, "
    "by a small amount that has a fixed limit."
)
LIMITS_TITLE = "What this does not show"
SUMMARY = "All documents"
SUMMARY_COLUMNS = ("Document", "Verdict", "Probability", "Flagged")
NOTHING = "–"
UNREAD = "Could not be read"
STOPPED = "Stopped."
UNMEASURED = "Its numbers mean nothing for this text; they stand in the JSON output for completeness only."
UNTITLED = "Untitled text"
KINDS: Mapping[str, str] = {"human": "human", "machine": "machine"}
TOWARDS_MACHINE, TOWARDS_HUMAN = "Towards machine", "Towards human"
RANGES = "The bars run from the 10th to the 90th percentile of texts of known origin; the tick is the median."
DECIDED = "The text was moved most by {terms} (log-odds, averaged over the text)."
NO_RANGES = "This detector carries no usual ranges to compare with."
WATERFALL = "Each step moves the sentence's log-odds; the steps add up to its probability."
SIGNS: Mapping[str, str] = {
    "flagged": "flagged: the sentence reaches the cut point, and the text has a machine verdict",
    "leaning": "more likely machine than human, but not flagged",
    "none": "not more likely machine than human",
}
BREAKDOWN: Mapping[str, str] = {"machine": "Machine-like", "mixed": "Mixed", "human": "Human-like"}
SCALE = "The more orange a sentence, the higher its own probability; grey is even, blue is low."
TINT = "The deeper the orange, the higher the sentence's own probability."

LIMITS = (
    "It does not show who wrote the text. It measures how the words are distributed, and that is all.",
    "It is not proof, and on its own it is no reason for a decision about a person. "
    "Drafts, notes and a conversation show more.",
    "The error rate was measured on certain sources of English prose. "
    "For other languages, genres and kinds of writer it may be higher.",
    "Careful, formulaic or translated writing can look like machine writing, "
    "and edited machine writing can look human.",
    "A single sentence is weak evidence. Its number depends on the sentences around it.",
    "It does not show whether anything was copied.",
)


def percent(probability: float) -> str:
    """Whole percent; certainty is never claimed by rounding."""
    if probability < 0.01:
        return "<1%"
    return ">99%" if probability > 0.99 else f"{100 * probability:.0f}%"


def name(key: str) -> str:
    """A signal's or contribution's name; unknown ones keep their own, readable."""
    known = SIGNALS.get(key, ("",))[0] or TERMS.get(key)
    return known or key.replace("_", " ").capitalize()


def explanation(key: str) -> str:
    return SIGNALS.get(key, ("", ""))[1]


def rounded(value: float) -> str:
    """A signal's value."""
    return f"{value:.2f}"


def signed(value: float) -> str:
    return f"{value:+.2f}".replace("-", "\N{MINUS SIGN}")


def contributions(terms: Sequence[tuple[str, float]]) -> str:
    """What moved a sentence which way, and how far in log-odds."""
    up = ", ".join(f"{name(key)} {signed(value)}" for key, value in terms if value > 0)
    down = ", ".join(f"{name(key)} {signed(value)}" for key, value in terms if value < 0)
    towards = {TOWARDS_MACHINE: up, TOWARDS_HUMAN: down}
    return "; ".join(f"{direction}: {moved}" for direction, moved in towards.items() if moved)


def sentence(probability: float, flagged: bool, terms: Sequence[tuple[str, float]]) -> str:
    """A sentence's number, its sign in words and what moved it most."""
    flag = f", {FLAGGED}" if flagged else ""
    return f"{percent(probability)}{flag}. {contributions(terms)}"


def placement(key: str, value: float, ranges: Mapping[str, Sequence[float]]) -> str:
    usual = ", ".join(f"{KINDS[kind]} {rounded(r[0])} to {rounded(r[2])}" for kind, r in ranges.items())
    return f"{name(key)} {rounded(value)}; usual: {usual}"


def conclusion(report: Report) -> str:
    """One sentence that says what the verdict rests on."""
    if not report.reason:
        return EXPLANATIONS[report.verdict]
    if report.reason == "language_unmeasured" and report.language not in (None, LANGUAGE):
        return OTHER_LANGUAGE.format(language=language(report))
    quoted = share(report.quoted_share)
    return REASONS[report.reason].format(words=report.words, shortest=report.shortest_words, quoted=quoted)


def language(report: Report) -> str:
    """The name of the language that a text is in, or its code."""
    return LANGUAGES.get(report.language or "", f"the language “{report.language}”")


def notes(report: Report) -> list[str]:
    """What should be known about a text beside its verdict."""
    return [NOTES[note].format(quoted=share(report.quoted_share)) for note in report.notes]


def shown(report: Report) -> str:
    """The probability of a document, where it says anything."""
    return percent(report.probability) if report.measurable else NOTHING


def probability(report: Report) -> str:
    return (
        f"Probability {percent(report.probability)}: the mean of its sentences, weighted by length. "
        f"{share(report.share_flagged)} of the text is flagged."
    )


def breakdown(report: Report) -> str:
    """How much of a text reads like what."""
    found = shares(report)
    parts = ", ".join(f"{said.lower()} {found[side]}" for side, said in BREAKDOWN.items())
    return f"Its sentences by length: {parts}."


def shares(report: Report) -> Mapping[str, str]:
    """The three shares of a text, under the names of `BREAKDOWN`."""
    found = report.breakdown
    return {"machine": share(found.machine), "mixed": share(found.mixed), "human": share(found.human)}


def breakdown_rule(report: Report) -> str:
    """Which sentence counts as what."""
    found = report.breakdown
    human = f"Human-like: others at and below {found.human_to:.3f}. Mixed: those between."
    if not report.operating_point.reachable:
        return f"Machine-like: none, as there is no cut point. {human}"
    machine = (
        f"Machine-like: sentences at and above {found.machine_from:.3f}, where a flagged text has marks."
    )
    return f"{machine} {human}"


def share(part: float) -> str:
    """A measured share, so that 0 and 100 are possible."""
    return percent(part) if 0 < part < 1 else f"{100 * part:.0f}%"


def target(point: OperatingPoint) -> str:
    if not point.reachable:
        return f"No cut point holds {100 * point.target:g}% for texts {length(point)}."
    return (
        f"Cut points: {point.document:.3f} for the whole text, {point.run:.3f} for a run of sentences. "
        f"Together they aim to flag at most {100 * point.target:g}% of human texts {length(point)}."
    )


def error_rate(point: OperatingPoint) -> str:
    """How cut points made in the same way did on sources that no part of their making had seen."""
    if not point.texts or not point.reachable:
        return f"How many human texts {length(point)} are flagged has not been measured."
    low, high = point.interval
    return (
        f"Tried on sources it was not fitted on, the same procedure flagged {point.flagged} of {point.texts} "
        f"human texts {length(point)} "
        f"({100 * point.flagged / point.texts:.1f}%, 95% interval {100 * low:.1f}–{100 * high:.1f}%)."
    )


def rates(report: Report) -> list[str]:
    """How often the detector is wrong about texts like this one, the line to go by first."""
    point, row = report.operating_point, report.error_row
    if not row or not point.reachable:
        return [error_rate(point)]
    return [_measured_rate(row), *_provenance(report), error_rate(point)]


def _measured_rate(row: ErrorRow) -> str:
    rate = f"{100 * row.flagged / row.texts:.1f}%"
    low, high = (f"{100 * bound:.1f}" for bound in row.interval)
    said = (
        f"Of {row.texts} human {group(row)}, {row.flagged} were flagged at this setting: "
        f"{rate} (95% interval {low}–{high}%)."
    )
    machine = f" Of {row.machine_texts} machine texts of the same kind, {row.machine_flagged} were flagged."
    return said + (machine if row.machine_texts else "")


def _provenance(report: Report) -> list[str]:
    """Where the rate comes from: what was declared, what was estimated, and what else may apply."""
    said = []
    if len(report.error_rows) > 1:
        said.append(f"That is the least favourable of the {len(report.error_rows)} rates that may apply.")
    if report.genres and report.declared_genre is None:
        likely = " or ".join(report.genres)
        said.append(f"The genre was not declared; it was estimated from the text: {likely}.")
    if report.declared_writer is None and any(row.kind == "writer" for row in report.error_rows):
        said.append("The kind of writer was not declared.")
    return [" ".join(said)] if said else []


def group(row: ErrorRow) -> str:
    """The texts of an error row, in the plural, with their length."""
    plain = row.group.replace("_", " ")
    unnamed = {"genre": plain, "writer": f"texts by writers of the group “{plain}”"}
    return f"{GROUPS.get(row.group) or unnamed.get(row.kind, 'texts')} {length(row)}"


def decided(terms: Sequence[tuple[str, float]]) -> str:
    return DECIDED.format(terms=", ".join(f"{name(key)} {signed(value)}" for key, value in terms))


def length(point: OperatingPoint | ErrorRow) -> str:
    if point.maximum_words is None:
        return f"of {point.minimum_words} words or more"
    return f"of {point.minimum_words} to {point.maximum_words} words"


def rest(hidden: int, median: float, highest: float) -> str:
    """What stands in for the sentences a short report leaves out."""
    return (
        f"{hidden} more sentences are not shown (median {percent(median)}, "
        f"highest {percent(highest)}). --full shows them."
    )


def finding(kind: FindingKind, count: int) -> str:
    return f"{FINDINGS[kind]}: {count}"


def positions(starts: list[int], more: int) -> str:
    tail = f" and {more} more" if more else ""
    return f"at {', '.join(map(str, starts))}{tail}"


def several(count: int) -> str:
    return f"{count} texts"


def page(number: int) -> str:
    return f"Page {number}"


def origin(report: Report) -> Mapping[str, str]:
    """What is needed to recognise this text and this detector again."""
    return {
        "Detector": f"{report.detector} {report.version}",
        "Length": f"{report.words} words, {len(report.document.text)} characters, "
        f"{len(report.sentences)} sentences",
        **_declared(report),
        "SHA-256 of the text": report.document.text_sha256,
    }


def _declared(report: Report) -> Mapping[str, str]:
    said = {"genre": report.declared_genre, "writer": report.declared_writer}
    known = ", ".join(f"{what} {value}" for what, value in said.items() if value is not None)
    return {"Declared": known} if known else {}


def failure(path: str, error: LabError) -> str:
    return error.message if error.message.startswith(path) else f"{path}: {error.message}"


def failed_rows(count: int) -> str:
    return f"{count} of the rows could not be scored; their field “error” says why."


def written(path: str) -> str:
    return f"The report was written to {path}."


def file_error(error: OSError) -> str:
    return f"{error.filename}: {error.strerror}."


def exit_codes() -> str:
    return " ".join(f"Exit code {code}: {meaning}" for code, meaning in EXIT_CODES.items())


def unexpected(error: Exception) -> str:
    if isinstance(error, ModuleNotFoundError):
        return f"This command needs {error.name}: install the extra `train`, see docs/training.md."
    return f"Something unexpected went wrong ({type(error).__name__}). --debug shows where."
