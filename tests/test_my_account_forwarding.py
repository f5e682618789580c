"""A forwarding that waits for its proof, and what comes meanwhile: it is told as changed where it was changed."""

import pytest

from api_client import contract
from backend.situation import RedirectionChoice
from tests.backend_house import BackendHouse, Mail
from tests.visits import Visit, activated, visiting

pytest_plugins = ["tests.house_fixtures"]

ELSEWHERE = "ailleurs@courriel.example"


def said(house: BackendHouse, key: str) -> str:
    return house.house.library.say(key, "fr")


async def forwarded_to(visit: Visit) -> RedirectionChoice:
    """What the directory holds."""
    entry = await visit.house.house.provisioning.entry(visit.login)
    assert entry is not None
    assert entry.redirection is not None
    return entry.redirection


async def asked_for(visit: Visit, address: str = ELSEWHERE) -> tuple[Mail, int]:
    """The screen waits for the link; its mail, and the number that its page asks for."""
    await visit.choose("redirection")
    step = await visit.screen.say(contract.RedirectionAnswer(redirect=True, address=address, keep_copy=True))
    assert isinstance(step, contract.LinkSent)
    assert step.number is not None
    return await visit.house.newest_mail(address), step.number


async def test_one_that_a_later_visit_forgot_has_no_link_any_more(house: BackendHouse) -> None:
    visit = await visiting(house, "P004")
    before, verified = await forwarded_to(visit), (await house.actions(visit.login)).count("forward.verified")
    mail, number = await asked_for(visit)
    await visit.screen.client.leave(visit.screen.enrolment, 5)
    again = Visit(house, await house.begun("my-account"), "P004")
    assert isinstance(await again.sign_in(), contract.Menu)
    assert "<form" not in await house.press(mail, number), "the page says that the link is gone"
    assert await forwarded_to(visit) == before
    assert (await house.actions(visit.login)).count("forward.verified") == verified
    house.clock.move(minutes=1)
    mail, number = await asked_for(again)
    assert "<h1>C’est confirmé</h1>" in await house.press(mail, number)
    assert (await forwarded_to(visit)).address == ELSEWHERE


async def test_a_password_given_elsewhere_changes_nothing_before_the_phone_s_code(house: BackendHouse) -> None:
    visit = await activated(house, "P004", pairs=True)
    await visit.sign_in()
    await visit.screen.say(contract.SecondFactorAnswer(code=visit.phone))
    mail, number = await asked_for(visit)
    other = Visit(house, await house.begun("my-account", source="198.51.100.1"), "P004")
    assert isinstance(await other.sign_in(), contract.SecondFactor)
    await house.press(mail, number)
    step = await visit.screen.look()
    assert step.notice == said(house, "changed_redirection")
    assert (await forwarded_to(visit)).address == ELSEWHERE


@pytest.mark.parametrize("here", [False, True], ids=["goes on there", "goes on here"])
async def test_which_screen_goes_on_says_whether_the_link_still_works(house: BackendHouse, here: bool) -> None:
    visit = await visiting(house, "P004")
    before = await forwarded_to(visit)
    mail, number = await asked_for(visit)
    other = Visit(house, await house.begun("my-account", source="192.0.2.8"), "P004")
    assert isinstance(await other.sign_in(), contract.TakeOver)
    await other.screen.say(contract.TakeOverAnswer(here=here))
    page = await house.press(mail, number)
    assert ("<h1>C’est confirmé</h1>" in page) is not here
    assert (await forwarded_to(visit) == before) is here


async def test_the_same_address_in_another_spelling_keeps_its_link(house: BackendHouse) -> None:
    visit = await visiting(house, "P004")
    mail, number = await asked_for(visit, ELSEWHERE.replace("ailleurs", "Ailleurs"))
    await visit.screen.act("change_address")
    await visit.screen.say(contract.RedirectionAnswer(redirect=True, address=ELSEWHERE, keep_copy=True))
    assert visit.screen.kind == "link_sent"
    await house.press(mail, number)
    step = await visit.screen.look()
    assert step.notice == said(house, "changed_redirection")
    assert (await forwarded_to(visit)).address == "Ailleurs@courriel.example", "the one that was proved"
