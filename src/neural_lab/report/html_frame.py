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
<meta http-equiv="Content-Security-Policy" content="$policy">
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


def frame(title: str, body: Markup, sheets: Sequence[str], rules: str = "") -> str:
    """A whole file; `sheets` are names of style sheets beside this module, `rules` come behind them."""
    style = _style(sheets, rules)
    return _PAGE.substitute(
        language=words.LANGUAGE,
        policy=_policy(style),
        title=text(title),
        style=style,
        body=body,
    )


def policy(sheets: Sequence[str], rules: str = "") -> str:
    """The policy of a file with this style: nothing runs, and nothing is fetched or sent."""
    return _policy(_style(sheets, rules))


def _policy(style: str) -> str:
    digest = b64encode(sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def _style(sheets: Sequence[str], rules: str = "") -> str:
    """The style sheets, with one rule per percent: the policy allows no style attributes."""
    tints = "\n".join(f".p{percent}{{--p:{percent / 100:g}}}" for percent in range(101))
    read = (files(__package__).joinpath(name).read_text("utf-8") for name in sheets)
    return "\n".join([*read, tints, *([rules] if rules else [])])
