"""The database: many readers, one writer at a time, and what must happen once a transaction is committed.

SQLite runs in WAL mode with ``BEGIN IMMEDIATE`` for every write, so that a transaction never fails half way for
want of the
lock; writers of this process queue in order before it (measured: competing writers starve, one queue does not).
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from math import ceil
from pathlib import Path
from time import monotonic
from typing import Any, TypeVar

import aiosqlite
import structlog
from sqlalchemy import event, make_url
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from backend.database.sqlite_driver import Connection

BUSY_SECONDS = 4
"""How long a write waits, for its turn and for a lock of another process together, before the service is said busy."""
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0
"""Seconds between the tries of whoever insists."""

_T = TypeVar("_T")
_log = structlog.get_logger()


class StoreUnavailable(Exception):
    """The database is locked, full or gone. Nothing was written; trying again later is right."""


class Transaction:
    """The one write transaction of a request, and what to do when it is committed (never if it is not)."""

    def __init__(self, connection: AsyncConnection) -> None:
        self.connection = connection
        self._then: list[Callable[[], Awaitable[None] | None]] = []

    def after_commit(self, act: Callable[[], Awaitable[None] | None]) -> None:
        self._then.append(act)

    async def _run_then(self) -> None:
        for act in self._then:
            if (outcome := act()) is not None:
                await outcome


class Store:
    """One database. ``read()`` and ``write()`` are the only ways in."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._sqlite = url.startswith("sqlite")
        self._readers = self._engine(writes=False)
        self._writer = self._engine(writes=True) if self._sqlite else self._readers
        self._turn = asyncio.Lock()
        self._patience_until = 0.0
        """Of the one who has the turn, on the monotonic clock."""
        self._stops = asyncio.Event()

    @classmethod
    def in_folder(cls, data: Path) -> "Store":
        """The SQLite database of a data folder."""
        return cls(f"sqlite+aiosqlite:///{data / 'perron.sqlite'}")

    def _engine(self, *, writes: bool, bound: bool = True) -> AsyncEngine:
        """``bound``: whether what one table says of another is watched."""
        if not self._sqlite:
            return create_async_engine(self.url, pool_pre_ping=True, hide_parameters=True)
        database = make_url(self.url).database or ":memory:"

        async def connect() -> aiosqlite.Connection:
            return await Connection(database)

        engine = create_async_engine(self.url, async_creator=connect, hide_parameters=True)

        @event.listens_for(engine.sync_engine, "connect")
        def prepare(connection: Any, _: Any) -> None:
            connection.isolation_level = None  # the driver begins no transaction of its own
            cursor = connection.cursor()
            for pragma in (
                f"busy_timeout = {BUSY_SECONDS * 1000}",
                "journal_mode = WAL",
                "synchronous = FULL",
                f"foreign_keys = {'ON' if bound else 'OFF'}",
            ):
                cursor.execute(f"PRAGMA {pragma}")
            cursor.close()

        @event.listens_for(engine.sync_engine, "begin")
        def start(connection: Any) -> None:
            if not writes:
                connection.exec_driver_sql("BEGIN")
            elif not connection.connection.driver_connection.begin_at_once():
                connection.exec_driver_sql(f"PRAGMA busy_timeout = {self._patience_left() * 1000}")
                connection.exec_driver_sql("BEGIN IMMEDIATE")

        return engine

    def _patience_left(self) -> int:
        """Of the one who has the turn, in whole seconds: it is told to the database, which is asked less often so."""
        return max(0, ceil(self._patience_until - monotonic()))

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A connection on one consistent view. Raises StoreUnavailable."""
        with _storage_errors():
            async with self._readers.connect() as connection:
                yield connection

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Transaction]:
        """One transaction, committed at the end of the block. Raises StoreUnavailable, and then nothing was written."""
        with _storage_errors():
            async with self._in_turn(), self._writer.begin() as connection:
                transaction = Transaction(connection)
                yield transaction
        await transaction._run_then()

    async def insist(self, act: Callable[[Transaction], Awaitable[_T]], worth: Callable[[], bool] = lambda: True) -> _T:
        """``act`` in one transaction, again after a growing pause while the database cannot: for what was promised, or
        what nobody can be asked for twice. Raises StoreUnavailable once no other try is ``worth`` it, and when the
        service stops."""
        pause = _FIRST_PAUSE
        while True:
            try:
                async with self.write() as tx:
                    return await act(tx)
            except StoreUnavailable as error:
                _log.warning("write_put_off", why=str(error))
                if self._stops.is_set() or not worth():
                    raise
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stops.wait(), pause)
            pause = min(pause * 2, _LONGEST_PAUSE)

    def stop_insisting(self) -> None:
        """The service stops: whoever insists tries once more, and no longer."""
        self._stops.set()

    @asynccontextmanager
    async def reshape(self) -> AsyncIterator[AsyncConnection]:
        """One transaction that changes tables. SQLite does so by another table in the place of the first, which those
        that refer to it must not notice; in the end each of them refers to something, or nothing was changed."""
        engine = self._engine(writes=True, bound=False) if self._sqlite else self._writer
        try:
            with _storage_errors():
                async with self._in_turn(), engine.begin() as connection:
                    yield connection
                    if self._sqlite and (await connection.exec_driver_sql("PRAGMA foreign_key_check")).first():
                        raise IntegrityError("PRAGMA foreign_key_check", None, sqlite3.IntegrityError("dangling"))
        finally:
            if engine is not self._writer:
                await engine.dispose()

    @asynccontextmanager
    async def _in_turn(self) -> AsyncIterator[None]:
        """Those behind a writer that waits for a lock do not wait for its wait and then for their own."""
        patience_until = monotonic() + BUSY_SECONDS
        try:
            async with asyncio.timeout(BUSY_SECONDS):
                await self._turn.acquire()
        except TimeoutError:
            raise StoreUnavailable("turn") from None
        try:
            self._patience_until = patience_until
            yield
        finally:
            self._turn.release()

    async def close(self) -> None:
        await self._readers.dispose()
        if self._writer is not self._readers:
            await self._writer.dispose()


class _storage_errors:  # noqa: N801 - reads as a statement
    """Tells a database that cannot answer from a query that is wrong."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if isinstance(error, OperationalError) or (isinstance(error, DBAPIError) and error.connection_invalidated):
            raise StoreUnavailable(type(error.orig).__name__) from error
