"""Everything of one owner, taken out of a database file."""

from neural_lab.backends.sqlite import disputes, history, job_rows, trail
from neural_lab.backends.sqlite.owner import Owner
from neural_lab.backends.sqlite.shelf import Shelf
from neural_lab.backends.sqlite.words import MERGE_ENTRIES, MERGE_SOURCES

AT_ONCE = 100
"""Texts in memory together, and written while others wait."""
SOURCES = "select id from source where owner = ? limit ?"
ENTRIES = "select id, title, path, text from entry join entry_text on entry = id where owner = ? limit ?"
JOBS = "select id, payload, result, message from job where owner = ? limit ?"
DISPUTES = "select id, words, review_note from dispute where owner = ? limit ?"
DRAFTS = "select id, title from draft where owner = ? limit ?"
DRAFTS_AT_ONCE = 5
"""Each may have thousands of texts."""
PREFERENCES = "delete from preference where owner = ?"


def forget(owner: Owner) -> None:
    """Empty the owner's rows in many transactions, and the indexes of words and the files at the end.

    What was interrupted is finished when it is done again.
    """
    while _some(owner):
        pass
    with owner.deleting() as (connection, number):
        connection.execute(PREFERENCES, (number,))
        connection.execute(MERGE_SOURCES)
        connection.execute(MERGE_ENTRIES)


def _some(owner: Owner) -> int:
    """How many rows were emptied; none are left when there were none."""
    with owner.writing() as (connection, number):
        asked = number, AT_ONCE
        sources = [source for (source,) in connection.execute(SOURCES, asked)]
        entries = connection.execute(ENTRIES, asked).fetchall()
        taken = Shelf(connection, number).take(sources) + history.empty(connection, entries)
        taken += job_rows.drop(connection, connection.execute(JOBS, asked).fetchall())
        taken += disputes.drop(connection, connection.execute(DISPUTES, asked).fetchall())
        drafts = connection.execute(DRAFTS, (number, DRAFTS_AT_ONCE)).fetchall()
        return taken + trail.drop(connection, drafts)
