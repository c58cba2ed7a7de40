"""The frame of an HTML file: no script, nothing fetched, one style sheet that its policy names by digest."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256
from importlib.resources import files
from string import Template

from neural_lab.report import words
from neural_lab.report.markup import Markup, text

_PAGE = Template("""<!DOCTYPE html>
<html lang="$language">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; \
style-src 'sha256-$digest'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>$title</title>
<style>$style</style>
</head>
<body>
$body
</body>
</html>
""")


def frame(title: str, body: Markup, sheets: Sequence[str]) -> str:
    """A whole file; `sheets` are names of style sheets beside this module."""
    style = _style(sheets)
    return _PAGE.substitute(
        language=words.LANGUAGE,
        digest=b64encode(sha256(style.encode()).digest()).decode(),
        title=text(title),
        style=style,
        body=body,
    )


def _style(sheets: Sequence[str]) -> str:
    """The style sheets, with one rule per percent: the policy allows no style attributes."""
    tints = "\n".join(f".p{percent}{{--p:{percent / 100:g}}}" for percent in range(101))
    read = (files(__package__).joinpath(name).read_text("utf-8") for name in sheets)
    return "\n".join([*read, tints])
