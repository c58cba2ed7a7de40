"""Tables, columns and indexes of both kinds of database, from the files that make them."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from reference_pages.tables import SOURCE, code, page, table

SQLITE = SOURCE / "backends" / "sqlite" / "schema"
POSTGRES = SOURCE / "backends" / "postgres" / "migrations" / "versions"
ABOUT = """\
Tables are made, and brought up to date, when a store is opened. Both kinds keep the same: SQLite in
numbered files that `PRAGMA user_version` counts, PostgreSQL by Alembic. Texts that users wrote stand in
columns of their own, so that deleting them can be shown to reach every copy; [privacy](../privacy.md) says
what is kept how long."""
# A body between dollar signs may hold semicolons.
_STATEMENT = re.compile(r"((?:--[^\n]*\n|\s)*)((?:[^;$]|\$\$.*?\$\$|\$)+);", re.DOTALL)
_TABLE = re.compile(r"create (?:virtual )?table (\w+)(?: using \w+)? ?\((.*)", re.IGNORECASE | re.DOTALL)
_INDEX = re.compile(r"create (?:unique )?index (\w+)\s+on (\w+)\s*(.*)", re.IGNORECASE | re.DOTALL)
_COLUMN = re.compile(r"add column (\w+) ([^,]+)", re.IGNORECASE)
_CONSTRAINT = re.compile(r"(primary key|unique|foreign key|check)\b", re.IGNORECASE)


@dataclass
class Table:
    """What a table is for, in the words of its file; columns and indexes by name, with their definition."""

    about: str = ""
    columns: dict[str, str] = field(default_factory=dict)
    rules: list[str] = field(default_factory=list)
    indexes: dict[str, str] = field(default_factory=dict)


def written() -> str:
    return page("Database schema", ABOUT, *_shown("PostgreSQL", postgres()), *_shown("SQLite", sqlite()))


def postgres() -> dict[str, Table]:
    """As the migrations leave them, in order."""
    return _made(sorted(POSTGRES.glob("*.sql")))


def sqlite() -> dict[str, Table]:
    """Read from a database that the files made; what tables are for, from the files."""
    connection = sqlite3.connect(":memory:")
    files = sorted(SQLITE.glob("*.sql"))
    for file in files:
        connection.executescript(file.read_text("utf-8"))
    said = _made(files)
    kinds = dict(connection.execute("select name, type from pragma_table_list where schema = 'main'"))
    return {
        name: _live(connection, name, said[name].about)
        for name in said
        if kinds.get(name) in ("table", "virtual")
    }


def _live(connection: sqlite3.Connection, name: str, about: str) -> Table:
    found = Table(about)
    rows = connection.execute(
        'select name, type, "notnull", dflt_value, pk from pragma_table_info(?)', (name,)
    ).fetchall()
    keys = [row[0] for row in sorted(rows, key=lambda row: row[4]) if row[4]]
    for column, kind, needed, standard, key in rows:
        own = "primary key" if key and len(keys) == 1 else ""
        parts = (
            kind.lower(),
            "not null" * needed,
            f"default {standard}" if standard is not None else "",
            own,
        )
        found.columns[column] = " ".join(part for part in parts if part)
    found.rules += [f"primary key ({', '.join(keys)})"] if len(keys) > 1 else []
    made = "select name, sql from sqlite_master where type = 'index' and tbl_name = ? and sql is not null"
    for index, statement in connection.execute(made, (name,)):
        match = _INDEX.match(statement)
        found.indexes[index] = " ".join((match[3] if match else statement).split()) + _unique(statement)
    return found


def _made(files: list[Path]) -> dict[str, Table]:
    tables: dict[str, Table] = {}
    for file in files:
        for comment, statement in _statements(file.read_text("utf-8")):
            _apply(tables, comment, statement)
    return tables


def _statements(text: str) -> Iterator[tuple[str, str]]:
    """Each statement with the comment right before it."""
    for above, statement in _STATEMENT.findall(text + ("" if text.rstrip().endswith(";") else ";")):
        nearest = above.rstrip().split("\n\n")[-1]
        comment = " ".join(line.strip().removeprefix("--").strip() for line in nearest.splitlines())
        yield comment.strip(), statement.strip()


def _apply(tables: dict[str, Table], comment: str, statement: str) -> None:
    """Raises `ValueError` for a statement that would leave this page wrong."""
    start = statement.split("(")[0].casefold()
    if made := _TABLE.match(statement):
        tables[made[1]] = _parsed(comment, made[2])
    elif made := _INDEX.match(statement):
        tables[made[2]].indexes[made[1]] = " ".join(made[3].split()) + _unique(statement)
    elif start.startswith("alter table") and "add column" in statement.casefold():
        columns = tables[statement.split()[2]].columns
        columns |= {name: " ".join(kind.split()) for name, kind in _COLUMN.findall(statement)}
    elif start.startswith("drop index"):
        for each in tables.values():
            each.indexes.pop(statement.split()[2], None)
    elif start.startswith("drop table"):
        del tables[statement.split()[2]]
    elif not start.startswith(
        ("create extension", "create function", "create view", "drop view", "insert", "update", "delete")
    ) and not re.match(r"alter table \w+ alter column", start):
        raise ValueError(f"tools/reference_pages/schema.py does not know: {statement[:60]}")


def _parsed(about: str, inside: str) -> Table:
    found = Table(about)
    for part in _parts(inside):
        name, _, kind = part.partition(" ")
        if _CONSTRAINT.match(part):
            found.rules.append(part)
        elif "=" not in name and kind[:1] != "=":
            found.columns[name] = kind
    return found


def _parts(inside: str) -> Iterator[str]:
    """What stands between the commas of the outermost level, as far as the bracket that ends it."""
    depth, part = 0, ""
    for letter in re.sub(r"--[^\n]*", "", inside):
        depth += (letter == "(") - (letter == ")")
        if depth < 0:
            break
        if letter == "," and not depth:
            yield " ".join(part.split())
            part = ""
        else:
            part += letter
    yield " ".join(part.split())


def _unique(statement: str) -> str:
    return ", unique" if "unique" in statement.split("(")[0].casefold() else ""


def _shown(kind: str, tables: dict[str, Table]) -> Iterator[str]:
    yield f"## {kind}"
    for name, found in tables.items():
        yield f"### {name} in {kind}"
        yield found.about
        yield table(
            ("Column", ""),
            ((code(column), code(kind) if kind else "") for column, kind in found.columns.items()),
        )
        yield "".join(f"- {code(rule)}\n" for rule in found.rules)
        yield table(("Index", "On"), ((code(index), code(on)) for index, on in found.indexes.items()))
