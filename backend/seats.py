"""Who holds an enrolment: one screen at a time, by a token; and the codes that carry it to another screen."""

import hashlib
import secrets
from datetime import datetime, timedelta

from msgspec import Struct
from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from api_client.secret import Secret
from backend.database.store import Transaction
from backend.database.tables import hand_overs, seats

HAND_OVER_LIFETIME = timedelta(minutes=10)
HAND_OVER_TRIES = 5


# Made once: making a statement costs twice what running it does.
_BY_TOKEN = select(seats).where(seats.c.token_sha256 == bindparam("digest"))
_END = update(seats).where(seats.c.token_sha256 == bindparam("digest")).values(ended_at=bindparam("at"))
_SETTLE = update(seats).where(seats.c.token_sha256 == bindparam("digest")).values(replaces=None)
_OPEN = seats.insert()


class Seat(Struct, frozen=True, kw_only=True):
    """What a token stands for."""

    enrolment_id: str
    held: bool
    replaces: bytes | None
    """Digest of the token that ends when this one is first used."""
    to_renew: bool
    """Who held it proved something elsewhere, and gets another token at the next visit (ASVS 7.2.4)."""


async def open_seat(tx: Transaction, enrolment_id: str, now: datetime, replaces: Secret | None = None) -> Secret:
    """A new token of 256 bits. The one it replaces works until this one is first used."""
    token = Secret(secrets.token_urlsafe(32))
    values = {
        "token_sha256": _digest(token),
        "enrolment_id": enrolment_id,
        "replaces": _digest(replaces) if replaces else None,
        "opened_at": now,
    }
    await tx.connection.execute(_OPEN, values)
    return token


async def find_seat(connection: AsyncConnection, token: Secret) -> Seat | None:
    row = (await connection.execute(_BY_TOKEN, {"digest": _digest(token)})).first()
    if row is None:
        return None
    return Seat(enrolment_id=row.enrolment_id, held=row.ended_at is None, replaces=row.replaces, to_renew=row.to_renew)


async def end_replaced(tx: Transaction, token: Secret, replaced: bytes, now: datetime) -> None:
    await tx.connection.execute(_END, {"digest": replaced, "at": now})
    await tx.connection.execute(_SETTLE, {"digest": _digest(token)})


async def renew_seats(tx: Transaction, enrolment_id: str) -> None:
    """Whoever holds the enrolment gets another token at the next visit."""
    query = update(seats).where(seats.c.enrolment_id == enrolment_id, seats.c.ended_at.is_(None))
    await tx.connection.execute(query.values(to_renew=True))


async def end_seats(tx: Transaction, enrolment_id: str, now: datetime) -> None:
    query = update(seats).where(seats.c.enrolment_id == enrolment_id, seats.c.ended_at.is_(None))
    await tx.connection.execute(query.values(ended_at=now))


async def insert_hand_over(tx: Transaction, code_mac: bytes, enrolment_id: str, now: datetime) -> datetime:
    """One live code an enrolment. Returns until when it works."""
    ended = update(hand_overs).where(hand_overs.c.enrolment_id == enrolment_id, hand_overs.c.used_at.is_(None))
    await tx.connection.execute(ended.values(used_at=now))
    expires_at = now + HAND_OVER_LIFETIME
    values = {"code_mac": code_mac, "enrolment_id": enrolment_id, "expires_at": expires_at, "tries": 0}
    await tx.connection.execute(hand_overs.insert().values(values))
    return expires_at


async def find_hand_over(tx: Transaction, code_mac: bytes, now: datetime) -> str | None:
    """The enrolment that this code carries, its try counted; None when it carries none any more."""
    counted = (
        update(hand_overs)
        .where(hand_overs.c.code_mac == code_mac, hand_overs.c.used_at.is_(None))
        .where(hand_overs.c.expires_at > now, hand_overs.c.tries < HAND_OVER_TRIES)
        .values(tries=hand_overs.c.tries + 1)
    )
    if (await tx.connection.execute(counted)).rowcount != 1:
        return None
    query = select(hand_overs.c.enrolment_id).where(hand_overs.c.code_mac == code_mac)
    return str((await tx.connection.execute(query)).scalar_one())


async def use_hand_over(tx: Transaction, code_mac: bytes, now: datetime) -> bool:
    """Exactly one caller is told True."""
    unused = update(hand_overs).where(hand_overs.c.code_mac == code_mac, hand_overs.c.used_at.is_(None))
    return bool((await tx.connection.execute(unused.values(used_at=now))).rowcount == 1)


def _digest(token: Secret) -> bytes:
    return hashlib.sha256(token.reveal().encode()).digest()
