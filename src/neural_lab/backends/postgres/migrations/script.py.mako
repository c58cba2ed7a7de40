"""${message}."""

from pathlib import Path

from alembic import op

revision, down_revision = ${repr(up_revision)}, ${repr(down_revision)}


def upgrade() -> None:
    for statement in Path(__file__).with_suffix(".sql").read_text("utf-8").split("\n\n"):
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("restore a backup from before")
