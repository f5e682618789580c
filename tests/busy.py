"""A database that is busy now and then: which writes find it so, a test says."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from backend.database import store as store_module
from backend.database.store import Store, StoreUnavailable, Transaction


def keep_busy(monkeypatch: pytest.MonkeyPatch, store: Store, *turns: int) -> None:
    """The writes of these numbers, counted from one from now on, come in vain; whoever insists does not pause."""
    write, made = store.write, 0

    @asynccontextmanager
    async def write_or_not() -> AsyncIterator[Transaction]:
        nonlocal made
        made += 1
        if made in turns:
            raise StoreUnavailable("busy")
        async with write() as tx:
            yield tx

    monkeypatch.setattr(store, "write", write_or_not)
    monkeypatch.setattr(store_module, "_FIRST_PAUSE", 0)
