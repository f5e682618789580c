"""Enrolments in the database: loaded, saved, found by account."""

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from api_client.contract import Drawing
from backend.database.rows import as_text, from_text
from backend.database.store import Transaction
from backend.database.tables import enrolments
from backend.situation import LIVING, Claim, EnrolmentRecord, Turn

# Made once: making a statement costs twice what running it does.
_BY_ID = select(enrolments).where(enrolments.c.id == bindparam("it"))
_RIVALS = (
    select(enrolments)
    .where(enrolments.c.account_id == bindparam("account"), enrolments.c.id != bindparam("it"))
    .where(enrolments.c.status.in_(LIVING))
    .order_by(enrolments.c.heard_at.desc())
)
_LIVING = (
    select(enrolments).where(enrolments.c.account_id == bindparam("account")).where(enrolments.c.status.in_(LIVING))
)
_INSERT = enrolments.insert()
_SAVE = update(enrolments).where(enrolments.c.id == bindparam("it"))


async def load_record(connection: AsyncConnection, enrolment_id: str) -> EnrolmentRecord | None:
    row = (await connection.execute(_BY_ID, {"it": enrolment_id})).first()
    return _record(row) if row else None


async def rivals_of(tx: Transaction, record: EnrolmentRecord) -> list[EnrolmentRecord]:
    """The other living enrolments of the same account, the one heard last first."""
    whose = {"account": record.account_id, "it": record.id}
    return [_record(row) for row in await tx.connection.execute(_RIVALS, whose)]


async def living_of(tx: Transaction, account_id: str) -> list[EnrolmentRecord]:
    """The living enrolments of an account."""
    return [_record(row) for row in await tx.connection.execute(_LIVING, {"account": account_id})]


async def nobody_s_waiting(connection: AsyncConnection, since: datetime) -> list[str]:
    """Ids of the enrolments that wait before anybody was proved, and whose screen was heard ``since``."""
    waits = (enrolments.c.status == "waiting", enrolments.c.account_id.is_(None), enrolments.c.heard_at >= since)
    return list((await connection.execute(select(enrolments.c.id).where(*waits))).scalars())


async def owing_a_mail(connection: AsyncConnection) -> list[EnrolmentRecord]:
    """The enrolments that were told of a mail which is still to be written."""
    rows = await connection.execute(select(enrolments).where(enrolments.c.claim.contains('"mail_due":"')))
    return [record for record in map(_record, rows) if record.claim.mail_due]


async def insert_record(tx: Transaction, record: EnrolmentRecord) -> None:
    await tx.connection.execute(_INSERT, {"id": record.id, **_columns(record)})


async def save_record(tx: Transaction, record: EnrolmentRecord) -> None:
    await tx.connection.execute(_SAVE, {"it": record.id, **_columns(record)})


async def save_claim(tx: Transaction, record: EnrolmentRecord) -> None:
    """That alone: no screen shows it, so its revision stays."""
    await tx.connection.execute(_SAVE, {"it": record.id, "claim": as_text(record.claim)})


async def touch(tx: Transaction, record: EnrolmentRecord, now: datetime) -> None:
    """Its screen is still there; while it waits for a mail, that is as good as the person."""
    record.heard_at = now
    if record.status == "waiting":
        record.seen_at = now
    heard = {"heard_at": record.heard_at, "seen_at": record.seen_at}
    await tx.connection.execute(_SAVE, {"it": record.id, **heard})


async def hand_to(tx: Transaction, record: EnrolmentRecord) -> None:
    """That enrolment ends here: its person goes on elsewhere."""
    await _end(tx, record, "handed_over", Turn())


async def shut(tx: Transaction, record: EnrolmentRecord, turn: Turn) -> None:
    """That enrolment ends here: its account was shut. ``turn`` says why."""
    await _end(tx, record, "locked", turn)


async def _end(tx: Transaction, record: EnrolmentRecord, outcome: Literal["handed_over", "locked"], turn: Turn) -> None:
    record.status, record.place, record.turn = outcome, outcome, turn
    record.revision += 1
    await save_record(tx, record)


def _record(row: Any) -> EnrolmentRecord:
    values = dict(row._mapping)
    for name, wanted in (("turn", Turn), ("claim", Claim), ("drawing", Drawing)):
        values[name] = from_text(values[name], wanted)
    return EnrolmentRecord(**values)


def _columns(record: EnrolmentRecord) -> dict[str, Any]:
    values = {name: getattr(record, name) for name in EnrolmentRecord.__struct_fields__ if name != "id"}
    return {**values, "turn": as_text(record.turn), "claim": as_text(record.claim), "drawing": as_text(record.drawing)}
