"""What a report calls its document."""

from neural_lab.outcome import Report
from neural_lab.report import words
from neural_lab.report.characters import one_line


def title(report: Report) -> str:
    """The document's own title, or else its path."""
    return one_line(report.document.title) or place(report)


def place(report: Report) -> str:
    """Where the document was read from."""
    return one_line(report.document.path) or one_line(report.document.title) or words.UNTITLED
