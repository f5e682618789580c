"""A company register that does not answer: who waits for it, here or elsewhere, goes on once it does (A-36)."""

import asyncio
import json
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from api_client import contract
from backend.database.tables import inquiries, mails
from backend.portal.register import Found
from tests.backend_house import BackendHouse
from tests.registering import Moody, account_of, come_back, named

pytest_plugins = ["tests.portal_fixtures"]
pytestmark = pytest.mark.slow

PICKY = "00001019900016"


def said(house: BackendHouse, key: str, **values: object) -> str:
    return house.house.library.say(key, "fr", **values)


async def test_a_waiting_screen_goes_on_by_itself_when_the_register_answers(portal: BackendHouse, moody: Moody) -> None:
    """A-36."""
    one = await named(portal, PICKY)
    assert isinstance(one.step, contract.Pending)
    assert "000 010 199 00016" in one.step.lead
    assert one.screen.enrolment.status == "waiting"
    portal.clock.move(seconds=5)
    assert await portal.parts.resumption.look_again() > 0
    asked = moody.asked
    await portal.parts.resumption.look_again()
    assert moody.asked == asked, "the register said how long to wait"
    portal.clock.move(seconds=30)
    moody.found = (Found(siret=PICKY, name="SOCIETE FICTIVE", active=True),)
    poll = asyncio.create_task(one.screen.client.await_change(one.screen.enrolment, 25))
    await asyncio.sleep(0.05)
    await portal.parts.resumption.look_again()
    told = await asyncio.wait_for(poll, 1)
    assert told is not None
    assert isinstance(told.step, contract.Idcc)
    assert await portal.count(inquiries) == 0
    assert await portal.count(mails, mails.c.kind == "M14") == 0, "who is there needs no mail"


async def test_who_left_is_written_to_and_comes_back_where_they_were(portal: BackendHouse, moody: Moody) -> None:
    one = await named(portal, PICKY)
    portal.clock.move(hours=3)
    moody.found = (
        Found(siret=PICKY, name="SOCIETE FICTIVE", active=True, head_office=True),
        Found(siret="00001019900024", name="SOCIETE FICTIVE", active=True),
    )
    await portal.parts.resumption.look_again()
    mail = await portal.newest_mail(one.who.email)
    assert mail.subject == "Reprenez votre inscription à Mon Espace Exemple"
    again = await come_back(portal, mail.code)
    assert again.kind == "idcc", "everything before was done already"
    await portal.press(mail)
    await again.screen.say(contract.IdccAnswer(code="1979"))
    await again.walk()
    assert again.kind == "done"
    assert (await account_of(portal, one.who.email)).status == "active"


async def test_a_screen_that_slept_meanwhile_goes_on_when_it_wakes(portal: BackendHouse, moody: Moody) -> None:
    one = await named(portal, PICKY)
    portal.clock.move(minutes=10)
    moody.found = (Found(siret=PICKY, active=True),)
    await portal.parts.resumption.look_again()
    assert isinstance(await one.screen.look(), contract.Idcc)
    assert await portal.count(mails, mails.c.kind == "M14") == 1


async def test_an_inquiry_that_was_forgotten_is_made_again(portal: BackendHouse, moody: Moody) -> None:
    one = await named(portal, PICKY)
    async with portal.house.store.write() as tx:
        await portal.house.inquiries.withdraw(tx, (await one.said()).inquiry)
    again = await come_back(portal, (await portal.newest_mail(one.who.email)).code)
    assert isinstance(again.step, contract.Pending)
    assert await portal.count(inquiries) == 1


async def test_a_number_that_nobody_knows_after_all_leads_back_to_it(portal: BackendHouse, moody: Moody) -> None:
    one = await named(portal, PICKY)
    portal.clock.move(seconds=6)
    moody.found = ()
    await portal.parts.resumption.look_again()
    step = await one.screen.look()
    assert isinstance(step, contract.Establishment)
    assert step.notice == said(portal, "establishment_unknown")
    assert step.number == "000 010 199 00016"


async def test_an_inquiry_survives_a_restart_and_ends_with_another_number(portal: BackendHouse, moody: Moody) -> None:
    """It is a row of the database, and there is one a registration."""
    one = await named(portal, PICKY)
    assert await portal.count(inquiries) == 1
    await one.screen.back()
    await one.screen.say(contract.EstablishmentAnswer(type="adherent", number=PICKY))
    assert await portal.count(inquiries) == 1
    await one.screen.back()
    moody.found = (Found(siret=PICKY, active=True),)
    await one.screen.say(contract.EstablishmentAnswer(type="adherent", number=PICKY))
    assert one.kind == "idcc"
    assert await portal.count(inquiries) == 0


async def test_the_service_asks_by_itself_while_it_runs(portal: BackendHouse, moody: Moody) -> None:
    one = await named(portal, PICKY)
    portal.clock.move(seconds=6)
    moody.found = (Found(siret=PICKY, active=True),)
    portal.parts.resumption.start()
    async with asyncio.timeout(5):
        while isinstance(await one.screen.look(), contract.Pending):
            await asyncio.sleep(0.02)
    assert one.kind == "idcc"


async def test_only_a_question_that_was_asked_in_vain_makes_the_pause_longer(
    portal: BackendHouse, moody: Moody
) -> None:
    """domain.md §12.1: our own pace is no failure of the register. Who was not asked for comes back with the room."""
    await named(portal, PICKY)
    for _ in range(4):
        portal.clock.move(minutes=15)
        await portal.parts.resumption.look_again()
    assert await portal.count(inquiries, inquiries.c.next_try_at == portal.clock() + timedelta(minutes=15)) == 1
    moody.asks = False
    portal.clock.move(minutes=15)
    for _ in range(3):
        await portal.parts.resumption.look_again()
        assert await portal.count(inquiries, inquiries.c.tries == 4) == 1
        portal.clock.move(seconds=30)
    moody.found = (Found(siret=PICKY, active=True),)
    await portal.parts.resumption.look_again()
    assert await portal.count(inquiries) == 0


async def test_room_in_a_moment_is_waited_for_five_seconds(portal: BackendHouse, moody: Moody) -> None:
    """A SIREN may need two requests: who came back for each one alone would never have both."""
    await named(portal, PICKY)
    moody.asks, moody.rest = False, timedelta(seconds=1)
    portal.clock.move(seconds=5)
    await portal.parts.resumption.look_again()
    assert await portal.count(inquiries, inquiries.c.next_try_at == portal.clock() + timedelta(seconds=5)) == 1


async def test_a_fault_of_ours_over_one_number_leaves_the_others_theirs(
    portal: BackendHouse, moody: Moody, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is put off like any other, so that the same one does not come first again and again."""
    unlucky = await named(portal, PICKY)
    portal.clock.move(seconds=1)
    other = await named(portal, "00001007400011", email="jean.loge@courriel.example")
    assert isinstance(other.step, contract.Pending)
    portal.clock.move(seconds=6)
    moody.found = (Found(siret="00001007400011", active=True),)
    whole = moody.of_siren

    async def stumbling(siren: str) -> tuple[Found, ...]:
        if siren == PICKY[:9]:
            raise OverflowError
        return await whole(siren)

    monkeypatch.setattr(moody, "of_siren", stumbling)
    with capture_logs() as logs:
        assert await portal.parts.resumption.look_again() > 0
    assert [one["event"] for one in logs] == ["register_inquiry_failed"]
    assert PICKY not in json.dumps(logs, default=str)
    assert isinstance(await other.screen.look(), contract.Idcc)
    assert isinstance(await unlucky.screen.look(), contract.Pending)
    assert await portal.count(inquiries, inquiries.c.tries == 1) == 1


async def test_an_establishment_that_is_known_needs_no_register(portal: BackendHouse, moody: Moody) -> None:
    assert (await named(portal, "00001001700010")).kind == "member_number"
    assert moody.asked == 1


async def test_before_any_proof_it_is_kept_and_written_about_too(guide: BackendHouse) -> None:
    register = Moody()
    object.__setattr__(guide.house, "register", register)
    one = await named(guide, PICKY)
    assert isinstance(one.step, contract.Pending)
    guide.clock.move(hours=3)
    register.found = (Found(siret=PICKY, active=True),)
    await guide.parts.resumption.look_again()
    again = await come_back(guide, (await guide.newest_mail(one.who.email)).code)
    assert again.kind == "consent", "whoever typed the number did not consent for the owner of the address"
    await again.take(again.step)
    assert again.kind == "idcc"
    await again.screen.say(contract.IdccAnswer(code="1979"))
    await again.walk()
    assert again.kind == "done"
