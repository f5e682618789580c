"""A try that is refused counts nowhere: whoever insists uses up what nobody else needs (security.md §2, §5)."""

from datetime import timedelta

import pytest

from api_client import contract
from api_client.contract import AnyStep
from api_client.secret import Secret
from backend import throttle
from tests.backend_house import PEOPLE, BackendHouse, Screen, letter
from tests.robot import PASSWORD
from tests.trying import counted, tried
from tests.visits import NEW_BACKUP, activated, visiting

pytest_plugins = ["tests.house_fixtures"]
pytestmark = pytest.mark.slow

STRANGER, OWNER = "198.51.100.9", "192.0.2.77"
UNKNOWN = "p99999999999"


def said(house: BackendHouse, key: str) -> str:
    return house.house.library.say(key, "fr")


async def at_the_account(house: BackendHouse, login: str, source: str) -> Screen:
    screen = await house.begun("my-account", source=source)
    await screen.say(contract.LoginAnswer(login=login))
    return screen


async def give(screen: Screen, password: str) -> AnyStep:
    return await screen.say(contract.CurrentPasswordAnswer(password=Secret(password)))


async def ask_for_a_mail(house: BackendHouse, address: str, source: str) -> contract.LinkSent:
    screen = await house.begun("activation-link", source=source)
    await screen.act("resend")
    step = await screen.say(contract.ActivationResendAnswer(address=address))
    assert isinstance(step, contract.LinkSent), "the same screen, mail or no mail"
    return step


# ----------------------------------------------------------------------------------------------------- a password


async def test_one_address_keeps_no_owner_out(house: BackendHouse) -> None:
    """Five are weighed; all others bring the owner no nearer to the hundred that make them wait."""
    visit = await activated(house)
    await tried(house, 94, throttle.PASSWORD_ACCOUNT, visit.login)
    stranger = await at_the_account(house, visit.login, STRANGER)
    for _ in range(5):
        assert (await give(stranger, "Pas-Celui-La-2026")).errors == {"password": said(house, "password_wrong")}
    for _ in range(3):
        assert "Trop d’essais" in (await give(stranger, PASSWORD)).errors["password"]
    assert await counted(house, throttle.PASSWORD_ACCOUNT, visit.login) == 99
    assert isinstance(await give(await at_the_account(house, visit.login, OWNER), PASSWORD), contract.Menu)


@pytest.mark.parametrize("known", [True, False], ids=["somebody", "nobody"])
async def test_a_hundred_in_a_row_from_everywhere_make_everybody_wait_a_minute(
    house: BackendHouse, known: bool
) -> None:
    """And so they do for a login that nobody has."""
    visit = await activated(house)
    login = visit.login if known else UNKNOWN
    await tried(house, 99, throttle.PASSWORD_ACCOUNT, login)
    assert (await give(await at_the_account(house, login, STRANGER), "Pas-Celui-La-2026")).errors == {
        "password": said(house, "password_wrong")
    }
    here = await at_the_account(house, login, OWNER)
    step = await give(here, PASSWORD)
    assert isinstance(step, contract.CurrentPassword)
    assert step.retry_at == house.clock() + timedelta(minutes=1)
    assert await counted(house, throttle.PASSWORD_PAIR, login, OWNER) == 0, "a try that was not weighed is none"
    house.clock.move(minutes=1)
    step = await give(here, PASSWORD)
    assert isinstance(step, contract.Menu if known else contract.CurrentPassword)


async def test_a_place_past_its_thirty_adds_nothing_to_any_login(house: BackendHouse) -> None:
    """Or it would fill the table with names, each of which is kept for sixty days."""
    await tried(house, 30, throttle.SOURCE, STRANGER)
    screen = await at_the_account(house, UNKNOWN, STRANGER)
    assert "Trop d’essais" in (await give(screen, PASSWORD)).errors["password"]
    assert await counted(house, throttle.PASSWORD_ACCOUNT, UNKNOWN) == 0
    assert await counted(house, throttle.PASSWORD_PAIR, UNKNOWN, STRANGER) == 0


async def test_somebody_who_insists_on_a_letter_keeps_nobody_beside_them_out(house: BackendHouse) -> None:
    """One who waits for a minute, and goes on pressing Enter, is no reason to refuse the next person's letter."""
    await tried(house, 24, throttle.SOURCE, STRANGER)
    insisting = await house.begun(source=STRANGER)
    await insisting.login(PEOPLE["P002"]["login"], "aaaa-bbbb-cccc")
    for _ in range(7):
        await insisting.say(contract.ProvisionalPasswordAnswer(password=Secret("aaaa-bbbb-cccc")))
    assert "Trop d’essais" in insisting.step.errors["password"]
    beside = await house.begun(source=STRANGER)
    assert isinstance(await beside.login(*letter("P001")), contract.BackupEmail)


# --------------------------------------------------------------------------------------------------------- a mail


async def test_a_place_past_its_twenty_mails_silences_nobody_else_s(house: BackendHouse) -> None:
    address, backup = PEOPLE["P001"]["mail_institutionnel"], PEOPLE["P001"]["mail_secours"]
    before = len(await house.mails(backup))
    await tried(house, 20, throttle.RESEND_SOURCE, STRANGER)
    for _ in range(3):
        await ask_for_a_mail(house, address, STRANGER)
    assert len(await house.mails(backup)) == before, "none was sent"
    await ask_for_a_mail(house, address, OWNER)
    assert len(await house.mails(backup)) == before + 1


async def test_an_address_past_its_three_mails_uses_up_nothing_of_the_place(house: BackendHouse) -> None:
    await tried(house, 3, throttle.RESEND_ACCOUNT, "personne@univ-exemple.example")
    for _ in range(2):
        await ask_for_a_mail(house, "Personne@univ-exemple.example", OWNER)
    assert await counted(house, throttle.RESEND_SOURCE, OWNER) == 0


async def test_a_full_mailbox_uses_up_no_mail_of_the_person(house: BackendHouse) -> None:
    """The address that somebody else may have filled: its ten a day are not the person's own ten an hour."""
    visit = await visiting(house)
    account = await house.account(visit.login)
    sent = await counted(house, throttle.SENDER, account.id)
    await tried(house, 10, throttle.DESTINATION, NEW_BACKUP)
    await visit.choose("backup")
    step = await visit.screen.say(contract.BackupEmailAnswer(address=NEW_BACKUP, confirmation=NEW_BACKUP))
    assert isinstance(step, contract.LinkSent)
    assert "Trop de mails" in step.errors[""]
    assert await counted(house, throttle.SENDER, account.id) == sent
    assert await counted(house, throttle.RESEND, account.id, "backup_change", NEW_BACKUP) == 0
