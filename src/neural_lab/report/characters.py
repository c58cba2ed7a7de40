"""Characters of the user's text, made safe to show and to encode."""

import re
import unicodedata

_SURROGATE = re.compile("[\ud800-\udfff]")
_LINE_END = re.compile("\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_JOINERS = "\u200c\u200d\ufe0e\ufe0f"
_UNSEEN = frozenset(("Cc", "Cf", "Cs"))


def well_formed(text: str) -> str:
    """Lone surrogates become U+FFFD, one for one, so that offsets stay true and UTF-8 can hold the text."""
    return _SURROGATE.sub("\ufffd", text)


def visible(text: str) -> str:
    """What cannot be seen is spelled out: no terminal or browser acts on it and no reader overlooks it.

    Line breaks and tabs are kept; joiners stay because many scripts need them.
    """
    return "".join(map(_shown, _LINE_END.sub("\n", text)))


def one_line(text: str) -> str:
    """`visible`, with every run of white space as one space."""
    return visible(" ".join(text.split()))


def _shown(character: str) -> str:
    if character in "\n\t" or character in _JOINERS or unicodedata.category(character) not in _UNSEEN:
        return character
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    return "\N{SYMBOL FOR DELETE}" if code == 0x7F else f"‹U+{code:04X}›"
