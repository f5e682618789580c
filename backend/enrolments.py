"""Enrolments in the database: loaded, saved, found by account."""

from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from api_client.contract import Drawing
from backend.database.rows import as_text, from_text
from backend.database.store import Transaction
from backend.database.tables import enrolments
from backend.situation import LIVING, Claim, EnrolmentRecord, Turn


async def load_record(connection: AsyncConnection, enrolment_id: str) -> EnrolmentRecord | None:
    row = (await connection.execute(select(enrolments).where(enrolments.c.id == enrolment_id))).first()
    return _record(row) if row else None


async def rivals_of(tx: Transaction, record: EnrolmentRecord) -> list[EnrolmentRecord]:
    """The other living enrolments of the same account, the one heard last first."""
    query = (
        select(enrolments)
        .where(enrolments.c.account_id == record.account_id, enrolments.c.id != record.id)
        .where(enrolments.c.status.in_(LIVING))
        .order_by(enrolments.c.heard_at.desc())
    )
    return [_record(row) for row in await tx.connection.execute(query)]


async def insert_record(tx: Transaction, record: EnrolmentRecord) -> None:
    await tx.connection.execute(enrolments.insert().values(id=record.id, **_columns(record)))


async def save_record(tx: Transaction, record: EnrolmentRecord) -> None:
    await tx.connection.execute(update(enrolments).where(enrolments.c.id == record.id).values(_columns(record)))


async def touch(tx: Transaction, record: EnrolmentRecord, now: datetime) -> None:
    """Its screen is still there; while it waits for a mail, that is as good as the person."""
    record.heard_at = now
    if record.status == "waiting":
        record.seen_at = now
    heard = {"heard_at": record.heard_at, "seen_at": record.seen_at}
    await tx.connection.execute(update(enrolments).where(enrolments.c.id == record.id).values(heard))


async def hand_to(tx: Transaction, record: EnrolmentRecord) -> None:
    """That enrolment ends here: its person goes on elsewhere."""
    record.status, record.place, record.turn = "handed_over", "handed_over", Turn()
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
