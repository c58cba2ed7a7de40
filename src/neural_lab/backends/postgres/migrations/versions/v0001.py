"""Owners, sources with their fingerprints, and the history."""

from pathlib import Path

from alembic import op

revision, down_revision = "0001", None


def upgrade() -> None:
    for statement in Path(__file__).with_suffix(".sql").read_text("utf-8").split("\n\n"):
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("there is nothing before this: drop the database")
