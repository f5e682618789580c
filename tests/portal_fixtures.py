"""The fixtures of ``registering``, in a plugin of their own: pytest rewrites the asserts of a plugin before anybody
imports it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.backend_house import BackendHouse
from tests.registering import Moody, open_portal


@pytest.fixture
async def portal(tmp_path: Path) -> AsyncIterator[BackendHouse]:
    """The address is proved first, as shipped."""
    async with open_portal(tmp_path / "data") as house:
        yield house


@pytest.fixture
async def guide(tmp_path: Path) -> AsyncIterator[BackendHouse]:
    """The order of the paper guide: the address is proved last."""
    async with open_portal(tmp_path / "data", address_first=False) as house:
        yield house


@pytest.fixture(params=[True, False], ids=["address first", "address last"])
async def either(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[BackendHouse]:
    """One after the other."""
    async with open_portal(tmp_path / "data", address_first=request.param) as house:
        yield house


@pytest.fixture
def moody(portal: BackendHouse) -> Moody:
    register = Moody()
    object.__setattr__(portal.house, "register", register)
    return register
