"""The end of the audit chain, kept beside the database: without it nobody could tell that the last entries are gone.

``DIR/audit.head`` holds the last entry's number and MAC, under a MAC of its own. Copy it to another machine as often as
you like: an old copy still proves every entry up to its number.
"""

import asyncio
import hmac
import os
from contextlib import suppress
from pathlib import Path

import msgspec
from msgspec import Struct
from sqlalchemy import select

from backend.database.store import Store, StoreUnavailable
from backend.database.tables import audit
from backend.keys import Keys

EVERY_SECONDS = 1.0
"""How often the head is written at most, while entries come in."""


class Head(Struct, frozen=True, forbid_unknown_fields=True):
    """Number and MAC (hexadecimal) of the last entry; ``seal`` authenticates the two."""

    seq: int
    mac: str
    seal: str


class HeadDamaged(Exception):
    """The file is there and is no head of ours."""


def read_head(keys: Keys, file: Path) -> Head | None:
    """The exported head; None when there is no file yet. Raises HeadDamaged."""
    try:
        head = msgspec.json.decode(file.read_bytes(), type=Head)
    except FileNotFoundError:
        return None
    except msgspec.MsgspecError as error:
        raise HeadDamaged(str(file)) from error
    if not hmac.compare_digest(head.seal, _seal(keys, head.seq, head.mac)):
        raise HeadDamaged(str(file))
    return head


async def export_head(keys: Keys, store: Store, file: Path) -> None:
    """Write the database's last entry to ``file``, atomically.

    A head that does not belong to this chain, or is ahead of it, stays: it is the evidence that entries were lost.
    """
    try:
        known = read_head(keys, file)
    except HeadDamaged:
        return
    wanted = audit.select().order_by(audit.c.seq.desc()).limit(1)
    async with store.read() as connection:
        last = (await connection.execute(wanted)).one_or_none()
        if last is None or (known and known.seq >= last.seq):
            return
        if known:
            there = select(audit.c.mac).where(audit.c.seq == known.seq)
            if (mac := (await connection.execute(there)).scalar_one_or_none()) is None or mac.hex() != known.mac:
                return
    head = Head(last.seq, last.mac.hex(), _seal(keys, last.seq, last.mac.hex()))
    await asyncio.to_thread(_replace, file, msgspec.json.encode(head) + b"\n")


class HeadKeeper:
    """Exports the head soon after entries were committed, at most once in EVERY_SECONDS, and when it is closed."""

    def __init__(self, keys: Keys, store: Store, file: Path) -> None:
        self._keys = keys
        self._store = store
        self._file = file
        self._due = False
        self._closing = asyncio.Event()
        self._exports: asyncio.Task[None] | None = None

    def soon(self) -> None:
        """Entries were committed."""
        self._due = True
        if self._exports is None or self._exports.done():
            self._exports = asyncio.create_task(self._export_while_due())

    async def export(self) -> None:
        """Now, whatever happened before."""
        self._due = False  # before the reading: what is committed meanwhile is due again
        try:
            await export_head(self._keys, self._store, self._file)
        except BaseException:
            self._due = True
            raise

    async def close(self) -> None:
        """Export what is not exported yet, now. Who only looked leaves the file as it is."""
        self._closing.set()
        if self._exports is not None:
            await self._exports
        if self._due:
            await self.export()

    async def _export_while_due(self) -> None:
        while self._due and not self._closing.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(self._closing.wait(), EVERY_SECONDS)
            with suppress(StoreUnavailable, OSError):  # the entries are safe; the next second, or closing, tries again
                await self.export()


def _seal(keys: Keys, seq: int, mac: str) -> str:
    return keys.mac("audit head", f"{seq} {mac}".encode()).hex()


def _replace(file: Path, content: bytes) -> None:
    draft = file.with_name(f".{file.name}-{os.getpid()}")
    with draft.open("wb") as target:
        target.write(content)
        target.flush()
        os.fsync(target.fileno())
    draft.replace(file)
