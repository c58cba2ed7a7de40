"""Documents that are zip archives: which one it is, told by the members."""

from __future__ import annotations

from neural_lab.reading import docx, epub, odt
from neural_lab.reading.archive import Archive
from neural_lab.reading.content import Content
from neural_lab.reading.kinds import Kind
from neural_lab.reading.limits import Budget
from neural_lab.reading.refusal import Refused

_OTHER_OFFICE = {
    "xl": "is a spreadsheet; save its text as .txt",
    "ppt": "is a presentation; save its text as .txt",
}


def read(data: bytes, budget: Budget) -> tuple[Kind, Content]:
    archive = Archive(data, budget)
    folders = {name.partition("/")[0] for name in archive.names}
    if "META-INF/container.xml" in archive.names:
        return Kind.BOOK, epub.read(archive, budget)
    if "[Content_Types].xml" in archive.names and "word" in folders:
        return Kind.WORD, docx.read(archive, budget)
    if "content.xml" in archive.names and _is_open_text(archive):
        return Kind.OPEN_TEXT, odt.read(archive, budget)
    reasons = [reason for folder, reason in _OTHER_OFFICE.items() if folder in folders]
    raise Refused("unknown_format", reasons[0] if reasons else "is an archive; unpack it and read the files")


def _is_open_text(archive: Archive) -> bool:
    """Spreadsheets and drawings have the same members and say so in `mimetype`, which some programs omit."""
    if "mimetype" not in archive.names:
        return True
    return archive.read("mimetype").startswith(b"application/vnd.oasis.opendocument.text")
