"""Tries are counted before the secret is weighed, atomically, with the numbers of security.md §2 and domain.md §3.4."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from backend.database.store import Store
from backend.database.tables import metadata, throttles
from backend.keys import Keys
from backend.throttle import (
    ALLOWANCES,
    CODE,
    DESTINATION,
    LINK_PAGE,
    PASSWORD_ACCOUNT,
    PASSWORD_PAIR,
    PROVISIONAL_ACCOUNT,
    PROVISIONAL_PAIR,
    RESEND,
    RESEND_ACCOUNT,
    SOURCE,
    VOID_LETTER_AFTER,
    Allowance,
    Throttle,
    Try,
    Wait,
)
from tests.counting import Tally

pytest_plugins = ["tests.counting_fixtures"]

PAIR = ("p00000400013", "192.0.2.1")


class Day:
    """A clock that a test moves, and a throttle that reads it."""

    def __init__(self, data: Path) -> None:
        self.now = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
        self.store = Store.in_folder(data)
        self.throttle = Throttle(Keys(bytes(32)), lambda: self.now)

    def pass_(self, **time: float) -> None:
        self.now += timedelta(**time)

    async def try_(self, allowance: Allowance, *parts: str) -> Wait | None:
        return await self.try_all((allowance, *parts))

    async def try_all(self, *tries: Try) -> Wait | None:
        async with self.store.write() as tx:
            return await self.throttle.count_all(tx, *tries)

    async def counted(self, allowance: Allowance, *parts: str) -> int:
        async with self.store.read() as connection:
            return await self.throttle.consecutive(connection, allowance, *parts)

    async def tries_until_refused(self, allowance: Allowance, *parts: str) -> int:
        for allowed in range(1000):
            if await self.try_(allowance, *parts):
                return allowed
        raise AssertionError("never refused")

    async def count_rows(self) -> int:
        async with self.store.read() as connection:
            return (await connection.execute(select(func.count()).select_from(throttles))).scalar_one()


@pytest.fixture
async def day(tmp_path: Path) -> AsyncIterator[Day]:
    day = Day(tmp_path)
    async with day.store.write() as tx:
        await tx.connection.run_sync(metadata.create_all)
    yield day
    await day.store.close()


async def test_five_are_free_then_each_one_waits_twice_as_long_up_to_an_hour(day: Day) -> None:
    assert await day.tries_until_refused(PROVISIONAL_PAIR, *PAIR) == 5
    for minutes in (1, 2, 4, 8, 16, 32, 60, 60):
        wait = await day.try_(PROVISIONAL_PAIR, *PAIR)
        assert wait == Wait(day.now + timedelta(minutes=minutes))
        day.now = wait.until - timedelta(seconds=1)
        assert await day.try_(PROVISIONAL_PAIR, *PAIR) == wait, "insisting costs nothing and gains nothing"
        day.now = wait.until
        assert await day.try_(PROVISIONAL_PAIR, *PAIR) is None


async def test_no_24_hours_see_more_than_25(day: Day) -> None:
    weighed: list[datetime] = []
    while len(weighed) < 80:
        wait = await day.try_(PROVISIONAL_PAIR, *PAIR)
        if wait:
            day.now = wait.until
        else:
            weighed.append(day.now)
    assert all(last - first >= timedelta(hours=24) for first, last in zip(weighed, weighed[25:], strict=False))


async def test_the_right_one_forgets_the_wrong_ones(day: Day) -> None:
    await day.tries_until_refused(PROVISIONAL_PAIR, *PAIR)
    async with day.store.write() as tx:
        await day.throttle.succeed(tx, PROVISIONAL_PAIR, *PAIR)
    assert await day.tries_until_refused(PROVISIONAL_PAIR, *PAIR) == 5


async def test_a_stranger_elsewhere_does_not_keep_the_person_out(day: Day) -> None:
    await day.tries_until_refused(PROVISIONAL_PAIR, "p00000400013", "203.0.113.9")
    assert await day.try_(PROVISIONAL_PAIR, "p00000400013", "192.0.2.1") is None
    assert await day.try_(PROVISIONAL_PAIR, "p00000400026", "203.0.113.9") is None


async def test_parts_do_not_run_into_each_other(day: Day) -> None:
    await day.tries_until_refused(PROVISIONAL_PAIR, "ab", "c")
    assert await day.try_(PROVISIONAL_PAIR, "a", "bc") is None


async def test_a_hundred_in_a_row_are_seen_whatever_the_time_between(day: Day) -> None:
    for number in range(1, VOID_LETTER_AFTER + 1):
        assert await day.try_(PROVISIONAL_ACCOUNT, "p00000400013") is None
        async with day.store.read() as connection:
            assert await day.throttle.consecutive(connection, PROVISIONAL_ACCOUNT, "p00000400013") == number
        day.pass_(hours=20)
    assert await day.count_rows() == 1


@pytest.mark.parametrize(
    ("allowance", "most", "within"),
    [
        (SOURCE, 30, timedelta(minutes=5)),
        (LINK_PAGE, 30, timedelta(minutes=5)),
        (DESTINATION, 10, timedelta(hours=24)),
        (CODE, 30, timedelta(hours=1)),
    ],
    ids=lambda value: getattr(value, "kind", None),
)
async def test_a_budget_comes_back_when_its_window_ends(
    day: Day, allowance: Allowance, most: int, within: timedelta
) -> None:
    began = day.now
    assert await day.tries_until_refused(allowance, "x") == most
    day.pass_(seconds=30)
    assert await day.try_(allowance, "x") == Wait(began + within)
    day.now = began + within
    assert await day.tries_until_refused(allowance, "x") == most


async def test_a_mail_is_sent_again_once_a_minute_and_five_times_an_hour(day: Day) -> None:
    began = day.now
    for _ in range(5):
        assert await day.try_(RESEND, "e1") is None
        assert await day.try_(RESEND, "e1") is not None
        day.pass_(minutes=1)
    assert await day.try_(RESEND, "e1") == Wait(began + timedelta(hours=1))


async def test_an_account_gets_three_mails_an_hour_and_ten_a_day(day: Day) -> None:
    began, sent = day.now, 0
    while day.now < began + timedelta(hours=24):
        sent += await day.try_(RESEND_ACCOUNT, "a1") is None
        day.pass_(minutes=10)
        assert sent <= 3 * (1 + (day.now - began) // timedelta(hours=1))
    assert sent == 10


async def test_parallel_tries_gain_nothing(day: Day) -> None:
    answers = await asyncio.gather(*(day.try_(PROVISIONAL_PAIR, *PAIR) for _ in range(40)))
    assert answers.count(None) == 5


PASSWORD: tuple[Try, ...] = ((SOURCE, PAIR[1]), (PASSWORD_PAIR, *PAIR), (PASSWORD_ACCOUNT, PAIR[0]))


async def test_a_try_that_counts_in_several_ways_counts_in_all_of_them(day: Day) -> None:
    for number in range(1, 4):
        assert await day.try_all(*PASSWORD) is None
        assert [await day.counted(*one) for one in PASSWORD] == [number] * 3
    assert await day.count_rows() == 3


@pytest.mark.parametrize("refusing", range(3), ids=["place", "login at the place", "login"])
async def test_a_try_that_one_limit_refuses_counts_for_no_other(day: Day, refusing: int) -> None:
    """Or one place could fill the limit of a login that is tried from everywhere."""
    await day.tries_until_refused(*PASSWORD[refusing])
    before = [await day.counted(*one) for one in PASSWORD]
    for _ in range(5):
        assert await day.try_all(*PASSWORD) is not None
    assert [await day.counted(*one) for one in PASSWORD] == before
    assert await day.count_rows() == 1, "and leaves no trace of the login"


async def test_of_several_waits_the_longest_is_told(day: Day) -> None:
    await day.tries_until_refused(SOURCE, PAIR[1])
    await day.tries_until_refused(PASSWORD_PAIR, *PAIR)
    assert await day.try_all(*PASSWORD) == Wait(day.now + timedelta(minutes=5))
    assert await day.try_all(*reversed(PASSWORD)) == Wait(day.now + timedelta(minutes=5))


async def test_parallel_tries_that_count_in_several_ways_gain_nothing(day: Day) -> None:
    answers = await asyncio.gather(*(day.try_all(*PASSWORD) for _ in range(12)))
    assert answers.count(None) == 5


async def test_a_try_costs_the_same_whoever_was_tried_before(day: Day, tally: Tally) -> None:
    """A login never named, one named from elsewhere, one named from here: the same statements (domain.md §3.3)."""
    await day.try_(SOURCE, PAIR[1])
    costs = []
    for elsewhere in (False, True, False):
        if elsewhere:
            await day.try_(PASSWORD_ACCOUNT, "p00000400026")
        name = "p00000400026" if elsewhere else PAIR[0]
        tally.empty()
        await day.try_all((SOURCE, PAIR[1]), (PASSWORD_PAIR, name, PAIR[1]), (PASSWORD_ACCOUNT, name))
        costs.append([sql for sql, _ in tally.statements])
    assert costs[0] == costs[1] == costs[2]


async def test_looking_counts_nothing(day: Day) -> None:
    async with day.store.read() as connection:
        assert await day.throttle.waiting(connection, PROVISIONAL_PAIR, *PAIR) is None
    await day.tries_until_refused(PROVISIONAL_PAIR, *PAIR)
    async with day.store.read() as connection:
        assert await day.throttle.waiting(connection, PROVISIONAL_PAIR, *PAIR) == Wait(day.now + timedelta(minutes=1))


async def test_nothing_is_kept_in_clear(day: Day) -> None:
    await day.try_(PROVISIONAL_PAIR, *PAIR)
    async with day.store.read() as connection:
        subject = (await connection.execute(select(throttles.c.subject))).scalar_one()
    assert len(subject) == 64
    assert int(subject, 16)


async def test_old_rows_are_swept(day: Day) -> None:
    await day.tries_until_refused(SOURCE, "x")
    async with day.store.write() as tx:
        await day.throttle.sweep(tx)
    assert await day.count_rows() == 1
    day.pass_(days=61)
    async with day.store.write() as tx:
        await day.throttle.sweep(tx)
    assert await day.count_rows() == 0


def test_every_allowance_says_where_its_numbers_come_from() -> None:
    assert all(source.startswith(("security.md", "domain.md", "ours: ")) for source in ALLOWANCES.values())
    assert len({allowance.kind for allowance in ALLOWANCES}) == len(ALLOWANCES)
