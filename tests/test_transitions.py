"""Every row of ``transitions.csv`` of the account, the link and the two activations is walked; a new row fails here."""

import pytest

from api_client import contract
from api_client.secret import Secret
from backend.provisioning import DirectoryUnavailable
from backend.tables import mails, proofs
from tests.backend_house import PEOPLE, BackendHouse, Screen, letter
from tests.robot import PASSWORD, Robot, robot
from tests.transitions import Row, Walks, rows

pytest_plugins = ["tests.house_fixtures"]

LATER = {
    ("account", "ACTIVE", "security_block"): "blocking an account is an agent's act: the issue of the assistance",
    ("account", "LOCKED", "agent_unlock"): "so is unlocking it",
    ("account", "ACTIVE", "contract_end"): "an account ends with its contract: the issue of the directory",
}
walks = Walks()
row = walks.row
LOGIN = PEOPLE["P001"]["login"]


@pytest.mark.parametrize("transition", rows(), ids=str)
async def test_the_row_is_walked(house: BackendHouse, transition: Row) -> None:
    named = (transition.machine, transition.leaves, transition.event)
    claimed = walks.of(transition)
    if named in LATER:
        assert not claimed, "it has a test: take it off the list"
        return
    assert len(claimed) == 1, f"{transition} has {len(claimed)} tests instead of one"
    await claimed[0](house)


def test_every_walk_has_a_row() -> None:
    assert walks.idle() == set()
    assert set(LATER) <= {(one.machine, one.leaves, one.event) for one in rows()}


async def entry_of(house: BackendHouse, login: str = LOGIN) -> object:
    return await house.house.provisioning.entry(login)


async def entered(house: BackendHouse, person: str = "P001") -> Screen:
    """Somebody who typed the code of their first activation mail."""
    screen = await house.begun("activation-link")
    first = (await house.mails(PEOPLE[person]["mail_secours"]))[0]
    await screen.say(contract.ActivationCodeAnswer(code=Secret(first.code)))
    return screen


async def press_for(walker: Robot, address: str | None = None) -> None:
    """Open the link of the mail that this screen waits for, in a browser."""
    step = walker.screen.step
    assert isinstance(step, contract.LinkSent)
    await walker.house.press(await walker.house.newest_mail(address or walker.backup), step.number)
    await walker.screen.look()


async def forwarding(house: BackendHouse, person: str) -> Robot:
    """At the screen that waits for the forwarding address of that person."""
    walker = await robot(house, person, "redirection")
    await walker.take(walker.screen.step)
    assert walker.screen.kind == "link_sent"
    return walker


# ------------------------------------------------------------------------------------------------------- account


@row("account", "(none)", "hr_record_created")
async def hr_registers(house: BackendHouse) -> None:
    assert (await house.account(LOGIN)).status == "inactive"
    assert await entry_of(house) is None, "the directory is written once, at the end"


@row("account", "PRECREATED", "account_provisioned")
async def an_account_gets_its_mail_or_its_letter(house: BackendHouse) -> None:
    assert LOGIN in (await house.newest_mail(PEOPLE["P001"]["mail_secours"])).text
    assert (await house.account(LOGIN)).provisional_hash is not None


@row("account", "INACTIVE", "activation_completed")
async def an_activation_makes_it_active(house: BackendHouse) -> None:
    await robot(house, "P001", "done")
    assert (await house.account(LOGIN)).status == "active"
    assert await house.house.provisioning.verify(LOGIN, Secret(PASSWORD))


# ---------------------------------------------------------------------------------------------------------- link


@row("link", "(none)", "issue")
async def a_link_is_issued(house: BackendHouse) -> None:
    walker = await robot(house, "P001", "link_sent")
    mail = await house.newest_mail(walker.backup)
    written = b"".join(file.read_bytes() for file in house.data.glob("perron.sqlite*"))
    assert mail.path.removeprefix("/l/").encode() not in written
    assert mail.code.replace("-", "").encode() not in written
    account = await house.account(LOGIN)
    live = (proofs.c.account_id == account.id, proofs.c.purpose == "backup_email", proofs.c.revoked_at.is_(None))
    assert await house.count(proofs, *live) == 1


@row("link", "ISSUED", "open")
async def a_link_is_opened(house: BackendHouse) -> None:
    walker = await robot(house, "P001", "link_sent")
    await press_for(walker)
    assert walker.screen.kind == "charter"


@row("link", "OPENED", "open")
async def an_opened_link_resumes(house: BackendHouse) -> None:
    first = await entered(house)
    walker = Robot(house, first, "P001")
    await walker.walk("mailbox")
    house.clock.move(minutes=2)
    assert (await entered(house)).kind == "mailbox"


@row("link", "ISSUED|OPENED", "clock")
async def a_link_grows_old(house: BackendHouse) -> None:
    await entered(house)
    sent = await house.count(mails)
    house.clock.move(days=2)
    for person in ("P001", "P002"):
        assert (await entered(house, person)).kind == "expired"
    assert await house.count(mails) == sent


@row("link", "OPENED", "purpose_completed")
async def a_link_is_used_up(house: BackendHouse) -> None:
    await Robot(house, await entered(house), "P001").walk()
    assert (await entered(house)).step.errors == {"code": house.house.library.say("code_wrong", "fr")}


@row("link", "ISSUED|OPENED", "reissue or backup mail changed or account locked")
async def a_link_is_revoked(house: BackendHouse) -> None:
    """By a newer one, by another address, by a lock."""
    walker = await robot(house, "P001", "link_sent")
    old = await house.newest_mail(walker.backup)
    house.clock.move(minutes=1)
    await walker.screen.act("resend")
    assert "<form" not in await house.press(old)
    second = await house.newest_mail(walker.backup)
    await walker.screen.act("change_address")
    await walker.screen.say(contract.BackupEmailAnswer(address="autre@example.net", confirmation="autre@example.net"))
    assert "<form" not in await house.press(second)
    await house.lock(LOGIN)
    step = walker.screen.step
    assert isinstance(step, contract.LinkSent)
    assert "<form" not in await house.press(await house.newest_mail("autre@example.net"), step.number)
    assert (await house.account(LOGIN)).draft.backup_proved_at is None


# ------------------------------------------------------------------------------------------------ activation_pass


@row("activation_pass", "START", "submit_login")
async def any_login_that_looks_like_one_goes_on(house: BackendHouse) -> None:
    for login in (LOGIN, "p99999999999"):
        screen = await house.begun()
        assert isinstance(await screen.say(contract.LoginAnswer(login=login)), contract.ProvisionalPassword)


@row("activation_pass", "PROVISIONAL_PASSWORD", "submit_password", "right, account INACTIVE")
async def the_right_password(house: BackendHouse) -> None:
    assert isinstance(await (await house.begun()).login(*letter("P001")), contract.BackupEmail)


@row("activation_pass", "PROVISIONAL_PASSWORD", "submit_password", "wrong")
async def a_wrong_password(house: BackendHouse) -> None:
    screen = await house.begun()
    assert isinstance(await screen.login(LOGIN, "aaaa-bbbb-cccc"), contract.ProvisionalPassword)
    assert screen.step.errors
    assert (await house.actions(LOGIN))[-1] == "login.provisional.ko"


@row("activation_pass", "PROVISIONAL_PASSWORD", "submit_password", "already ACTIVE")
async def an_active_account(house: BackendHouse) -> None:
    await robot(house, "P001", "done")
    step = await (await house.begun()).login(*letter("P001"))
    assert isinstance(step, contract.ProvisionalPassword)
    assert "assistance@univ-exemple.example" in step.errors["password"], "what to do is always said"


@row("activation_pass", "BACKUP_MAIL", "submit_mail")
async def a_backup_address(house: BackendHouse) -> None:
    walker = await robot(house, "P001", "backup_email")
    ours = "moi@univ-exemple.example"
    step = await walker.screen.say(contract.BackupEmailAnswer(address=ours, confirmation=ours))
    assert set(step.errors) == {"address"}
    await walker.take(step)
    assert walker.screen.kind == "link_sent"
    assert (await house.newest_mail(walker.backup)).subject == "Poursuivez l’activation de votre compte UE"


@row("activation_pass", "LINK_SENT", "link_opened", "in time")
async def the_backup_link_in_time(house: BackendHouse) -> None:
    walker = await robot(house, "P001", "link_sent")
    await press_for(walker)
    assert walker.screen.kind == "charter"
    assert (await house.account(LOGIN)).draft.backup_proved_at == house.clock()


async def late(house: BackendHouse) -> Robot:
    """Somebody who waited until after midnight, before their screen."""
    walker = await robot(house, "P001", "link_sent")
    step, mail = walker.screen.step, await house.newest_mail(walker.backup)
    assert isinstance(step, contract.LinkSent)
    for _ in range(28):
        house.clock.move(minutes=30)
        await walker.screen.look()
    assert "<form" not in await house.press(mail, step.number)
    assert walker.screen.kind == "expired"
    return walker


@row("activation_pass", "LINK_SENT", "link_opened", "late")
async def the_backup_link_too_late(house: BackendHouse) -> None:
    walker = await late(house)
    assert isinstance(walker.screen.step, contract.Expired)
    assert "mardi 3 novembre 2026 à 23 h 59" in walker.screen.step.lead


@row("activation_pass", "EXPIRED", "restart")
async def starting_again(house: BackendHouse) -> None:
    walker = await late(house)
    assert isinstance(await walker.screen.act("restart"), contract.Login)
    assert isinstance(await walker.screen.login(*letter("P001")), contract.BackupEmail)


# ------------------------------------------------------------------------------------------------ activation_mail


@row("activation_mail", "ACCOUNT_CREATED", "link_sent")
async def the_first_mail(house: BackendHouse) -> None:
    mail = await house.newest_mail(PEOPLE["P001"]["mail_secours"])
    assert mail.subject == "Activez votre compte informatique UE"
    assert LOGIN in mail.text


@row("activation_mail", "ACCOUNT_CREATED", "no_backup_mail")
async def no_address_no_mail(house: BackendHouse) -> None:
    account = await house.account(PEOPLE["P010"]["login"])
    assert await house.count(mails, mails.c.account_id == account.id) == 0
    screen = await house.begun("activation-link")
    await screen.act("resend")
    step = await screen.say(contract.ActivationResendAnswer(address=PEOPLE["P010"]["mail_institutionnel"]))
    assert "contactez la DRH" in step.lead, "whoever gets no mail is sent to HR"


@row("activation_mail", "LINK_SENT", "link_opened", "in time")
async def the_activation_link_in_time(house: BackendHouse) -> None:
    assert (await entered(house)).kind == "charter"
    assert (await house.account(LOGIN)).draft.backup_proved_at == house.clock()


@row("activation_mail", "LINK_SENT", "link_opened", "late")
async def the_activation_link_too_late(house: BackendHouse) -> None:
    house.clock.move(days=2)
    screen = await entered(house)
    assert isinstance(screen.step, contract.Expired)
    assert isinstance(await screen.act("resend"), contract.ActivationResend)


@row("activation_mail", "EXPIRED|LINK_SENT", "resend_by_institutional_address")
async def the_activation_mail_again(house: BackendHouse) -> None:
    for person, more in (("P001", 1), ("P003", 0)):
        before = len(await house.mails(PEOPLE[person]["mail_secours"]))
        screen = await house.begun("activation-link")
        await screen.act("resend")
        await screen.say(contract.ActivationResendAnswer(address=PEOPLE[person]["mail_institutionnel"]))
        assert screen.kind == "link_sent"
        assert len(await house.mails(PEOPLE[person]["mail_secours"])) == before + more


# ------------------------------------------------------------------------------------------------ activation_tail


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
    await press_for(walker, walker.forwarding)
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
    assert await entry_of(house) is not None
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
    assert await entry_of(house) is None


@row("activation_tail", "NEW_PASSWORD", "submit", "directory unavailable")
async def the_directory_is_down(house: BackendHouse) -> None:
    async def down(*_: object) -> None:
        raise DirectoryUnavailable

    walker = await robot(house, "P001", "new_password")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(house.house.provisioning, "activate", down)
        await walker.take(walker.screen.step)
    assert walker.screen.kind == "new_password"
    assert await entry_of(house) is None
    await walker.take(walker.screen.step)
    assert walker.screen.kind == "phone_pairing"
