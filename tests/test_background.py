"""Work that nobody waits for: what goes wrong in one round is said, and the next one comes all the same."""

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any

import pytest
from structlog.testing import capture_logs
from structlog.typing import EventDict

from backend import housekeeping
from backend.background import one_round
from backend.database.store import StoreUnavailable
from backend.housekeeping import keep_house
from backend.mail import post
from backend.portal import resumption
from backend.provisioning import DirectoryUnavailable
from tests.backend_house import BackendHouse

pytest_plugins = ["tests.portal_fixtures"]


class Faulty:
    """Stands in for what a loop does: a fault of ours, a database that is busy, a directory that is down; then well."""

    def __init__(self) -> None:
        self._faults = [RuntimeError("a fault of ours"), StoreUnavailable(), DirectoryUnavailable()]
        self.well = asyncio.Event()

    async def __call__(self, *_: object) -> list[Any]:
        if self._faults:
            raise self._faults.pop(0)
        self.well.set()
        return []


async def logged(work: Coroutine[Any, Any, None], until: asyncio.Event) -> Sequence[EventDict]:
    """What ``work``, which has no end of its own, says until that happens."""
    with capture_logs() as logs:
        task = asyncio.create_task(work)
        happened = asyncio.create_task(until.wait())
        await asyncio.wait({task, happened}, timeout=5, return_when=asyncio.FIRST_COMPLETED)
        assert not task.done(), "the loop has ended, and nobody was told"
        assert happened.done()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    return logs


def assert_told(logs: Sequence[EventDict], work: str) -> None:
    assert [one["event"] for one in logs] == ["round_failed", f"{work}_put_off", f"{work}_put_off"]
    assert [one["log_level"] for one in logs] == ["error", "warning", "warning"]
    assert logs[0]["work"] == work
    assert isinstance(logs[0]["exc_info"], RuntimeError)


@pytest.mark.parametrize(("part", "work"), [("_sweep", "housekeeping"), ("end_contracts", "ends_of_contracts")])
async def test_housekeeping_goes_on_whatever_a_part_of_it_meets(
    portal: BackendHouse, monkeypatch: pytest.MonkeyPatch, part: str, work: str
) -> None:
    faulty = Faulty()
    monkeypatch.setattr(housekeeping, "EVERY_SECONDS", 0.0)
    monkeypatch.setattr(housekeeping, part, faulty)
    assert_told(await logged(keep_house(portal.house), faulty.well), work)


async def test_contracts_end_though_the_sweep_fails(portal: BackendHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    ended = asyncio.Event()

    async def end_contracts(*_: object) -> None:
        ended.set()

    monkeypatch.setattr(housekeeping, "_sweep", Faulty())
    monkeypatch.setattr(housekeeping, "end_contracts", end_contracts)
    await logged(keep_house(portal.house), ended)


async def test_mails_left_behind_are_looked_for_whatever_a_round_meets(
    portal: BackendHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    faulty = Faulty()
    monkeypatch.setattr(post, "SWEEP_SECONDS", 0.0)
    monkeypatch.setattr(portal.house.post, "_left_behind", faulty)
    assert_told(await logged(portal.house.post._sweep_now_and_then(), faulty.well), "mail_sweep")


async def test_the_register_is_asked_again_whatever_a_round_meets(
    portal: BackendHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    faulty = Faulty()
    monkeypatch.setattr(resumption, "SWEEP_SECONDS", 0.0)
    monkeypatch.setattr(portal.house.inquiries, "due", faulty)
    assert_told(await logged(portal.parts.resumption._look_now_and_then(), faulty.well), "register_inquiries")


async def test_a_round_is_no_obstacle_to_the_end_of_the_service() -> None:
    with pytest.raises(asyncio.CancelledError), one_round("anything"):
        raise asyncio.CancelledError
