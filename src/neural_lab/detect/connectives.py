"""Words and phrases that tie one statement to the next; over-used by many text generators."""

import re

CONNECTIVES = (
    "accordingly additionally alternatively although altogether besides consequently conversely "
    "equally especially essentially evidently finally firstly furthermore generally hence however "
    "importantly indeed instead lastly likewise meanwhile moreover nevertheless nonetheless notably "
    "otherwise overall particularly rather secondly similarly specifically subsequently therefore "
    "thirdly thus ultimately whereas whereby"
).split()
PHRASES = (
    "as a result",
    "as well as",
    "at the same time",
    "by contrast",
    "due to",
    "for example",
    "for instance",
    "in addition",
    "in conclusion",
    "in contrast",
    "in fact",
    "in general",
    "in order to",
    "in other words",
    "in particular",
    "in summary",
    "in terms of",
    "not only",
    "on the other hand",
    "on the contrary",
    "such as",
    "that is",
    "to summarize",
    "with respect to",
)
PATTERN = re.compile(rf"\b(?:{'|'.join((*PHRASES, *CONNECTIVES))})\b", re.IGNORECASE)
