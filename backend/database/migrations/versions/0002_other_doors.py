"""The other doors: accounts of several realms, the portal's register, sign-in, pairing, assistance."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_NAMES = {"uq": "uq_%(table_name)s_%(column_0_N_name)s"}


def upgrade() -> None:
    with op.batch_alter_table("accounts", naming_convention=_NAMES) as accounts:
        accounts.add_column(sa.Column("realm", sa.Text(), nullable=False, server_default="university"))
        for name in ("login", "alias", "institutional_email"):
            accounts.drop_constraint(f"uq_accounts_{name}", type_="unique")
            accounts.create_unique_constraint(f"uq_accounts_{name}_realm", [name, "realm"])
    with op.batch_alter_table("mails") as mails:
        mails.alter_column("account_id", existing_type=sa.Text(), nullable=True)
        mails.add_column(sa.Column("facts", sa.Text(), nullable=False, server_default="{}"))
    _portal()
    _pairing()
    _assistance()


def _portal() -> None:
    op.create_table(
        "companies",
        sa.Column("siret", sa.Text(), nullable=False),
        sa.Column("siren", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("head_office", sa.Boolean(), nullable=False),
        sa.Column("activity", sa.Text(), nullable=False),
        sa.Column("postcode", sa.Text(), nullable=False),
        sa.Column("town", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("siret"),
    )
    op.create_index("companies_by_siren", "companies", ["siren"])
    op.create_table(
        "members",
        sa.Column("siret", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("idcc", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("siret", "type"),
    )
    op.create_table(
        "contacts",
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("civility", sa.Text(), nullable=False),
        sa.Column("first_name", sa.Text(), nullable=False),
        sa.Column("last_name", sa.Text(), nullable=False),
        sa.Column("sirets", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("email"),
    )
    op.create_table(
        "inquiries",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("enrolment_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("inquiries_by_next_try", "inquiries", ["next_try_at"])


def _pairing() -> None:
    op.create_table(
        "sign_ins",
        sa.Column("enrolment_id", sa.Text(), sa.ForeignKey("enrolments.id"), nullable=False),
        sa.Column("sealed_device_code", sa.LargeBinary(), nullable=False),
        sa.Column("interval", sa.Integer(), nullable=False),
        sa.Column("next_poll_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("enrolment_id"),
    )
    op.create_table(
        "pairings",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("enrolment_id", sa.Text(), sa.ForeignKey("enrolments.id"), nullable=False),
        sa.Column("account_id", sa.Text(), sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("code_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("digits_mac", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("phone_sha256", sa.LargeBinary()),
        sa.Column("sealed_trip", sa.LargeBinary()),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("issued_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code_sha256"),
        sa.UniqueConstraint("phone_sha256"),
    )
    op.create_index("pairings_by_enrolment", "pairings", ["enrolment_id"])
    op.create_index("pairings_by_digits", "pairings", ["digits_mac"])
    op.create_table(
        "devices",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("biometric", sa.Boolean(), nullable=False),
        sa.Column("paired_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.Column("revoked_at", sa.BigInteger()),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("devices_by_account", "devices", ["account_id"])


def _assistance() -> None:
    op.create_table(
        "assistance",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("motive", sa.Text(), nullable=False),
        sa.Column("profile", sa.Text(), nullable=False),
        sa.Column("institutional_email", sa.Text(), nullable=False),
        sa.Column("personal_email", sa.Text(), nullable=False),
        sa.Column("telephone", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("sealed_identity", sa.LargeBinary(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("submitted_at", sa.BigInteger(), nullable=False),
        sa.Column("taken_at", sa.BigInteger()),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.BigInteger()),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_index("assistance_by_state", "assistance", ["state", "submitted_at"])


def downgrade() -> None:
    for table in ("assistance", "devices", "pairings", "sign_ins", "inquiries", "contacts", "members", "companies"):
        op.drop_table(table)
    with op.batch_alter_table("mails") as mails:
        mails.drop_column("facts")
        mails.alter_column("account_id", existing_type=sa.Text(), nullable=False)
    with op.batch_alter_table("accounts") as accounts:
        for name in ("login", "alias", "institutional_email"):
            accounts.drop_constraint(f"uq_accounts_{name}_realm", type_="unique")
            accounts.create_unique_constraint(f"uq_accounts_{name}", [name])
        accounts.drop_column("realm")
