"""Why a file is not read, before its name is known; `reader` alone turns it into `InvalidDocument`."""

from __future__ import annotations

_SENTENCES = {
    "not_found": "does not exist; check the path",
    "is_a_directory": "is a folder; name the files in it",
    "unreadable": "cannot be opened; check that you may read it",
    "empty": "holds no text; choose a file with text in it",
    "too_large": "needs more memory than there is; split it",
    "encrypted": "is protected by a password; save a copy without one and read that",
    "no_text_layer": "has no text layer; run OCR first",
    "damaged": "is damaged or is not what its name says; save it again from the program that made it",
    "undecodable": "is not text in any known encoding; save it as UTF-8",
}


class Refused(Exception):
    """`code` is stable; `reason` continues the sentence that the file's name begins."""

    def __init__(self, code: str, reason: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.reason = reason or _SENTENCES[code]
