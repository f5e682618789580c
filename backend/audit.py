"""Who did what, when and through which door, in a chain that shows every change.

Each entry's MAC covers the entry before and itself, under a key outside the database. Editing, deleting or reordering
entries breaks the chain; cutting its tail, or putting an old database back, contradicts the exported head.
"""

import hmac
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Literal

import msgspec
from sqlalchemy import Row, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from backend.audit_head import Head, HeadDamaged, read_head
from backend.clock import Clock
from backend.database.store import Store, Transaction
from backend.database.tables import audit
from backend.keys import Keys

Action = Literal[
    "link.issued",
    "link.opened",
    "link.expired",
    "link.revoked",
    "link.consumed",
    "login.provisional.ok",
    "login.provisional.ko",
    "login.password.ok",
    "login.password.ko",
    "login.second_factor.ok",
    "login.second_factor.ko",
    "charter.accepted",
    "directory.choice",
    "forward.staged",
    "forward.verified",
    "password.set",
    "password.changed",
    "account.imported",
    "account.activated",
    "account.locked",
    "account.unlocking",
    "account.unlocked",
    "account.expired",
    "assistance.submitted",
    "assistance.taken",
    "assistance.called",
    "assistance.closed",
    "backup.changed",
    "consent.support.given",
    "consent.support.withdrawn",
    "letter.issued",
    "letter.voided",
    "seat.handed_over",
    "seat.taken_over",
    "recovery_codes.renewed",
    "registration.step",
    "phone.paired",
    "phone.refused",
    "login.sign_in.ok",
    "pairing.code",
    "pairing.claimed",
    "pairing.paired",
    "pairing.refused",
    "pairing.revoked",
    "people.exported",
    "registrations.exported",
]
"""What is recorded: domain.md §14.4, and the events of ours that it does not name."""

Channel = Literal["tui", "web", "cli", "system"]

_BEGINNING = bytes(32)
_BATCH = 1000
# Made once: making a statement costs twice what running it does.
_LAST = select(audit.c.seq, audit.c.mac).order_by(audit.c.seq.desc()).limit(1)
_APPEND = insert(audit)


class Fault(StrEnum):
    """What is wrong with the first bad entry."""

    MISSING = "missing"
    CHANGED = "changed"
    """Or not in its place."""
    NOT_EXPORTED = "not exported"
    """Another entry of that number was exported: an old database was put back."""
    END_MISSING = "end missing"
    """More entries were exported than there are."""
    HEAD_MISSING = "head missing"
    """Nothing says that the chain ends here."""
    HEAD_CHANGED = "head changed"


@dataclass(frozen=True)
class Verification:
    """How far the chain holds. ``first_bad`` is the number of the first entry that is changed or missing, if any."""

    entries: int
    first_bad: int | None = None
    fault: Fault | None = None


class Audit:
    """Appends and verifies. ``committed`` is called when an entry has been committed."""

    def __init__(self, keys: Keys, clock: Clock, committed: Callable[[], None] | None = None) -> None:
        self._keys = keys
        self._clock = clock
        self._committed = committed

    async def record(
        self, tx: Transaction, *, actor: str, subject: str, action: Action, channel: Channel, result: str = "ok"
    ) -> None:
        """Append one entry in the transaction of the act itself: both happen or neither.

        ``actor`` and ``subject`` are account ids (or a word such as ``administrator``, or the number of a request for
        help), never a secret or an address.
        """
        last = (await tx.connection.execute(_LAST)).one_or_none()
        seq, before = (last.seq + 1, last.mac) if last else (1, _BEGINNING)
        at = self._clock()
        mac = self._mac(before, seq, at, actor, subject, action, channel, result)
        entry = {"actor": actor, "subject": subject, "action": action, "channel": channel, "result": result}
        await tx.connection.execute(_APPEND, {"seq": seq, "at": at, "mac": mac, **entry})
        if self._committed:
            tx.after_commit(self._committed)

    async def verify(self, store: Store, head_file: Path) -> Verification:
        """Walk the whole chain, then compare its end with the exported head."""
        try:
            head = read_head(self._keys, head_file)
        except HeadDamaged:
            return Verification(0, 1, Fault.HEAD_CHANGED)
        async with store.read() as connection:
            return await self._walk(connection, head)

    async def _walk(self, connection: AsyncConnection, head: Head | None) -> Verification:
        seq, before = 0, _BEGINNING
        async for row in _entries(connection):
            seq += 1
            if row.seq != seq:
                return Verification(seq - 1, seq, Fault.MISSING)
            mac = self._mac(before, seq, row.at, row.actor, row.subject, row.action, row.channel, row.result)
            if not hmac.compare_digest(mac, row.mac):
                return Verification(seq - 1, seq, Fault.CHANGED)
            if head and head.seq == seq and head.mac != mac.hex():
                return Verification(seq - 1, seq, Fault.NOT_EXPORTED)
            before = mac
        if head and head.seq > seq:
            return Verification(seq, seq + 1, Fault.END_MISSING)
        if head is None and seq:
            return Verification(seq, seq + 1, Fault.HEAD_MISSING)
        return Verification(seq)

    def _mac(self, before: bytes, seq: int, at: datetime, *said: str) -> bytes:
        return self._keys.mac("audit entry", before + msgspec.json.encode([seq, at, *said]))


async def _entries(connection: AsyncConnection) -> AsyncIterator[Row[tuple[object, ...]]]:
    """Every entry in order, a bounded number in memory."""
    batch = (await connection.execute(select(audit).order_by(audit.c.seq).limit(_BATCH))).all()
    while batch:
        for row in batch:
            yield row
        later = select(audit).where(audit.c.seq > batch[-1].seq).order_by(audit.c.seq).limit(_BATCH)
        batch = (await connection.execute(later)).all()
