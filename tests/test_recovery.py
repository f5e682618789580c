"""An account in danger is shut at once, and opens again by a new password alone, through the verified address."""

from datetime import timedelta

import pytest

from api_client import contract
from api_client.secret import Secret
from backend.danger import Danger
from backend.recovery import NotRecoverable, issue_recovery
from backend.suspension import NotBlocked, block, end_contracts
from tests.backend_house import PEOPLE, BackendHouse, Mail, Screen, paris
from tests.robot import PASSWORD, robot
from tests.visits import NEW_BACKUP, NEW_PASSWORD, Visit, activated, visiting

pytest_plugins = ["tests.house_fixtures"]


def said(house: BackendHouse, key: str, **values: object) -> str:
    return house.house.library.say(key, "fr", **values)


async def shut(house: BackendHouse, login: str, danger: Danger = "phishing") -> None:
    async with house.house.store.write() as tx:
        await block(house.house, tx, await house.account(login), danger)


async def unlocked(house: BackendHouse, login: str, address: str) -> Mail:
    """The mail that the owner gets once an agent has identified them."""
    async with house.house.store.write() as tx:
        await issue_recovery(house.house, tx, await house.account(login))
    return await house.newest_mail(address)


async def at_recovery(house: BackendHouse, mail: Mail, source: str = "192.0.2.1") -> Screen:
    screen = await house.begun("recovery", source=source)
    await screen.say(contract.ActivationCodeAnswer(code=Secret(mail.code)))
    return screen


def chosen(password: str = NEW_PASSWORD) -> contract.NewPasswordAnswer:
    return contract.NewPasswordAnswer(password=Secret(password), confirmation=Secret(password))


async def status(house: BackendHouse, login: str) -> str:
    return (await house.account(login)).status


async def test_a_lock_ends_the_password_the_links_and_the_screens(house: BackendHouse) -> None:
    visit = await visiting(house)
    mail = await visit.ask_for_backup()
    step = visit.screen.step
    assert isinstance(step, contract.LinkSent)
    await shut(house, visit.login)
    assert await status(house, visit.login) == "locked"
    assert not await house.house.provisioning.verify(visit.login, Secret(PASSWORD))
    assert "<form" not in await house.press(mail, step.number)
    assert isinstance(await visit.screen.look(), contract.Locked)
    assert (await house.actions(visit.login))[-1] == "account.locked"


async def test_an_intruder_s_screen_does_not_outlive_a_quick_unlock(house: BackendHouse) -> None:
    visit = await visiting(house)
    await shut(house, visit.login)
    await unlocked(house, visit.login, visit.backup)
    assert isinstance(await visit.choose("directory"), contract.Locked)


@pytest.mark.parametrize("person", ["P002", "P009"], ids=["not activated", "locked already"])
async def test_there_may_be_nothing_to_lock(house: BackendHouse, person: str) -> None:
    with pytest.raises(NotBlocked) as told:
        await shut(house, PEOPLE[person]["login"])
    assert PEOPLE[person]["login"] in told.value.french


async def test_only_the_new_password_opens_the_account_again(house: BackendHouse) -> None:
    visit = await activated(house)
    await shut(house, visit.login)
    mail = await unlocked(house, visit.login, visit.backup)
    assert mail.subject == "Choisissez un nouveau mot de passe UE"
    assert await status(house, visit.login) == "unlocking"
    assert isinstance(await visit.sign_in(), contract.CurrentPassword), "the former one opens nothing"
    screen = await at_recovery(house, mail)
    assert isinstance(screen.step, contract.NewPassword)
    assert (await screen.say(chosen(PASSWORD))).errors, "what was stolen may not come back"
    done = await screen.say(chosen())
    assert isinstance(done, contract.Done)
    assert done.title == "Votre compte est de nouveau ouvert"
    assert done.set_up == (said(house, "changed_password"),)
    assert await status(house, visit.login) == "active"
    assert await house.house.provisioning.verify(visit.login, Secret(NEW_PASSWORD))
    assert [one for one in await house.actions(visit.login) if one.startswith(("account", "password"))][-4:] == [
        "account.locked", "account.unlocking", "password.changed", "account.unlocked",
    ]  # fmt: skip
    assert (await house.newest_mail(visit.backup)).subject == "Votre mot de passe UE a été modifié"
    assert isinstance(await visit.give_password(NEW_PASSWORD), contract.Menu)


async def test_its_code_works_once_until_its_deadline_and_again_until_then(house: BackendHouse) -> None:
    visit = await activated(house)
    await shut(house, visit.login)
    mail = await unlocked(house, visit.login, visit.backup)
    house.clock.move(minutes=10)
    await at_recovery(house, mail)
    house.clock.move(minutes=2)
    back = await at_recovery(house, mail)
    assert isinstance(back.step, contract.NewPassword), "opening is not consuming"
    await back.say(chosen())
    again = await at_recovery(house, mail)
    assert again.step.errors == {"code": said(house, "code_wrong")}


async def test_past_thirty_minutes_it_says_whom_to_call(house: BackendHouse) -> None:
    visit = await activated(house)
    await shut(house, visit.login)
    mail = await unlocked(house, visit.login, visit.backup)
    house.clock.move(minutes=30, seconds=1)
    screen = await at_recovery(house, mail)
    assert isinstance(screen.step, contract.Expired)
    assert "Rappelez l’assistance" in screen.step.lead
    assert isinstance(await screen.act("restart"), contract.ActivationCode)
    assert await status(house, visit.login) == "unlocking", "and it stays shut"


async def test_its_page_says_where_to_go_on(house: BackendHouse) -> None:
    visit = await activated(house)
    await shut(house, visit.login)
    mail = await unlocked(house, visit.login, visit.backup)
    assert "J’ai reçu un mail" in await house.press(mail)
    assert isinstance((await at_recovery(house, mail)).step, contract.NewPassword)


async def test_another_lock_ends_the_recovery(house: BackendHouse) -> None:
    visit = await activated(house)
    await shut(house, visit.login)
    mail = await unlocked(house, visit.login, visit.backup)
    screen = await at_recovery(house, mail)
    await shut(house, visit.login, "suspicious")
    assert isinstance(await screen.say(chosen()), contract.Locked)
    assert (await at_recovery(house, mail)).step.errors == {"code": said(house, "code_wrong")}
    assert await status(house, visit.login) == "locked"


async def test_the_mail_goes_to_the_verified_address_and_to_no_other(house: BackendHouse) -> None:
    """Neither to one that is only asked for, nor to the one that HR typed once."""
    visit = await visiting(house)
    mail = await visit.ask_for_backup()
    await unlocked(house, visit.login, visit.backup)
    assert len(await house.mails(NEW_BACKUP)) == 1
    await visit.screen.say(contract.LinkSentAnswer(code=Secret(mail.code)))
    before = len(await house.mails(visit.backup))
    await unlocked(house, visit.login, NEW_BACKUP)
    assert len(await house.mails(visit.backup)) == before


async def test_somebody_locked_before_perron_gets_back_in(house: BackendHouse) -> None:
    row = PEOPLE["P009"]
    mail = await unlocked(house, row["login"], row["mail_secours"])
    screen = await at_recovery(house, mail)
    assert isinstance(await screen.say(chosen()), contract.Done)
    visit = Visit(house, await house.begun("my-account"), "P009")
    assert isinstance(await visit.sign_in(NEW_PASSWORD), contract.Charter)


async def test_somebody_never_activated_has_nothing_to_recover(house: BackendHouse) -> None:
    await robot(house, "P002", "charter")
    with pytest.raises(NotRecoverable):
        await unlocked(house, PEOPLE["P002"]["login"], "")


async def test_an_account_ends_with_its_contract_and_opens_again_with_another(house: BackendHouse) -> None:
    visit = await visiting(house, "P024")
    house.clock.set(paris("2027-08-31 23:59"))
    await end_contracts(house.house)
    assert await status(house, visit.login) == "active", "the last day is a day"
    house.clock.move(minutes=1)
    await end_contracts(house.house)
    assert await status(house, visit.login) == "expired"
    assert not await house.house.provisioning.verify(visit.login, Secret(PASSWORD))
    step = await visit.screen.look()
    assert isinstance(step, contract.Locked)
    assert "contrat" in step.lead
    with pytest.raises(NotRecoverable):
        await unlocked(house, visit.login, visit.backup)
    house.clock.set(paris("2027-08-31 12:00") - timedelta(days=1))  # as if HR had prolonged it
    mail = await unlocked(house, visit.login, visit.backup)
    assert isinstance(await (await at_recovery(house, mail)).say(chosen()), contract.Done)
    assert await status(house, visit.login) == "active"


async def test_nobody_else_expires(house: BackendHouse) -> None:
    staff = await activated(house)
    house.clock.set(paris("2040-01-01 00:00"))
    await end_contracts(house.house)
    assert await status(house, staff.login) == "active", "no end is known"
    assert await status(house, PEOPLE["P024"]["login"]) == "inactive", "what was never active does not end"
