"""The fixture ``tally``, in a plugin of its own: pytest rewrites the asserts of a plugin before anybody imports it."""

from typing import Any

import pytest

from backend.database import sqlite_driver
from backend.hashing import Hasher
from tests.counting import Tally


@pytest.fixture
def tally(monkeypatch: pytest.MonkeyPatch) -> Tally:
    tally = Tally()
    run, commit, hashed = sqlite_driver.Connection._run, sqlite_driver.Connection.commit, Hasher._run

    def counted_run(self: Any, how: str, sql: str, parameters: Any) -> Any:
        if not sql.startswith("PRAGMA"):  # those are a new connection's, which is kept
            tally.statements.append((sql, parameters))
        return run(self, how, sql, parameters)

    async def counted_commit(self: Any) -> None:
        tally.commits += 1
        await commit(self)

    async def counted_hash(self: Any, work: Any) -> Any:
        tally.hashes += 1
        return await hashed(self, work)

    monkeypatch.setattr(sqlite_driver.Connection, "_run", counted_run)
    monkeypatch.setattr(sqlite_driver.Connection, "commit", counted_commit)
    monkeypatch.setattr(Hasher, "_run", counted_hash)
    return tally
