"""HTML that cannot be injected into: a plain string is escaped wherever it is used."""

from html import escape

from neural_lab.report.characters import visible, well_formed


class Markup(str):
    """HTML as it stands. Every other string becomes text."""

    __slots__ = ()


def tag(name: str, *children: str, **attributes: object) -> Markup:
    """An element. `class_` is written `class`, `aria_label` `aria-label`; `True` stands alone."""
    written = "".join(
        _attribute(key, value) for key, value in attributes.items() if value not in (None, False)
    )
    return Markup(f"<{name}{written}>{join(*children)}</{name}>")


def join(*children: str) -> Markup:
    return Markup("".join(child if isinstance(child, Markup) else text(child) for child in children))


def text(plain: str) -> Markup:
    return Markup(escape(visible(well_formed(plain))))


def _attribute(key: str, value: object) -> str:
    name = key.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{text(str(value))}"'
