"""An evidence pack inside an HTML file: data that a browser neither shows nor runs."""

from __future__ import annotations

import json

from neural_lab.report.markup import Markup

OPENING, CLOSING = '<template id="evidence">', "</template>"
_ESCAPES = str.maketrans({"<": r"\u003c", ">": r"\u003e", "&": r"\u0026"})


def embedded(pack: object) -> Markup:
    """The pack in ASCII without any character that means something in HTML.

    So no text can leave the element, and no change of encoding or line ends on the
    way harms it. A template, since mail and web programs remove scripts of any kind.
    """
    written = json.dumps(pack, allow_nan=False, separators=(",", ":"))
    return Markup(f"{OPENING}{written.translate(_ESCAPES)}{CLOSING}")
