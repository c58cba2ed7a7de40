"""What is searched for, as a pattern of LIKE."""

import re

from neural_lab.backends.postgres.escapes import escaped
from neural_lab.backends.searching import wanted


def pattern(words: str) -> str:
    """Finds `words` anywhere; wildcards in them mean themselves. Raises `InvalidRequest`."""
    literal = re.sub(r"([%_\\])", r"\\\1", escaped(wanted(words)))
    return f"%{literal}%"
