"""Every command with its arguments and options, from the commands themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from unittest.mock import patch

import typer

from neural_lab import cli
from reference_pages.tables import code, page, paragraphs, plain, table

ABOUT = """\
Every command takes `--help`. What the commands print, and their exit codes, is in [output](../output.md);
most take `--debug`, which shows where an unexpected error happened."""


def written() -> str:
    tree = dict(walked())
    known = [f"- [`{name}`](#{name.replace(' ', '-')})" for name in tree]
    return page("Commands", ABOUT, "\n".join(known), *(_section(*each) for each in tree.items()))


def walked() -> Iterator[tuple[str, Any]]:
    """Every command by its full name, groups before what is in them; hidden ones are left out."""
    root = typer.main.get_command(cli.app)
    yield "neural-lab", root
    for name, command in root.commands.items():  # type: ignore[attr-defined]
        if not command.hidden:
            yield from _below(f"neural-lab {name}", handed_on().get(name, command))


def handed_on() -> Mapping[str, Any]:
    """Commands that `cli` only imports when they are meant, as it imports them."""
    found: dict[str, Any] = {}
    for info in cli.app.registered_commands:
        if (info.context_settings or {}).get("allow_extra_args") and info.callback:
            with patch.object(cli, "_hand_on") as caught:
                info.callback(None)
            apps = [call.args[0] for call in caught.call_args_list]
            name = info.name or info.callback.__name__.replace("_", "-")
            found |= [(name, typer.main.get_command(app)) for app in apps if _has_commands(app)]
    return found


def _has_commands(app: typer.Typer) -> bool:
    return bool(app.registered_commands or app.registered_groups or app.registered_callback)


def _below(name: str, command: Any) -> Iterator[tuple[str, Any]]:
    yield name, command
    for own, each in getattr(command, "commands", {}).items():
        if not each.hidden:
            yield from _below(f"{name} {own}", each)


def _section(name: str, command: Any) -> str:
    context = command.context_class(command, info_name=name)
    kinds: dict[str, list[tuple[str, str]]] = {"argument": [], "option": []}
    for each in command.params:
        if record := each.get_help_record(context):
            kinds[each.param_type_name].append((code(record[0]), plain(record[1])))
    usage = " ".join((name, *command.collect_usage_pieces(context)))
    inside = ", ".join(code(own) for own, each in getattr(command, "commands", {}).items() if not each.hidden)
    parts = (
        f"## {name}",
        paragraphs(command.help),
        f"```text\n{usage}\n```",
        f"Commands: {inside}." if inside else "",
        table(("Argument", ""), kinds["argument"]),
        table(("Option", ""), kinds["option"]),
    )
    return "\n\n".join(part for part in parts if part)
