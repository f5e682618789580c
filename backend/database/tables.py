"""The tables, for SQLite and PostgreSQL alike. Alembic brings a database to this shape (``migrations``).

Instants are whole microseconds since 1970 UTC; facts that only Perron reads together are one JSON text. No column
holds a
usable secret: passwords and provisional passwords are argon2id, link tokens SHA-256, typed codes HMAC, TOTP keys
sealed.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Instant(TypeDecorator[datetime]):
    """An aware datetime kept as microseconds: the same order, and the same value, on every database."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else (value - _EPOCH) // timedelta(microseconds=1)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        return None if value is None else _EPOCH + timedelta(microseconds=int(value))


metadata = MetaData()

accounts = Table(
    "accounts",
    metadata,
    Column("id", Text, primary_key=True),
    Column("login", Text, nullable=False, comment="lower case"),
    Column("alias", Text, comment="lower case; null without one"),
    Column("institutional_email", Text, nullable=False, comment="lower case"),
    Column("person", Text, nullable=False, comment="JSON of backend.people.person.Person, as imported"),
    Column("status", Text, nullable=False, comment="inactive, active, locked, expired"),
    Column("draft", Text, nullable=False, comment="JSON of backend.situation.Draft: what was said so far"),
    Column("provisional_hash", Text),
    Column("provisional_issued", Boolean, nullable=False, default=False, comment="by Perron: Crockford, any case"),
    Column("provisional_expires_at", Instant),
    Column("imported_at", Instant, nullable=False),
    Column("realm", Text, nullable=False, server_default="university", comment="backend.journeys.Realm"),
    Column("contract_end", Text, comment="the last day, 2027-08-31; null without one"),
    # The name first: whoever types one is found by it, and a realm holds a million people.
    UniqueConstraint("login", "realm"),
    UniqueConstraint("alias", "realm"),
    UniqueConstraint("institutional_email", "realm"),
    Index("accounts_by_contract_end", "status", "contract_end"),
)

directory = Table(
    "directory",
    metadata,
    Column("login", Text, primary_key=True),
    Column("password_hash", Text, nullable=False),
    Column("entry", Text, nullable=False, comment="JSON of backend.provisioning.Entry"),
    Column("activated_at", Instant, nullable=False),
)

enrolments = Table(
    "enrolments",
    metadata,
    Column("id", Text, primary_key=True),
    Column("journey", Text, nullable=False),
    Column("locale", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("status", Text, nullable=False),
    Column("place", Text, nullable=False, comment="id of the step, in the journey or outside of it"),
    Column(
        "turn", Text, nullable=False, comment="JSON of backend.situation.Turn: errors, notice, values to show again"
    ),
    Column("claim", Text, nullable=False, comment="JSON of backend.situation.Claim: said, not yet proved"),
    Column("drawing", Text, nullable=False),
    Column("account_id", Text, ForeignKey("accounts.id"), comment="once proved"),
    Column("source", Text, nullable=False, comment="network address it was begun from"),
    Column("seat", Integer, nullable=False),
    Column("begun_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False, comment="the person did something, or waits for a mail"),
    Column("heard_at", Instant, nullable=False, comment="their screen asked for changes: it is still there"),
    Index("enrolments_by_account", "account_id", "status"),
)

seats = Table(
    "seats",
    metadata,
    Column("token_sha256", LargeBinary, primary_key=True),
    Column("enrolment_id", Text, ForeignKey("enrolments.id"), nullable=False),
    Column("replaces", LargeBinary, comment="the token that ends when this one is first used"),
    Column("to_renew", Boolean, nullable=False, default=False, comment="its holder gets another token next"),
    Column("opened_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Index("seats_by_enrolment", "enrolment_id"),
)

hand_overs = Table(
    "hand_overs",
    metadata,
    Column("code_mac", LargeBinary, primary_key=True),
    Column("enrolment_id", Text, ForeignKey("enrolments.id"), nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("tries", Integer, nullable=False, default=0),
    Column("used_at", Instant),
)

proofs = Table(
    "proofs",
    metadata,
    Column("id", Text, primary_key=True),
    Column("account_id", Text, ForeignKey("accounts.id"), nullable=False),
    Column("enrolment_id", Text, comment="the screen that waits for it, if any"),
    Column("purpose", Text, nullable=False, comment="api_client.contract.Purpose"),
    Column("address", Text, nullable=False),
    Column("number", Integer, comment="two digits shown on the waiting screen"),
    Column("issued_at", Instant, nullable=False),
    Column("deadline", Instant, nullable=False),
    Column("token_sha256", LargeBinary, nullable=False, unique=True),
    Column("code_mac", LargeBinary, nullable=False, unique=True),
    Column("code_tries", Integer, nullable=False, default=0),
    Column("number_tries", Integer, nullable=False, default=0),
    Column("opened_at", Instant),
    Column("proved_at", Instant),
    Column("revoked_at", Instant),
    Index("proofs_by_account", "account_id", "purpose"),
)

mails = Table(
    "mails",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False, comment="M1 … M12 of domain.md §13"),
    Column("recipient", Text, nullable=False),
    Column("locale", Text, nullable=False),
    Column("account_id", Text, ForeignKey("accounts.id"), comment="null where nobody may know whose it is"),
    Column("proof_id", Text, ForeignKey("proofs.id"), comment="whose link and code are derived when it is sent"),
    Column("written_at", Instant, nullable=False),
    Column("not_after", Instant, comment="useless later: no more tries"),
    Column("sent_at", Instant),
    Column("refused_at", Instant, comment="the other side will never take it"),
    Column("reason", Text, nullable=False, default="", comment="reply code of the mail server, no address"),
    Column("facts", Text, nullable=False, server_default="{}", comment="JSON: what the mail tells beside the account"),
    Index("mails_unsent", "sent_at", "refused_at"),
    Index("mails_by_proof", "proof_id"),
)

second_factors = Table(
    "second_factors",
    metadata,
    Column("account_id", Text, ForeignKey("accounts.id"), primary_key=True),
    Column("sealed_key", LargeBinary, nullable=False),
    Column("offered_at", Instant, nullable=False),
    Column("confirmed_at", Instant),
    Column("last_step", BigInteger, comment="RFC 6238 §5.2: a code works once"),
    Column("tries", Integer, nullable=False, default=0),
    Column("waits_until", Instant),
)

recovery_codes = Table(
    "recovery_codes",
    metadata,
    Column("account_id", Text, ForeignKey("accounts.id"), primary_key=True),
    Column("code_mac", LargeBinary, primary_key=True),
    Column("used_at", Instant),
)

throttles = Table(
    "throttles",
    metadata,
    Column("subject", Text, primary_key=True, comment="what is counted, hashed: never a login in clear"),
    Column("failures", Integer, nullable=False, comment="in the present window"),
    Column("consecutive", Integer, nullable=False, comment="since the last success, whatever the window"),
    Column("window_began_at", Instant, nullable=False),
    Column("waits_until", Instant),
)

audit = Table(
    "audit",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("actor", Text, nullable=False),
    Column("subject", Text, nullable=False, comment="account id, or empty"),
    Column("action", Text, nullable=False, comment="domain.md §14.4"),
    Column("channel", Text, nullable=False, comment="tui, web, cli, system"),
    Column("result", Text, nullable=False),
    Column("mac", LargeBinary, nullable=False, comment="HMAC-SHA-256 over the entry before and this one"),
)

companies = Table(
    "companies",
    metadata,
    Column("siret", Text, primary_key=True, comment="14 digits: leading zeros matter"),
    Column("siren", Text, nullable=False),
    Column("name", Text, nullable=False, comment="empty where its publication is restricted"),
    Column("state", Text, nullable=False, comment="backend.portal.embedded.CompanyState"),
    Column("head_office", Boolean, nullable=False),
    Column("activity", Text, nullable=False, comment="NAF code"),
    Column("postcode", Text, nullable=False),
    Column("town", Text, nullable=False),
    Index("companies_by_siren", "siren"),
)

members = Table(
    "members",
    metadata,
    Column("siret", Text, primary_key=True),
    Column("type", Text, primary_key=True, comment="backend.portal.registration.EstablishmentType"),
    Column("number", Text, nullable=False, comment="upper case"),
    Column("name", Text, nullable=False),
    Column("idcc", Text, nullable=False),
)

contacts = Table(
    "contacts",
    metadata,
    Column("email", Text, primary_key=True, comment="compared as domain.md §3.5 says"),
    Column("civility", Text, nullable=False),
    Column("first_name", Text, nullable=False),
    Column("last_name", Text, nullable=False),
    Column("sirets", Text, nullable=False, comment="JSON list"),
)

inquiries = Table(
    "inquiries",
    metadata,
    Column("id", Text, primary_key=True),
    Column("enrolment_id", Text, nullable=False, comment="the last screen that waited for it"),
    Column("number", Text, nullable=False, comment="SIREN or SIRET that the company register could not answer about"),
    Column("tries", Integer, nullable=False),
    Column("next_try_at", Instant, nullable=False),
    Index("inquiries_by_next_try", "next_try_at"),
)

sign_ins = Table(
    "sign_ins",
    metadata,
    Column("enrolment_id", Text, ForeignKey("enrolments.id"), primary_key=True),
    Column("sealed_device_code", LargeBinary, nullable=False),
    Column("interval", Integer, nullable=False, comment="seconds; slow_down adds five for good"),
    Column("next_poll_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
)

pairings = Table(
    "pairings",
    metadata,
    Column("id", Text, primary_key=True),
    Column("enrolment_id", Text, ForeignKey("enrolments.id"), nullable=False),
    Column("account_id", Text, ForeignKey("accounts.id"), nullable=False),
    Column("code_sha256", LargeBinary, nullable=False, unique=True),
    Column("digits_mac", LargeBinary, nullable=False, comment="of the nine digits"),
    Column("state", Text, nullable=False, comment="backend.pairing.pairings.State"),
    Column("phone_sha256", LargeBinary, unique=True, comment="of the token that the phone's browser holds"),
    Column("sealed_trip", LargeBinary, comment="backend.sign_in.issuer.RoundTrip of the phone"),
    Column("platform", Text, nullable=False, default=""),
    Column("model", Text, nullable=False, default=""),
    Column("issued_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Index("pairings_by_enrolment", "enrolment_id"),
    Index("pairings_by_digits", "digits_mac"),
)

devices = Table(
    "devices",
    metadata,
    Column("id", Text, primary_key=True),
    Column("account_id", Text, ForeignKey("accounts.id"), nullable=False),
    Column("platform", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("biometric", Boolean, nullable=False),
    Column("paired_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("revoked_at", Instant),
    Index("devices_by_account", "account_id"),
)

assistance = Table(
    "assistance",
    metadata,
    Column("number", Text, primary_key=True, comment="what the person is told"),
    Column("state", Text, nullable=False, comment="submitted, callback, unlocking, rejected, closed"),
    Column("motive", Text, nullable=False),
    Column("profile", Text, nullable=False),
    Column("institutional_email", Text, nullable=False),
    Column("personal_email", Text, nullable=False),
    Column("telephone", Text, nullable=False, comment="E.164"),
    Column("description", Text, nullable=False),
    Column("sealed_identity", LargeBinary, nullable=False, comment="INE or birth date, to be compared, never shown"),
    Column("locale", Text, nullable=False),
    Column("submitted_at", Instant, nullable=False),
    Column("taken_at", Instant),
    Column("calls", Integer, nullable=False, default=0),
    Column("closed_at", Instant),
    Index("assistance_by_state", "state", "submitted_at"),
)
