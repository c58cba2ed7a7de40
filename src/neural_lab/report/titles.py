"""What a report calls its document."""

from neural_lab.report import words
from neural_lab.report.characters import one_line
from neural_lab.types import Document


def title(document: Document) -> str:
    """The document's own title, or else its path."""
    return one_line(document.title) or place(document)


def place(document: Document) -> str:
    """Where the document was read from."""
    return one_line(document.path) or one_line(document.title) or words.UNTITLED
