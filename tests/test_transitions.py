"""Every row of ``transitions.csv`` of the account, the link and the two ways in is walked; a new row fails here."""

import pytest

from api_client import contract
from api_client.secret import Secret
from backend.database.tables import mails, proofs
from backend.provisioning import Suspension
from backend.recovery import issue_recovery
from backend.suspension import block, end_contracts
from tests.backend_house import PEOPLE, BackendHouse, Screen, letter, paris
from tests.robot import PASSWORD, Robot, robot
from tests.transitions import WAY_IN, Row, Walks, rows
from tests.visits import NEW_PASSWORD, activated, visiting

pytest_plugins = ["tests.house_fixtures"]
pytestmark = pytest.mark.slow

walks = Walks()
row = walks.row
LOGIN = PEOPLE["P001"]["login"]


@pytest.mark.parametrize("transition", rows(*WAY_IN), ids=str)
async def test_the_row_is_walked(house: BackendHouse, transition: Row) -> None:
    await walks.walk(transition, house)


def test_every_walk_has_a_row() -> None:
    assert walks.idle(*WAY_IN) == set()


async def entered(house: BackendHouse, person: str = "P001") -> Screen:
    """Somebody who typed the code of their first activation mail."""
    screen = await house.begun("activation-link")
    first = (await house.mails(PEOPLE[person]["mail_secours"]))[0]
    await screen.say(contract.ActivationCodeAnswer(code=Secret(first.code)))
    return screen


# ------------------------------------------------------------------------------------------------------- account


@row("account", "(none)", "hr_record_created")
async def hr_registers(house: BackendHouse) -> None:
    assert (await house.account(LOGIN)).status == "inactive"
    assert await house.house.provisioning.entry(LOGIN) is None, "the directory is written once, at the end"


@row("account", "PRECREATED", "account_provisioned")
async def an_account_gets_its_mail_or_its_letter(house: BackendHouse) -> None:
    assert LOGIN in (await house.newest_mail(PEOPLE["P001"]["mail_secours"])).text
    assert (await house.account(LOGIN)).provisional_hash is not None


@row("account", "INACTIVE", "activation_completed")
async def an_activation_makes_it_active(house: BackendHouse) -> None:
    await robot(house, "P001", "done")
    assert (await house.account(LOGIN)).status == "active"
    assert await house.house.provisioning.verify(LOGIN, Secret(PASSWORD))


@row("account", "ACTIVE", "security_block")
async def a_danger_locks_it(house: BackendHouse) -> None:
    visit = await visiting(house)
    async with house.house.store.write() as tx:
        await block(house.house, tx, await house.account(LOGIN), "phishing")
    assert (await house.account(LOGIN)).status == "locked"
    entry = await house.house.provisioning.entry(LOGIN)
    assert entry is not None
    assert entry.suspension == Suspension(why="blocked", since=house.clock())
    assert not await house.house.provisioning.verify(LOGIN, Secret(PASSWORD))
    assert isinstance(await visit.screen.look(), contract.Locked)
    account = await house.account(LOGIN)
    assert await house.count(proofs, proofs.c.account_id == account.id, proofs.c.revoked_at.is_(None)) == 0


@row("account", "LOCKED", "agent_unlock")
async def an_agent_unlocks_it(house: BackendHouse) -> None:
    visit = await activated(house)
    async with house.house.store.write() as tx:
        await block(house.house, tx, await house.account(LOGIN), "manual")
    async with house.house.store.write() as tx:
        await issue_recovery(house.house, tx, await house.account(LOGIN))
    assert (await house.account(LOGIN)).status != "active", "not before the new password, which is mandatory"
    screen = await house.begun("recovery")
    await screen.say(contract.ActivationCodeAnswer(code=Secret((await house.newest_mail(visit.backup)).code)))
    chosen = Secret(NEW_PASSWORD)
    await screen.say(contract.NewPasswordAnswer(password=chosen, confirmation=chosen))
    assert (await house.account(LOGIN)).status == "active"
    assert await house.house.provisioning.verify(LOGIN, chosen)


@row("account", "ACTIVE", "contract_end")
async def its_contract_ends(house: BackendHouse) -> None:
    visit = await activated(house, "P024")
    house.clock.set(paris("2027-09-01 00:00"))
    await end_contracts(house.house)
    assert (await house.account(visit.login)).status == "expired"
    entry = await house.house.provisioning.entry(visit.login)
    assert entry is not None
    assert entry.suspension == Suspension(why="expired", since=house.clock())


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
    await walker.take(walker.screen.step)
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
    await walker.take(walker.screen.step)
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
