"""The URL of a server as it may be shown."""

import re

_PLAIN = re.compile(r"[\w.:,%\[\]-]*(/[\w.%/-]*)?")


def shown(url: str) -> str:
    """`url` without user, password and options; where it cannot be told what is which, its scheme alone."""
    scheme, mark, rest = url.partition("://")
    if not mark or not re.fullmatch(r"[a-z+]+", scheme):
        return "…"
    before, _, place = rest.rpartition("@")
    place = place.partition("?")[0]
    known = _PLAIN.fullmatch(place) and not {*"?/"} & {*before}
    return f"{scheme}://{place if known else '…'}"
