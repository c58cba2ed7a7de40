"""From a file to a document: text, title and pages, within limits that hold for hostile files too."""

from neural_lab.reading.kinds import Kind
from neural_lab.reading.limits import Limits
from neural_lab.reading.reader import Recognised, read_bytes, read_path, read_stdin, recognise

__all__ = ["Kind", "Limits", "Recognised", "read_bytes", "read_path", "read_stdin", "recognise"]
