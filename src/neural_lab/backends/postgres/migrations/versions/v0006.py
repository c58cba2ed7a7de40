"""What owners and reviewers say of a dispute."""

from pathlib import Path

from alembic import op

revision, down_revision = "0006", "0005"


def upgrade() -> None:
    for statement in Path(__file__).with_suffix(".sql").read_text("utf-8").split("\n\n"):
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("restore a backup from before")
