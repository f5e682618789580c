"""One writer at a time, all or nothing, and what follows a commit follows only a commit."""

import asyncio
import sqlite3
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select, text
from sqlalchemy.exc import IntegrityError

from backend.database import store as store_module
from backend.database.store import Store, StoreUnavailable, Transaction
from backend.database.tables import metadata, throttles
from tests.busy import keep_busy

NOW = datetime(2026, 9, 1, 8, 0, 0, 123456, tzinfo=UTC)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = Store.in_folder(tmp_path)
    async with store.write() as tx:
        await tx.connection.run_sync(metadata.create_all)
    yield store
    await store.close()


async def add(tx: Transaction, subject: str) -> None:
    values = {"subject": subject, "failures": 1, "consecutive": 1, "window_began_at": NOW}
    await tx.connection.execute(insert(throttles).values(values))


async def count(store: Store) -> int:
    async with store.read() as connection:
        return int((await connection.execute(select(func.count()).select_from(throttles))).scalar_one())


async def test_a_block_is_committed_whole_or_not_at_all(store: Store) -> None:
    async def fail() -> None:
        async with store.write() as tx:
            await add(tx, "lost")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    assert await count(store) == 0
    async with store.write() as tx:
        await add(tx, "kept")
    assert await count(store) == 1


async def test_what_follows_a_commit_waits_for_it(store: Store) -> None:
    told: list[str] = []

    async def tell() -> None:
        told.append(f"{await count(store)} there")

    async with store.write() as tx:
        await add(tx, "a")
        tx.after_commit(tell)
        tx.after_commit(lambda: told.append("and a plain function"))
        assert told == []
    assert told == ["1 there", "and a plain function"]


async def test_nothing_follows_a_failure(store: Store) -> None:
    told: list[str] = []

    async def fail() -> None:
        async with store.write() as tx:
            tx.after_commit(lambda: told.append("told"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    assert told == []


async def test_writers_take_turns_and_lose_nothing(store: Store) -> None:
    async def add_one(number: int) -> None:
        async with store.write() as tx:
            present = (await tx.connection.execute(select(func.count()).select_from(throttles))).scalar_one()
            await add(tx, f"{present}")

    await asyncio.gather(*(add_one(number) for number in range(30)))
    assert await count(store) == 30


async def test_readers_do_not_wait_for_a_writer(store: Store) -> None:
    async with store.write() as tx:
        await add(tx, "not yet")
        assert await count(store) == 0


async def test_a_lock_held_by_another_program_is_told_in_time(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_module, "BUSY_SECONDS", 1)
    impatient = Store.in_folder(tmp_path)
    holder = sqlite3.connect(tmp_path / "perron.sqlite", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    began = time.monotonic()
    with pytest.raises(StoreUnavailable):
        async with impatient.write() as tx:
            await add(tx, "never")
    assert time.monotonic() - began < 4
    holder.execute("ROLLBACK")
    holder.close()
    async with impatient.write() as tx:
        await add(tx, "later")
    await impatient.close()
    assert await count(store) == 1


async def test_whoever_insists_is_served_once_the_database_is_back(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_busy(monkeypatch, store, 1, 2, 3)
    await store.insist(lambda tx: add(tx, "late"))
    assert await count(store) == 1


async def test_nobody_insists_on_what_is_worth_nothing_any_more(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    keep_busy(monkeypatch, store, 1, 2, 3)
    worth = iter((True, False))
    with pytest.raises(StoreUnavailable):
        await store.insist(lambda tx: add(tx, "never"), lambda: next(worth))
    assert await count(store) == 0


async def test_nobody_who_insists_holds_up_the_end(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    keep_busy(monkeypatch, store, 1, 2)
    monkeypatch.setattr(store_module, "_FIRST_PAUSE", 3600)
    insisting = asyncio.create_task(store.insist(lambda tx: add(tx, "never")))
    await asyncio.sleep(0)
    store.stop_insisting()
    async with asyncio.timeout(5):
        with pytest.raises(StoreUnavailable):
            await insisting


async def test_a_kill_in_mid_transaction_leaves_the_last_commit(store: Store, tmp_path: Path) -> None:
    program = """
import asyncio, os, signal, sys
from pathlib import Path
from backend.database.store import Store
from sqlalchemy import text

async def die():
    async with Store.in_folder(Path(sys.argv[1])).write() as tx:
        await tx.connection.execute(text("DELETE FROM throttles"))
        os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(die())
"""
    async with store.write() as tx:
        await add(tx, "kept")
    ended = subprocess.run([sys.executable, "-c", program, str(tmp_path)], timeout=60, check=False)
    assert ended.returncode == -9
    assert await count(store) == 1
    async with store.read() as connection:
        assert (await connection.execute(text("PRAGMA integrity_check"))).scalar_one() == "ok"


async def test_every_connection_is_durable(store: Store) -> None:
    async with store.write() as tx:
        answers = [
            (await tx.connection.execute(text(f"PRAGMA {name}"))).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    assert answers == ["wal", 2, 1]


async def test_an_instant_comes_back_to_the_microsecond(store: Store) -> None:
    async with store.write() as tx:
        await add(tx, "a")
    async with store.read() as connection:
        (found,) = (await connection.execute(select(throttles.c.window_began_at))).scalars()
        later = (
            select(func.count())
            .select_from(throttles)
            .where(throttles.c.window_began_at > NOW - timedelta(microseconds=1))
        )
        assert (await connection.execute(later)).scalar_one() == 1
    assert found == NOW
    assert found.tzinfo is UTC


async def test_no_value_is_in_the_message_of_a_database_error(store: Store) -> None:
    async def add_twice() -> None:
        async with store.write() as tx:
            await add(tx, "s3cret-subject")
            await add(tx, "s3cret-subject")

    with pytest.raises(IntegrityError, match="UNIQUE") as told:
        await add_twice()
    assert "s3cret" not in str(told.value)
