"""The licence that a folder of a model names."""

import re
from pathlib import Path

README = "README.md"
_FRONT = re.compile(r"---\r?\n(.*?)\r?\n---", re.DOTALL)
_LINE = r"^{}:[ \t]*['\"]?([^'\"\r\n#]*[^'\"\r\n#\s])"


def licence_in(folder: Path) -> str:
    """As the head of its model card says, "" where it does not."""
    path = folder / README
    head = _FRONT.match(path.read_text("utf-8", errors="replace")) if path.is_file() else None
    if head is None:
        return ""
    given = _field("license", head[1])
    return (_field("license_name", head[1]) or given) if given == "other" else given


def _field(name: str, head: str) -> str:
    found = re.search(_LINE.format(name), head, re.MULTILINE)
    return found[1] if found else ""
