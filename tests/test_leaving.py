"""A screen that says that it leaves: what was given is kept, and its seat opens nothing any more."""

import asyncio

from backend.database.tables import enrolments, seats
from tests.backend_house import PEOPLE, BackendHouse, kind_of, letter
from tests.robot import robot

pytest_plugins = ["tests.house_fixtures"]


async def test_what_was_given_is_kept(house: BackendHouse) -> None:
    """And another screen takes it up at once: nobody is there any more whom it would take it from."""
    one = await robot(house, "P001", "redirection")
    await one.screen.client.leave(one.screen.enrolment, 5)
    assert await house.count(enrolments, enrolments.c.status == "active") == 1, "the journey itself goes on"
    again = await house.begun()
    assert kind_of(await again.login(*letter("P001"))) == "redirection"


async def test_the_seat_opens_nothing_any_more(house: BackendHouse) -> None:
    one = await robot(house, "P001", "charter")
    await one.screen.client.leave(one.screen.enrolment, 5)
    assert await house.count(seats, seats.c.enrolment_id == one.screen.enrolment.id, seats.c.ended_at.is_(None)) == 0
    step = await one.screen.look()
    assert kind_of(step) == "handed_over"
    assert PEOPLE["P001"]["nom"] not in str(step)
    await one.screen.client.leave(one.screen.enrolment, 5)  # twice is once


async def test_whoever_waits_there_is_let_go(house: BackendHouse) -> None:
    """The long poll of the screen that leaves does not hold anything back."""
    one = await robot(house, "P001", "charter")
    waiting = asyncio.create_task(one.screen.client.await_change(one.screen.enrolment, 5))
    await asyncio.sleep(0.05)
    await one.screen.client.leave(one.screen.enrolment, 5)
    changed = await waiting
    assert changed
    assert kind_of(changed.step) == "handed_over"
