"""Links and codes: proved here or elsewhere, once; wrong numbers, wrong codes, new mails, other addresses."""

import asyncio

import pytest

from api_client import contract
from api_client.secret import Secret
from backend.database.tables import mails
from backend.provisioning import DirectoryUnavailable
from tests.backend_house import PEOPLE, BackendHouse, letter, paris
from tests.robot import Robot, robot

pytest_plugins = ["tests.house_fixtures"]

LOGIN = PEOPLE["P001"]["login"]
NOBODYS = Secret("ZZZZ-ZZZZ-ZZZZ")


def said(house: BackendHouse, key: str) -> str:
    return house.house.library.say(key, "fr")


def waiting(walker: Robot) -> contract.LinkSent:
    step = walker.screen.step
    assert isinstance(step, contract.LinkSent)
    return step


async def test_a_screen_that_waits_is_told_at_once(house: BackendHouse) -> None:
    walker = await robot(house, "P001", "link_sent")
    step, mail = waiting(walker), await house.newest_mail(walker.backup)
    poll = asyncio.create_task(walker.screen.client.await_change(walker.screen.enrolment, 25))
    await asyncio.sleep(0.05)
    assert not poll.done()
    await house.press(mail, step.number)
    told = await asyncio.wait_for(poll, 1)
    assert told is not None
    assert isinstance(told.step, contract.Charter)
    assert told.step.notice == said(house, "address_confirmed")


async def test_a_link_opened_while_nobody_waits_is_found_done(house: BackendHouse) -> None:
    """The screen was closed; the person comes back by the letter."""
    walker = await robot(house, "P001", "link_sent")
    mail = await house.newest_mail(walker.backup)
    house.clock.move(minutes=31)
    assert isinstance(await walker.screen.look(), contract.Expired)
    await house.press(mail, None)
    other = await house.begun()
    await other.login(*letter("P001"))
    step = other.step
    assert isinstance(step, contract.LinkSent), "the number of the screen is needed, and nobody saw it any more"
    await house.press(mail, step.number)
    assert isinstance(await other.look(), contract.Charter)


async def test_the_same_number_and_link_serve_the_next_screen(house: BackendHouse) -> None:
    walker = await robot(house, "P001", "link_sent")
    first, sent = waiting(walker), await house.count(mails)
    await walker.screen.back()
    await walker.take(walker.screen.step)
    assert waiting(walker).number == first.number
    assert await house.count(mails) == sent, "the same address again needs no other mail"


async def test_a_wrong_number_costs_a_try_and_five_cost_the_link(house: BackendHouse) -> None:
    walker = await robot(house, "P001", "link_sent")
    number, mail = waiting(walker).number, await house.newest_mail(walker.backup)
    assert number is not None
    wrong = 10 + (number - 9) % 90
    for left in range(4, 0, -1):
        page = await house.press(mail, wrong)
        assert f"{left}" in page
        assert "<form" in page
    assert "<form" not in await house.press(mail, wrong)
    assert "<form" not in await house.press(mail, number)
    assert isinstance(await walker.screen.look(), contract.LinkSent)
    assert (await house.account(LOGIN)).draft.backup_proved_at is None
    house.clock.move(minutes=1)
    await walker.screen.act("resend")
    await walker.take(walker.screen.step)
    assert walker.screen.kind == "charter"


async def test_somebody_else_says_that_it_is_not_them(house: BackendHouse) -> None:
    walker = await robot(house, "P001", "link_sent")
    mail = await house.newest_mail(walker.backup)
    page = await house.press(mail, choice="disown")
    assert "prévenez assistance@univ-exemple.example." in page
    step = await walker.screen.look()
    assert isinstance(step, contract.LinkSent)
    assert step.errors == {"": said(house, "link_disowned")}
    assert step.number is None
    await walker.screen.say(contract.LinkSentAnswer(code=Secret(mail.code)))
    assert walker.screen.kind == "link_sent", "its code died with it"
    assert "link.revoked" in await house.actions(LOGIN)


async def test_after_five_wrong_codes_a_new_mail_is_needed(house: BackendHouse) -> None:
    walker = await robot(house, "P001", "link_sent")
    mail = await house.newest_mail(walker.backup)
    for _ in range(5):
        step = await walker.screen.say(contract.LinkSentAnswer(code=NOBODYS))
        assert step.errors == {"code": said(house, "code_wrong")}
    for _ in range(2):
        step = await walker.screen.say(contract.LinkSentAnswer(code=Secret(mail.code)))
        assert step.errors == {"code": said(house, "code_exhausted")}
        await walker.screen.speak("en" if walker.screen.enrolment.locale == "fr" else "fr")
        await walker.screen.speak("fr")
    house.clock.move(minutes=1)
    step = await walker.screen.act("resend")
    assert step.notice == said(house, "mail_resent")
    new = await house.newest_mail(walker.backup)
    assert new.code != mail.code
    old = await walker.screen.say(contract.LinkSentAnswer(code=Secret(mail.code)))
    assert old.errors == {"code": said(house, "code_wrong")}
    assert isinstance(await walker.screen.say(contract.LinkSentAnswer(code=Secret(new.code))), contract.Charter)


async def test_what_has_no_form_of_a_code_costs_no_try(house: BackendHouse) -> None:
    walker = await robot(house, "P001", "link_sent")
    mail = await house.newest_mail(walker.backup)
    for typed in ("", "ABCD", "ABCD-EFGH-JKM!", "x" * 5000, "https://example.org/l/short", "\x1b[2J"):
        step = await walker.screen.say(contract.LinkSentAnswer(code=Secret(typed)))
        assert step.errors == {"code": said(house, "code_form")}
    pasted = f"  {mail.link[:40]}\n   {mail.link[40:]}  "
    assert isinstance(await walker.screen.say(contract.LinkSentAnswer(code=Secret(pasted))), contract.Charter)


async def test_a_code_of_somebody_else_opens_nothing(house: BackendHouse) -> None:
    walker, other = await robot(house, "P001", "link_sent"), await robot(house, "P002", "link_sent")
    theirs = await house.newest_mail(other.backup)
    step = await walker.screen.say(contract.LinkSentAnswer(code=Secret(theirs.code)))
    assert step.errors == {"code": said(house, "code_wrong")}
    assert isinstance(await other.screen.say(contract.LinkSentAnswer(code=Secret(theirs.code))), contract.Charter)


async def test_a_code_of_another_purpose_is_no_way_in(house: BackendHouse) -> None:
    walker = await robot(house, "P001", "link_sent")
    mail = await house.newest_mail(walker.backup)
    screen = await house.begun("activation-link")
    step = await screen.say(contract.ActivationCodeAnswer(code=Secret(mail.code)))
    assert step.errors == {"code": said(house, "code_wrong")}


@pytest.mark.slow
async def test_thirty_codes_an_hour_from_one_place(house: BackendHouse) -> None:
    for _ in range(6):
        screen = await house.begun("activation-link", source="198.51.100.9")
        for _ in range(5):
            wrong = await screen.say(contract.ActivationCodeAnswer(code=NOBODYS))
            assert wrong.errors == {"code": said(house, "code_wrong")}
    late = await house.begun("activation-link", source="198.51.100.9")
    step = await late.say(contract.ActivationCodeAnswer(code=NOBODYS))
    assert "Attendez jusqu’à 11 h 00" in step.errors["code"]
    elsewhere = await house.begun("activation-link", source="198.51.100.10")
    code = (await house.newest_mail(PEOPLE["P001"]["mail_secours"])).code
    assert isinstance(await elsewhere.say(contract.ActivationCodeAnswer(code=Secret(code))), contract.Charter)


@pytest.mark.slow
async def test_mails_are_a_minute_apart_and_five_an_hour(house: BackendHouse) -> None:
    walker = await robot(house, "P001", "link_sent")
    links = {(await house.newest_mail(walker.backup)).link}
    for _ in range(4):
        offer = next(action for action in waiting(walker).actions if action.id == "resend")
        assert offer.available_at is not None
        assert (offer.available_at - house.clock()).total_seconds() == 60
        house.clock.move(seconds=59)
        revision = walker.screen.enrolment.revision
        await walker.screen.act("resend")
        assert walker.screen.enrolment.revision == revision
        house.clock.move(seconds=1)
        await walker.screen.act("resend")
        assert walker.screen.step.notice == said(house, "mail_resent")
        links.add((await house.newest_mail(walker.backup)).link)
    assert len(links) == 5
    house.clock.move(minutes=1)
    step = await walker.screen.act("resend")
    assert "Attendez jusqu’à 11 h 00" in step.errors[""]
    assert waiting(walker).number is not None, "the latest link still works"
    for later in ("10:30", "11:00"):
        house.clock.set(paris(f"2026-11-03 {later}"))
        await walker.screen.look()
    step = await walker.screen.act("resend")
    assert step.notice == said(house, "mail_resent")


async def test_only_the_newest_link_works(house: BackendHouse) -> None:
    walker = await robot(house, "P001", "link_sent")
    old = await house.newest_mail(walker.backup)
    house.clock.move(minutes=1)
    await walker.screen.act("resend")
    assert "<form" not in await house.press(old, waiting(walker).number)
    await house.press(await house.newest_mail(walker.backup), waiting(walker).number)
    assert isinstance(await walker.screen.look(), contract.Charter)


async def test_another_address_ends_the_link_of_the_first(house: BackendHouse) -> None:
    walker = await robot(house, "P001", "link_sent")
    old = await house.newest_mail(walker.backup)
    step = await walker.screen.act("change_address")
    assert isinstance(step, contract.BackupEmail)
    await walker.screen.say(contract.BackupEmailAnswer(address="autre@example.net", confirmation="autre@example.net"))
    new = await house.newest_mail("autre@example.net")
    assert waiting(walker).address_hint == "a…e@example.net"
    assert "<form" not in await house.press(old, waiting(walker).number)
    await house.press(new, waiting(walker).number)
    assert isinstance(await walker.screen.look(), contract.Charter)
    assert (await house.account(LOGIN)).draft.backup_email == "autre@example.net"


async def test_a_forwarding_address_is_changed_resent_and_proved(house: BackendHouse) -> None:
    walker = await robot(house, "P004", "redirection")
    await walker.take(walker.screen.step)
    old = await house.newest_mail(PEOPLE["P004"]["mail_redirection"])
    step = await walker.screen.act("change_address")
    assert isinstance(step, contract.Redirection)
    assert step.address == PEOPLE["P004"]["mail_redirection"]
    walker.redirection = "ailleurs@example.net"
    await walker.take(step)
    assert "<form" not in await house.press(old, waiting(walker).number)
    await walker.walk()
    entry = await house.house.provisioning.entry(PEOPLE["P004"]["login"])
    assert entry is not None
    assert entry.redirection is not None
    assert entry.redirection.address == "ailleurs@example.net"


@pytest.mark.slow
async def test_a_forwarding_link_past_its_deadline_is_asked_for_again(house: BackendHouse) -> None:
    walker = await robot(house, "P004", "redirection")
    await walker.take(walker.screen.step)
    until = waiting(walker).deadline
    assert until is not None
    while house.clock() <= until:  # somebody sits there all the time
        assert waiting(walker).deadline == until
        house.clock.move(minutes=29)
        await walker.screen.look()
    assert waiting(walker).errors == {"": said(house, "link_spent")}
    await walker.screen.act("resend")
    await walker.walk()
    assert walker.screen.kind == "done"


async def test_a_link_that_was_used_says_so_and_changes_nothing(house: BackendHouse) -> None:
    walker = await robot(house, "P001", "link_sent")
    number, mail = waiting(walker).number, await house.newest_mail(walker.backup)
    await house.press(mail, number)
    before = await house.actions(LOGIN)
    for _ in range(3):
        assert "<form" not in await house.press(mail, number)
    assert await house.actions(LOGIN) == before


async def test_the_activation_page_goes_on_without_a_screen(house: BackendHouse) -> None:
    """M1 was sent to nobody's screen: its page asks no number, and its code still opens the way afterwards."""
    mail = await house.newest_mail(PEOPLE["P001"]["mail_secours"])
    await house.press(mail)
    assert (await house.account(LOGIN)).draft.backup_proved_at is not None
    screen = await house.begun("activation-link")
    assert isinstance(await screen.say(contract.ActivationCodeAnswer(code=Secret(mail.code))), contract.Charter)


@pytest.mark.parametrize("by_page", [True, False])
async def test_a_directory_that_is_down_when_an_address_is_proved_costs_nothing(
    house: BackendHouse, by_page: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    walker = await robot(house, "P001", "link_sent")
    number, mail = waiting(walker).number, await house.newest_mail(walker.backup)

    async def down(*_: object) -> None:
        raise DirectoryUnavailable

    with monkeypatch.context() as patch:
        patch.setattr(house.house.provisioning, "record_backup_email", down)
        async with house.http() as http:
            if by_page:
                form = {"choice": "confirm", "number": str(number)}
                status = (await http.post(mail.path, data=form)).status_code
            else:
                headers = {
                    "Authorization": f"Bearer {walker.screen.token.reveal()}",
                    "If-Match": f'"{walker.screen.enrolment.revision}"',
                }
                path = f"/v1/enrolments/{walker.screen.enrolment.id}/answers"
                body = contract.encode(contract.LinkSentAnswer(code=Secret(mail.code)))
                status = (await http.post(path, headers=headers, content=body)).status_code
    assert status == 503
    assert (await house.account(LOGIN)).draft.backup_proved_at is None
    assert isinstance(await walker.screen.look(), contract.LinkSent)
    await walker.take(walker.screen.step)
    assert walker.screen.kind == "charter"
