"""A PostgreSQL database: there, up to date, with indexes that are whole and used."""

import asyncio
from collections.abc import Iterator
from importlib.util import find_spec

from neural_lab.doctor.checked import Checked, failed, not_installed, ok, warning
from neural_lab.doctor.machine import Machine
from neural_lab.doctor.postgres_facts import ASKED, Facts, gathered

PACKAGES = ("asyncpg", "sqlalchemy", "alembic")
OLDEST = 13
NEEDED = tuple(index for index, _ in ASKED.values())
"""Of trigrams and of fingerprints: without them a search or an audit reads whole tables."""


def postgres(machine: Machine, url: str) -> Iterator[Checked]:
    """Raises `StoreUnavailable`."""
    missing = [name for name in PACKAGES if find_spec(name) is None]
    if missing:
        yield not_installed("store", missing[0], "postgres")
        return
    from neural_lab.backends.postgres.failures import translated

    address = machine.asks(url)
    with translated():
        facts = asyncio.run(gathered(url))
    yield from judged(facts, address)


def judged(facts: Facts, address: str) -> Iterator[Checked]:
    """A row for each thing that can be wrong; those that hang on tables, where there are any."""
    yield _server(facts, address)
    yield _extension(facts)
    yield _schema(facts)
    if facts.schema is not None:
        yield _indexes(facts)
    if facts.used:
        yield _plans(facts)


def _server(facts: Facts, address: str) -> Checked:
    said = f"PostgreSQL {'.'.join(map(str, facts.server))} at {address}"
    if facts.server[0] < OLDEST:
        return failed("store", f"{said}; {OLDEST} or newer is needed.", "Upgrade the server.")
    if not facts.unicode:
        advice = "Make it with createdb -T template0 -E UTF8 --locale=C.UTF-8."
        return failed("store", f"{said}; the database has no Unicode.", advice)
    return ok("store", f"{said} answers.", server=".".join(map(str, facts.server)))


def _extension(facts: Facts) -> Checked:
    if facts.extension:
        return ok("store.trigrams", "The extension pg_trgm is there.")
    if facts.extension is None:
        advice = "Install the server's contrib package."
        return failed("store.trigrams", "The server has no extension pg_trgm.", advice)
    advice = "Let the database's owner or a superuser run CREATE EXTENSION pg_trgm."
    if facts.schema is None:
        return warning("store.trigrams", "pg_trgm is made with the tables, if the user may do that.", advice)
    return failed("store.trigrams", "The extension pg_trgm is missing in this database.", advice)


def _schema(facts: Facts) -> Checked:
    from neural_lab.backends.postgres.schema import VERSIONS

    if facts.schema is None:
        return warning(
            "store.schema", "There are no tables yet.", "They are made when the store is first used."
        )
    if facts.schema not in VERSIONS:
        advice = "Upgrade Neural Lab here, or name another database."
        return failed("store.schema", "A newer version of Neural Lab made these tables.", advice)
    said = f"The tables are of version {facts.schema} of {VERSIONS[-1]}."
    if not facts.current:
        advice = "They are brought up to date when the store is next used; back it up before."
        return warning("store.schema", said, advice)
    return ok("store.schema", said, schema=facts.schema)


def _indexes(facts: Facts) -> Checked:
    missing = [name for name in NEEDED if name not in facts.indexes]
    broken = sorted(name for name, whole in facts.indexes.items() if not whole)
    if missing:
        advice = (
            "Restore the database from a backup, or make them anew as the migrations do (docs/postgresql.md)."
        )
        return failed("store.indexes", f"Missing: {', '.join(missing)}.", advice)
    if broken:
        advice = " ".join(f"REINDEX INDEX CONCURRENTLY {name};" for name in broken)
        return failed("store.indexes", f"Not valid, so not used: {', '.join(broken)}.", advice)
    said = f"{len(facts.indexes)} indexes are valid, those of trigrams and fingerprints among them."
    return ok("store.indexes", said, indexes=len(facts.indexes))


def _plans(facts: Facts) -> Checked:
    past = [name for name, (index, _) in ASKED.items() if index not in facts.used[name]]
    if past:
        advice = "See that the indexes are valid, then run ANALYZE; docs/postgresql.md has the settings."
        return failed("store.plans", f"Read without their index: {', '.join(past)}.", advice)
    return ok("store.plans", "Searches go by the index of trigrams, audits by that of fingerprints.")
