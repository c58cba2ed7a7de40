"""The rows of jobs: read by owners and workers alike, ended and deleted together with their texts."""

import sqlite3
from collections.abc import Sequence
from typing import Any

from neural_lab.backends.sqlite import texts
from neural_lab.backends.sqlite.values import read, written
from neural_lab.job import Job, JobState

ONE = """
select id, state, done, total, created, updated, attempts, name, kind, error, message
from job_seen where id = ?
"""
PAYLOAD = "select payload from job_seen where id = ?"
HOLDS = "select payload from job where id = ?"
END = """
update job set state = ?, updated = ?, error = ?, payload = null, result = ?, message = ? where id = ?
"""
DELETE = "delete from job where id = ?"

Held = tuple[int, int | None, int | None, int | None]
"""The number of a job, and those of its texts."""


def job(row: Sequence[Any]) -> Job:
    """From the columns of `ONE`."""
    number, state, *counts_and_moments = row[:7]
    owner, kind, *words = map(read, row[7:])
    return Job(number, owner, kind, JobState(state), *counts_and_moments, *words)


def one(connection: sqlite3.Connection, number: int) -> Job:
    """A job that is there."""
    return job(connection.execute(ONE, (number,)).fetchone())


def payload(connection: sqlite3.Connection, number: int) -> str:
    """What is to be done for a job that is there."""
    return read(connection.execute(PAYLOAD, (number,)).fetchone()[0])


def end(
    connection: sqlite3.Connection,
    number: int,
    state: JobState,
    now: str,
    result: str,
    error: str,
    message: str,
) -> None:
    """Keep what came of a job, and drop its payload."""
    texts.empty(connection, connection.execute(HOLDS, (number,)).fetchone())
    kept = [texts.put(connection, text) for text in (result, message)]
    connection.execute(END, (state, now, written(error), *kept, number))


def drop(connection: sqlite3.Connection, jobs: Sequence[Held]) -> int:
    """Delete jobs, and say how many there were."""
    texts.empty(connection, (text for job in jobs for text in job[1:]))
    connection.executemany(DELETE, [job[:1] for job in jobs])
    return len(jobs)
