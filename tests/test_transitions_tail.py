"""Every row of ``transitions.csv`` of what both activations share, from the charter on, is walked; a new one fails."""

import pytest

from api_client import contract
from api_client.secret import Secret
from backend.database.tables import mails
from backend.provisioning import DirectoryUnavailable
from tests.backend_house import PEOPLE, BackendHouse, Screen
from tests.robot import PASSWORD, Robot, robot
from tests.transitions import TAIL, Row, Walks, rows

pytest_plugins = ["tests.house_fixtures"]
pytestmark = pytest.mark.slow

walks = Walks()
row = walks.row
LOGIN = PEOPLE["P001"]["login"]


@pytest.mark.parametrize("transition", rows(*TAIL), ids=str)
async def test_the_row_is_walked(house: BackendHouse, transition: Row) -> None:
    await walks.walk(transition, house)


def test_every_walk_has_a_row() -> None:
    assert walks.idle(*TAIL) == set()


async def forwarding(house: BackendHouse, person: str) -> Robot:
    """At the screen that waits for the forwarding address of that person."""
    walker = await robot(house, person, "redirection")
    await walker.take(walker.screen.step)
    assert walker.screen.kind == "link_sent"
    return walker


async def answered(house: BackendHouse, person: str, until: str, answer: contract.Answer | None = None) -> Screen:
    """That person's screen after one answer at that step: the row's, or another."""
    walker = await robot(house, person, until)
    await walker.screen.say(answer or walker.answer(walker.screen.step))
    return walker.screen


@row("activation_tail", "CHARTER", "accept")
async def the_charter_accepted(house: BackendHouse) -> None:
    assert (await answered(house, "P001", "charter")).kind == "public_directory"
    accepted = (await house.account(LOGIN)).draft.charter
    assert accepted is not None
    assert accepted.sha256 == house.house.library.charter["fr"].sha256
    assert (accepted.version, accepted.accepted_at) == ("2026-09", house.clock())


@row("activation_tail", "CHARTER", "next")
async def the_charter_not_ticked(house: BackendHouse) -> None:
    refused = contract.CharterAnswer(accepted=False, sha256="")
    screen = await answered(house, "P001", "charter", refused)
    assert screen.kind == "charter"
    assert screen.step.errors == {"accepted": house.house.library.say("charter_needed", "fr")}


@row("activation_tail", "DIRECTORY", "next", "box ticked")
async def listed(house: BackendHouse) -> None:
    await answered(house, "P001", "public_directory", contract.PublicDirectoryAnswer(listed=True))
    assert (await house.account(LOGIN)).draft.listed is True


@row("activation_tail", "DIRECTORY", "next", "box not ticked")
async def not_listed(house: BackendHouse) -> None:
    await answered(house, "P001", "public_directory", contract.PublicDirectoryAnswer(listed=False))
    assert (await house.account(LOGIN)).draft.listed is False


@row("activation_tail", "MAIL_BRANCH", "auto", "staff, not vacataire")
async def staff_get_a_mailbox(house: BackendHouse) -> None:
    assert (await answered(house, "P001", "public_directory")).kind == "mailbox"


@row("activation_tail", "MAIL_BRANCH", "auto", "student")
async def students_get_a_mailbox(house: BackendHouse) -> None:
    screen = await answered(house, "P045", "public_directory")
    assert isinstance(screen.step, contract.Mailbox)
    assert screen.step.address == PEOPLE["P045"]["mail_institutionnel"]
    step = await screen.say(contract.MailboxAnswer())
    assert isinstance(step, contract.Redirection)
    assert not step.mandatory


@row("activation_tail", "MAIL_BRANCH", "auto", "vacataire")
async def mandatory_forwarding(house: BackendHouse) -> None:
    screen = await answered(house, "P025", "public_directory")
    assert isinstance(screen.step, contract.Redirection)
    assert screen.step.mandatory


@row("activation_tail", "MAILBOX", "next")
async def forwarding_is_offered(house: BackendHouse) -> None:
    step = (await answered(house, "P001", "mailbox")).step
    assert isinstance(step, contract.Redirection)
    assert (step.mandatory, step.redirect, step.keep_copy) == (False, False, True)
    assert step.address == PEOPLE["P001"]["mail_secours"]


@row("activation_tail", "FORWARD_OPTIONAL", "next", "not ticked")
async def no_forwarding(house: BackendHouse) -> None:
    assert (await answered(house, "P001", "redirection")).kind == "new_password"


@row("activation_tail", "FORWARD_OPTIONAL", "next", "= verified backup mail")
async def forwarding_to_the_backup_address(house: BackendHouse) -> None:
    assert (await answered(house, "P007", "redirection")).kind == "new_password"
    assert await house.count(mails, mails.c.kind == "M4") == 0


@row("activation_tail", "FORWARD_OPTIONAL", "next", "≠ backup mail")
async def forwarding_elsewhere(house: BackendHouse) -> None:
    assert (await answered(house, "P004", "redirection")).kind == "link_sent"
    assert await house.count(mails, mails.c.kind == "M4") == 1


@row("activation_tail", "FORWARD_MANDATORY", "next", "= verified backup mail")
async def a_vacataire_to_the_backup_address(house: BackendHouse) -> None:
    assert (await answered(house, "P025", "redirection")).kind == "new_password"


@row("activation_tail", "FORWARD_MANDATORY", "next", "≠ backup mail")
async def a_vacataire_elsewhere(house: BackendHouse) -> None:
    assert (await answered(house, "P026", "redirection")).kind == "link_sent"
    assert await house.count(mails, mails.c.kind == "M4") == 1


@row("activation_tail", "FORWARD_VERIFY", "link_opened")
async def the_forwarding_link(house: BackendHouse) -> None:
    walker = await forwarding(house, "P004")
    await walker.take(walker.screen.step)
    assert walker.screen.kind == "new_password"


@row("activation_tail", "FORWARD_VERIFY", "resend")
async def the_forwarding_mail_again(house: BackendHouse) -> None:
    walker = await forwarding(house, "P004")
    old = await house.newest_mail(walker.forwarding)
    house.clock.move(minutes=1)
    await walker.screen.act("resend")
    assert walker.screen.kind == "link_sent"
    assert "<form" not in await house.press(old)
    assert (await house.newest_mail(walker.forwarding)).link != old.link


@row("activation_tail", "FORWARD_VERIFY", "edit")
async def another_forwarding_address(house: BackendHouse) -> None:
    for person, mandatory in (("P004", False), ("P026", True)):
        step = await (await forwarding(house, person)).screen.act("change_address")
        assert isinstance(step, contract.Redirection)
        assert step.mandatory is mandatory


@row("activation_tail", "FORWARD_VERIFY", "skip")
async def no_forwarding_after_all(house: BackendHouse) -> None:
    walker = await forwarding(house, "P004")
    assert isinstance(await walker.screen.act("skip"), contract.NewPassword)


@row("activation_tail", "FORWARD_VERIFY", "use_backup")
async def the_backup_address_after_all(house: BackendHouse) -> None:
    walker = await forwarding(house, "P026")
    assert isinstance(await walker.screen.act("use_backup"), contract.NewPassword)
    chosen = (await house.account(PEOPLE["P026"]["login"])).draft.redirection
    assert chosen is not None
    assert chosen.address == walker.backup


@row("activation_tail", "NEW_PASSWORD", "submit", "policy ok")
async def the_password_set(house: BackendHouse) -> None:
    await answered(house, "P001", "new_password")
    assert await house.house.provisioning.entry(LOGIN) is not None
    for address in (PEOPLE["P001"]["mail_secours"], PEOPLE["P001"]["mail_institutionnel"]):
        mail = await house.newest_mail(address)
        assert mail.subject == "Votre compte UE est activé"
        assert PASSWORD not in mail.text


@row("activation_tail", "NEW_PASSWORD", "submit", "policy not met")
async def a_password_that_will_not_do(house: BackendHouse) -> None:
    weak = contract.NewPasswordAnswer(password=Secret("azerty"), confirmation=Secret("azerty"))
    step = (await answered(house, "P001", "new_password", weak)).step
    assert isinstance(step, contract.NewPassword)
    assert len(step.broken) > 1, "every broken rule at once"
    assert await house.house.provisioning.entry(LOGIN) is None


@row("activation_tail", "NEW_PASSWORD", "submit", "directory unavailable")
async def the_directory_is_down(house: BackendHouse) -> None:
    async def down(*_: object) -> None:
        raise DirectoryUnavailable

    walker = await robot(house, "P001", "new_password")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(house.house.provisioning, "activate", down)
        await walker.take(walker.screen.step)
    assert walker.screen.kind == "new_password"
    assert await house.house.provisioning.entry(LOGIN) is None
    await walker.take(walker.screen.step)
    assert walker.screen.kind == "phone_pairing"
