"""Paired phones: kept, listed, revoked. Biometrics stay on the phone; only whether they are used is known here."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from msgspec import Struct
from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from backend.audit import Channel
from backend.database.store import Transaction
from backend.database.tables import devices
from backend.house import House
from backend.pairing.pairings import Pairing


class Device(Struct, frozen=True, kw_only=True):
    """One paired phone that was not revoked."""

    id: str
    account_id: str
    platform: str
    model: str
    biometric: bool
    paired_at: datetime


_COLUMNS = tuple(devices.c[name] for name in Device.__struct_fields__)


async def add_device(house: House, tx: Transaction, pairing: Pairing, *, biometric: bool) -> Device:
    """The phone of a pairing that went well."""
    device = Device(
        id=uuid4().hex,
        account_id=pairing.account_id,
        platform=pairing.platform,
        model=pairing.model,
        biometric=biometric,
        paired_at=house.clock(),
    )
    values = {name: getattr(device, name) for name in Device.__struct_fields__}
    await tx.connection.execute(insert(devices).values(**values, seen_at=device.paired_at))
    return device


async def devices_of(connection: AsyncConnection, account_id: str) -> tuple[Device, ...]:
    """The newest first."""
    theirs = select(*_COLUMNS).where(devices.c.account_id == account_id, devices.c.revoked_at.is_(None))
    rows: Any = await connection.execute(theirs.order_by(devices.c.paired_at.desc(), devices.c.id))
    return tuple(Device(**row._mapping) for row in rows)


async def find_device(connection: AsyncConnection, device_id: str) -> Device | None:
    """None once it is revoked."""
    query = select(*_COLUMNS).where(devices.c.id == device_id, devices.c.revoked_at.is_(None))
    row: Any = (await connection.execute(query)).first()
    return Device(**row._mapping) if row else None


async def revoke_device(house: House, tx: Transaction, account_id: str, device_id: str, channel: Channel) -> bool:
    """That phone opens nothing any more; False when it is none of theirs, or was revoked before."""
    this = (devices.c.id == device_id, devices.c.account_id == account_id, devices.c.revoked_at.is_(None))
    gone = await tx.connection.execute(update(devices).where(*this).values(revoked_at=house.clock()))
    if gone.rowcount != 1:
        return False
    await house.audit.record(tx, actor="person", subject=account_id, action="pairing.revoked", channel=channel)
    return True


async def revoke_all(house: House, tx: Transaction, account_id: str) -> None:
    """Every phone of an account that is somebody else's name now."""
    theirs = (devices.c.account_id == account_id, devices.c.revoked_at.is_(None))
    gone = await tx.connection.execute(update(devices).where(*theirs).values(revoked_at=house.clock()))
    if gone.rowcount:
        await house.audit.record(tx, actor="system", subject=account_id, action="pairing.revoked", channel="system")
