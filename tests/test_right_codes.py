"""A code that is right is no guess: thirty an hour from one place are thirty wrong ones (domain.md §3.4)."""

import pytest

from api_client import contract
from api_client.problems import Busy, Refusal
from api_client.secret import Secret
from backend import throttle
from tests.backend_house import PEOPLE, BackendHouse
from tests.robot import robot
from tests.trying import tried

pytest_plugins = ["tests.house_fixtures"]

CAMPUS = "192.0.2.77"
NOBODYS = Secret("ZZZZ-ZZZZ-ZZZZ")


async def test_the_codes_that_let_a_campus_in_are_given_back(house: BackendHouse) -> None:
    """Twenty-nine guesses from there: one is left, and everybody who has a mail comes in by it."""
    await tried(house, 29, throttle.CODE, CAMPUS)
    first, second = [(await house.newest_mail(PEOPLE[one]["mail_secours"])).code for one in ("P001", "P007")]
    for code in (first, second):
        screen = await house.begun("activation-link", source=CAMPUS)
        step = await screen.say(contract.ActivationCodeAnswer(code=Secret(code)))
        assert isinstance(step, contract.Charter), step
    screen = await house.begun("activation-link", source=CAMPUS)
    assert (await screen.say(contract.ActivationCodeAnswer(code=NOBODYS))).errors
    step = await screen.say(contract.ActivationCodeAnswer(code=Secret(first)))
    assert "Trop d’essais" in step.errors["code"], "a wrong one counts as before"


async def test_the_code_of_one_s_own_address_is_given_back(house: BackendHouse) -> None:
    walker = await robot(house, "P001", "link_sent", source=CAMPUS)
    mail = await house.newest_mail(walker.backup)
    await tried(house, 29, throttle.CODE, CAMPUS)
    assert isinstance(await walker.screen.say(contract.LinkSentAnswer(code=Secret(mail.code))), contract.Charter)
    await tried(house, 1, throttle.CODE, CAMPUS)
    async with house.house.store.read() as connection:
        assert await house.house.throttle.waiting(connection, throttle.CODE, CAMPUS), "and that was the last of thirty"


async def test_a_code_that_carries_a_way_elsewhere_is_given_back_once_it_did(house: BackendHouse) -> None:
    walker = await robot(house, "P001", "public_directory")
    await tried(house, 28, throttle.CODE, CAMPUS)
    code = (await walker.screen.client.hand_over(walker.screen.enrolment)).code.reveal()
    with pytest.raises(Refusal):
        await house.screen(source=CAMPUS).resume(code, PEOPLE["P002"]["login"])
    step = await house.screen(source=CAMPUS).resume(code, PEOPLE["P001"]["login"])
    assert isinstance(step, contract.PublicDirectory)
    await tried(house, 1, throttle.CODE, CAMPUS)
    with pytest.raises(Busy):
        await house.screen(source=CAMPUS).resume("AAAA-BBBB-CCCC", PEOPLE["P001"]["login"])
