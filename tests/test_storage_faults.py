"""The database is locked or full: a problem within five seconds, nothing half written, and all well afterwards."""

import asyncio
import resource
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from api_client import contract
from tests.backend_house import BackendHouse
from tests.robot import robot

pytest_plugins = ["tests.house_fixtures"]

BEGIN = contract.encode(contract.Begin(journey="activation-letter"))
_HOLD = """
import sqlite3, sys, time
held = sqlite3.connect(sys.argv[1], isolation_level=None)
held.execute("BEGIN EXCLUSIVE")
print("held", flush=True)
time.sleep(float(sys.argv[2]))
held.execute("ROLLBACK")
"""


async def begin(browser: httpx.AsyncClient) -> tuple[httpx.Response, float]:
    """One request that writes, and how many seconds it took."""
    begun = time.monotonic()
    response = await browser.post("/v1/enrolments", content=BEGIN)
    return response, time.monotonic() - begun


def assert_is_put_off(response: httpx.Response) -> None:
    problem = contract.decode(response.content, contract.Problem)
    assert (response.status_code, problem.type) == (503, "unavailable")
    assert response.headers["content-type"] == "application/problem+json"
    assert int(response.headers["retry-after"]) >= 1


@pytest.mark.slow
async def test_a_database_locked_by_another_program_is_told_within_five_seconds(house: BackendHouse) -> None:
    """Ten requests at once: those behind the first one do not wait for its wait on top of their own."""
    file = house.data / "perron.sqlite"
    with subprocess.Popen([sys.executable, "-c", _HOLD, str(file), "6"], stdout=subprocess.PIPE) as other:
        assert other.stdout
        assert other.stdout.readline() == b"held\n"
        async with house.http() as browser:
            looked_up = await browser.get("/v1/health")  # who only reads need not wait (WAL)
            assert looked_up.status_code == 200
            for response, took in await asyncio.gather(*(begin(browser) for _ in range(10))):
                assert_is_put_off(response)
                assert took < 5
            await asyncio.to_thread(other.wait, 10)
            response, took = await begin(browser)
            assert response.status_code == 201
            assert took < 2


@contextmanager
def no_file_grows_beyond(size: int) -> Iterator[None]:
    """What a full disk is to SQLite: a write that fails (EFBIG where a disk would say ENOSPC)."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


async def test_a_full_disk_loses_nothing_and_is_left_behind(house: BackendHouse) -> None:
    one = await robot(house, "P001", "charter")
    before = one.screen.enrolment
    answer = contract.CharterAnswer(accepted=True, sha256=one.screen.step.sha256)  # type: ignore[union-attr]
    headers = {"authorization": f"Bearer {one.screen.token.reveal()}", "if-match": f'"{before.revision}"'}
    address = f"/v1/enrolments/{before.id}/answers"
    wal = house.data / "perron.sqlite-wal"
    async with house.http() as browser:
        with no_file_grows_beyond(wal.stat().st_size):
            for _ in range(3):
                response = await browser.post(address, content=contract.encode(answer), headers=headers)
                assert_is_put_off(response)
        await one.screen.look()
        assert one.screen.enrolment == before
        response = await browser.post(address, content=contract.encode(answer), headers=headers)
        assert contract.decode(response.content, contract.Enrolment).revision == before.revision + 1
    assert integrity(house.data) == "ok"


def integrity(data: Path) -> str:
    with sqlite3.connect(data / "perron.sqlite") as found:
        return str(found.execute("PRAGMA integrity_check").fetchone()[0])
