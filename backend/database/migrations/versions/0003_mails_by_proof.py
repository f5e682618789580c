"""The mail of a proof is found by an index: a screen that waits for one asks at each look how it fares."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("mails_by_proof", "mails", ["proof_id"])


def downgrade() -> None:
    op.drop_index("mails_by_proof", "mails")
