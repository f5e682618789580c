"""Tries that were made before a test begins, so that it makes none but the last ones itself."""

from backend.throttle import Allowance
from tests.backend_house import BackendHouse


async def tried(house: BackendHouse, times: int, allowance: Allowance, *parts: str) -> None:
    """That many were counted, none of which was the right one."""
    async with house.house.store.write() as tx:
        for _ in range(times):
            assert await house.house.throttle.count(tx, allowance, *parts) is None, "one too many for this test"


async def counted(house: BackendHouse, allowance: Allowance, *parts: str) -> int:
    """How many were, since the last that was right."""
    async with house.house.store.read() as connection:
        return await house.house.throttle.consecutive(connection, allowance, *parts)
