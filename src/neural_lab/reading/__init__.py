"""From a file to a document: text, title and pages, within limits that hold for hostile files too."""

from neural_lab.reading.limits import Limits
from neural_lab.reading.reader import read_bytes, read_path, read_stdin

__all__ = ["Limits", "read_bytes", "read_path", "read_stdin"]
