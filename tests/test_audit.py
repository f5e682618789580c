"""The audit chain: what was done to it is found, and the first bad entry is named."""

import asyncio
import shutil
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import delete, update

from backend import audit_head
from backend.audit import Audit, Fault, Verification
from backend.audit_head import HeadKeeper, export_head
from backend.database.store import Store
from backend.database.tables import audit, metadata
from backend.keys import Keys

NOW = datetime(2026, 9, 1, 8, 30, tzinfo=UTC)


class House:
    """A database with an audit chain, and the head beside it."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.head = data / "audit.head"
        self.keys = Keys(bytes(32))
        self.store = Store.in_folder(data)
        self.keeper = HeadKeeper(self.keys, self.store, self.head)
        self.audit = Audit(self.keys, lambda: NOW, self.keeper.soon)

    async def record(self, count: int) -> None:
        for number in range(count):
            async with self.store.write() as tx:
                await self.audit.record(
                    tx, actor="system", subject=f"a{number}", action="account.imported", channel="cli"
                )

    async def export(self) -> None:
        await export_head(self.keys, self.store, self.head)

    async def verify(self) -> Verification:
        return await self.audit.verify(self.store, self.head)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    house = House(tmp_path)
    async with house.store.write() as tx:
        await tx.connection.run_sync(metadata.create_all)
    yield house
    await house.keeper.close()
    await house.store.close()


async def test_an_untouched_chain_is_intact(house: House) -> None:
    assert await house.verify() == Verification(0)
    await house.record(5)
    await house.export()
    assert await house.verify() == Verification(5)
    await house.record(2)
    assert await house.verify() == Verification(7), "entries after the exported head are no fault"


async def test_an_entry_lives_and_dies_with_its_act(house: House) -> None:
    async def act_that_fails() -> None:
        async with house.store.write() as tx:
            await house.audit.record(tx, actor="system", subject="a", action="password.set", channel="tui")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await act_that_fails()
    assert (await house.verify()).entries == 0


@pytest.mark.parametrize(
    "change",
    [
        {"result": "ko"},
        {"actor": "other"},
        {"subject": ""},
        {"action": "password.set"},
        {"channel": "web"},
        {"at": NOW.replace(hour=9)},
    ],
    ids=lambda change: next(iter(change)),
)
async def test_an_edited_entry_is_named(house: House, change: dict[str, object]) -> None:
    await house.record(5)
    await house.export()
    async with house.store.write() as tx:
        await tx.connection.execute(update(audit).where(audit.c.seq == 3).values(change))
    assert (await house.verify()).first_bad == 3


@pytest.mark.parametrize("gone", [1, 3])
async def test_a_deleted_entry_is_named(house: House, gone: int) -> None:
    await house.record(5)
    await house.export()
    async with house.store.write() as tx:
        await tx.connection.execute(delete(audit).where(audit.c.seq == gone))
    assert (await house.verify()).first_bad == gone


async def test_reordered_entries_are_named(house: House) -> None:
    await house.record(5)
    await house.export()
    async with house.store.write() as tx:
        for old, new in ((2, 99), (4, 2), (99, 4)):
            await tx.connection.execute(update(audit).where(audit.c.seq == old).values(seq=new))
    assert (await house.verify()).first_bad == 2


async def test_a_truncated_tail_is_found_by_the_head(house: House) -> None:
    await house.record(5)
    await house.export()
    async with house.store.write() as tx:
        await tx.connection.execute(delete(audit).where(audit.c.seq > 3))
    assert (await house.verify()).first_bad == 4
    await house.record(1)
    await house.export()
    assert (await house.verify()).first_bad is not None, "new entries do not hide it, nor does a new export"


async def test_a_database_put_back_from_a_backup_is_found(house: House, tmp_path: Path) -> None:
    await house.record(3)
    with closing(sqlite3.connect(house.data / "perron.sqlite")) as database:
        database.execute("VACUUM INTO ?", [str(tmp_path / "backup")])
    await house.record(3)
    await house.export()
    await house.store.close()
    for old in house.data.glob("perron.sqlite*"):
        old.unlink()
    shutil.copy(tmp_path / "backup", house.data / "perron.sqlite")
    again = House(house.data)
    assert (await again.verify()).first_bad == 4
    async with again.store.write() as tx:
        for _ in range(5):
            await again.audit.record(tx, actor="other", subject="", action="password.set", channel="tui")
    await again.export()
    assert (await again.verify()).first_bad == 6, "it grew past the head, which is not of this chain"
    await again.store.close()


@pytest.mark.parametrize("content", [b"", b"{}", b'{"seq":2,"mac":"00","seal":"00"}'])
async def test_a_forged_head_is_found(house: House, content: bytes) -> None:
    await house.record(2)
    house.head.write_bytes(content)
    assert (await house.verify()).first_bad == 1
    await house.export()
    assert house.head.read_bytes() == content, "it is evidence"


async def test_a_missing_head_is_told(house: House) -> None:
    await house.record(2)
    assert (await house.verify()).first_bad == 3


async def test_the_head_follows_the_commits(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_head, "EVERY_SECONDS", 0.01)
    await house.record(3)
    async with asyncio.timeout(5):
        while not house.head.exists() or b'"seq":3' not in house.head.read_bytes():
            await asyncio.sleep(0.01)
    assert [file.name for file in house.data.glob(".audit.head*")] == []


async def test_who_only_looks_leaves_the_evidence(house: House) -> None:
    await house.record(2)
    await house.keeper.close()
    house.head.unlink()
    looking = House(house.data)
    assert (await looking.verify()).fault is Fault.HEAD_MISSING
    await looking.keeper.close()
    await looking.store.close()
    assert not house.head.exists()


async def test_closing_exports_at_once(house: House) -> None:
    await house.record(3)
    await house.keeper.close()
    assert b'"seq":3' in house.head.read_bytes()


async def test_parallel_acts_make_one_chain(house: House) -> None:
    await asyncio.gather(*(house.record(4) for _ in range(5)))
    await house.export()
    assert await house.verify() == Verification(20)
