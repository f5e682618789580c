"""The fixtures of ``backend_house``, in a plugin of their own: pytest rewrites the asserts of a plugin before anybody
imports it."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.backend_house import START, BackendHouse, MovableClock, open_house


@pytest.fixture(scope="session")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with all sixty people, imported at START once for every test; their mails have left."""
    data = tmp_path_factory.mktemp("imported") / "data"

    async def fill() -> None:
        async with open_house(data) as house:
            await house.deliver()

    with asyncio.Runner() as runner:
        runner.run(fill())
    return data


@pytest.fixture
async def house(imported: Path, tmp_path: Path) -> AsyncIterator[BackendHouse]:
    """All sixty people, at START."""
    shutil.copytree(imported, tmp_path / "data")
    house = BackendHouse(tmp_path / "data", MovableClock(START))
    yield house
    await house.close()
