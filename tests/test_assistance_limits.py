"""How many requests are taken, how they are numbered, and how long they are kept."""

from datetime import timedelta
from typing import Any

import pytest

from backend.assistance.number import NumberMisread, number_of, read_number
from backend.assistance.request import KEPT, forget_requests
from backend.database.tables import assistance, mails
from backend.housekeeping import KEPT as MAILS_KEPT
from backend.housekeeping import forget
from tests.asking import DESK, NOBODY, Caller, caller, requests_kept
from tests.backend_house import PEOPLE, START, BackendHouse, paris

pytest_plugins = ["tests.house_fixtures"]


def said(house: BackendHouse, key: str, **values: object) -> str:
    return house.house.library.say(key, "fr", **values)


# ------------------------------------------------------------------------------------------------------------- too many


async def asked(house: BackendHouse, **said: Any) -> Caller:
    person = await caller(house, **said)
    await person.ask()
    return person


async def test_three_a_day_for_one_address(house: BackendHouse) -> None:
    for place in range(3):
        assert (await asked(house, source=f"192.0.2.{place}")).number
    assert len({row.number for row in await requests_kept(house)}) == 3
    person = await asked(house, source="192.0.2.9", institutional=PEOPLE["P009"]["mail_institutionnel"].upper())
    assert person.step.errors == {"": said(house, "assistance_throttled")}
    assert "04 65 71 00 00" in person.step.errors[""]
    assert person.screen.kind == "assistance_contact", "before anything more is typed in vain"
    house.clock.move(days=1)
    assert (await asked(house, source="192.0.2.9")).number


async def test_ten_a_day_from_one_place(house: BackendHouse) -> None:
    for place in range(10):
        assert (await asked(house, institutional=f"personne.{place}@univ-exemple.example")).number
    person = await asked(house, institutional=NOBODY)
    assert person.step.errors == {"": said(house, "assistance_throttled")}
    assert (await asked(house, institutional=NOBODY, source="192.0.2.2")).number


async def test_who_waits_at_the_last_screen_meanwhile_is_refused_there(house: BackendHouse) -> None:
    late = await caller(house, source="192.0.2.200")
    await late.ask("assistance_identity")
    for place in range(3):
        await asked(house, source=f"192.0.2.{place}")
    step = await late.ask()
    assert step.errors == {"": said(house, "assistance_throttled")}
    assert len(await requests_kept(house)) == 3


async def test_nobody_s_mailbox_is_filled_with_confirmations(house: BackendHouse) -> None:
    victim = "quelquun@example.org"
    for place in range(12):
        await asked(
            house,
            source=f"192.0.2.{place}",
            institutional=f"personne.{place}@univ-exemple.example",
            personal=victim,
        )
    assert len(await house.mails(victim)) == 10
    assert len(await house.mails(DESK)) == 12, "the desk hears of every one"


# ---------------------------------------------------------------------------------------------------- numbers and years


def test_a_number_is_read_as_people_say_it() -> None:
    assert number_of(2026, 42) == "A-2026-00042-5"
    for typed in ("a-2026-00042-5", "A 2026 00042 5", "2026000425", "A‑2026‑00042‑5", "A.2026.00042.5"):
        assert read_number(typed) == "A-2026-00042-5"
    assert read_number(number_of(2026, 123456)) == number_of(2026, 123456)


def test_a_digit_misheard_is_noticed() -> None:
    digits = "2026000425"
    for place, digit in enumerate(digits):
        for other in set("0123456789") - {digit}:
            with pytest.raises(NumberMisread):
                read_number(digits[:place] + other + digits[place + 1 :])
    for place in range(len(digits) - 1):
        swapped = digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]
        if swapped != digits:
            with pytest.raises(NumberMisread):
                read_number(swapped)
    for typed in ("", "42", "B-2026-00042-5", "A-2026-42-5", "A-2026-00042", "٢٠٢٦٠٠٠٤٢٥"):
        with pytest.raises(NumberMisread):
            read_number(typed)


async def test_the_count_begins_again_with_the_year_of_the_institution(house: BackendHouse) -> None:
    house.clock.set(paris("2026-12-31 23:59:59"))
    assert (await asked(house)).number == number_of(2026, 1)
    house.clock.set(paris("2027-01-01 00:00:00"))
    assert (await asked(house)).number == number_of(2027, 1)


async def test_the_count_goes_on_past_five_digits(house: BackendHouse) -> None:
    await asked(house)
    async with house.house.store.write() as tx:
        await tx.connection.execute(assistance.update().values(number=number_of(2026, 99_999)))
    assert (await asked(house)).number == number_of(2026, 100_000)
    assert (await asked(house)).number == number_of(2026, 100_001)


async def test_a_year_later_nothing_of_it_is_left(house: BackendHouse) -> None:
    await asked(house)
    await house.mails(DESK)
    about_nobody = (mails.c.account_id.is_(None),)
    assert await house.count(mails, *about_nobody) == 2
    house.clock.move(days=31)
    async with house.house.store.write() as tx:
        await forget(tx, house.clock() - MAILS_KEPT)
        await forget_requests(tx, house.clock())
    assert await house.count(mails, *about_nobody) == 0
    assert len(await requests_kept(house)) == 1
    house.clock.set(START + KEPT + timedelta(seconds=1))
    async with house.house.store.write() as tx:
        await forget_requests(tx, house.clock())
    assert not await requests_kept(house)
