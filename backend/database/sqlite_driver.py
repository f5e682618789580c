"""SQLite where the event loop is, but for what may wait: taking the lock to write, and making a commit last.

aiosqlite does everything in a thread, and goes there four times for one statement: to make a cursor, to execute, to
fetch, to close. Our statements find a few rows by an index in some tens of microseconds; changing threads for them was
two thirds of what an answer cost (measured with ``bench.backend_load``: 2.8 activations a second before, 4.9 after, on
the same busy machine). In WAL mode a read waits for nobody, nor does a write once its transaction has begun.
"""

import sqlite3
from collections.abc import Iterable
from typing import Any

import aiosqlite

_MAY_WAIT = ("BEGIN IMMEDIATE", "PRAGMA")
"""For the lock of another process. (So may a commit, for the disk: aiosqlite's own goes to the thread.)"""


class Cursor:
    """As much of ``aiosqlite.Cursor`` as SQLAlchemy asks for. A statement is executed and fetched whole."""

    arraysize = 1

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection
        self._cursor: sqlite3.Cursor | None = None
        self._rows: list[Any] = []

    async def __aenter__(self) -> "Cursor":
        return self

    async def execute(self, sql: str, parameters: Iterable[Any] = ()) -> None:
        self._cursor, self._rows = await self._connection.run("execute", sql, parameters)

    async def executemany(self, sql: str, parameters: Iterable[Iterable[Any]]) -> None:
        self._cursor, self._rows = await self._connection.run("executemany", sql, parameters)

    async def fetchall(self) -> list[Any]:
        return self._rows

    async def close(self) -> None:
        """Nothing is open: what was found was fetched with it."""

    @property
    def description(self) -> Any:
        return self._cursor.description if self._cursor else None

    @property
    def rowcount(self) -> int:
        return self._cursor.rowcount if self._cursor else -1

    @property
    def lastrowid(self) -> int | None:
        return self._cursor.lastrowid if self._cursor else None


class Connection(aiosqlite.Connection):
    """To one database file; await it to open it. Used by one task at a time, as SQLAlchemy sees to."""

    def __init__(self, database: str) -> None:
        super().__init__(lambda: sqlite3.connect(database, check_same_thread=False), iter_chunk_size=64)
        self._thread.daemon = True  # as SQLAlchemy does for the connections that it makes: the program ends without it

    def cursor(self) -> Cursor:  # type: ignore[override]
        return Cursor(self)

    async def rollback(self) -> None:
        self._conn.rollback()

    def begin_at_once(self) -> bool:
        """Take the lock to write, without another thread since without waiting; False when somebody else has it."""
        try:
            self._conn.execute("PRAGMA busy_timeout = 0")
            self._conn.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
                return False
            raise
        return True

    async def run(self, how: str, sql: str, parameters: Any) -> tuple[sqlite3.Cursor, list[Any]]:
        """One statement, whole: what it left behind, and its rows."""
        if sql.startswith(_MAY_WAIT):
            found: tuple[sqlite3.Cursor, list[Any]]
            found = await self._execute(self._run, how, sql, parameters)  # type: ignore[no-untyped-call]
            return found
        return self._run(how, sql, parameters)

    def _run(self, how: str, sql: str, parameters: Any) -> tuple[sqlite3.Cursor, list[Any]]:
        cursor = self._conn.cursor()
        getattr(cursor, how)(sql, parameters)
        return cursor, cursor.fetchall() if cursor.description else []
