"""The last day of a contract, so that those that are over are found without looking at everybody."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("accounts", sa.Column("contract_end", sa.Text()))
    op.create_index("accounts_by_contract_end", "accounts", ["status", "contract_end"])


def downgrade() -> None:
    op.drop_index("accounts_by_contract_end", "accounts")
    op.drop_column("accounts", "contract_end")
