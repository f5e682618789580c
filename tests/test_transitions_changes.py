"""Every row of ``transitions.csv`` of what the owner of an active account changes is walked; a new one fails."""

import pytest

from api_client import contract
from api_client.secret import Secret
from backend.stages.current_password import FRESH
from tests.backend_house import PEOPLE, BackendHouse
from tests.robot import PASSWORD
from tests.transitions import CHANGES, Row, Walks, rows
from tests.visits import NEW_BACKUP, NEW_PASSWORD, visiting

pytest_plugins = ["tests.house_fixtures"]
pytestmark = pytest.mark.slow

walks = Walks()
row = walks.row
LOGIN = PEOPLE["P001"]["login"]


@pytest.mark.parametrize("transition", rows(*CHANGES), ids=str)
async def test_the_row_is_walked(house: BackendHouse, transition: Row) -> None:
    await walks.walk(transition, house)


def test_every_walk_has_a_row() -> None:
    assert walks.idle(*CHANGES) == set()


@row("backup_change", "SIGNED_IN", "open")
async def the_form_opens_to_a_fresh_password(house: BackendHouse) -> None:
    visit = await visiting(house)
    house.clock.move(seconds=FRESH.total_seconds() + 1)
    assert isinstance(await visit.choose("backup"), contract.CurrentPassword)
    assert isinstance(await visit.give_password(), contract.BackupEmail)


@row("backup_change", "FORM", "submit")
async def another_address_is_asked_for(house: BackendHouse) -> None:
    visit = await visiting(house)
    await visit.choose("backup")
    for refused in (visit.backup, "moi@univ-exemple.example", "n'importe quoi"):
        step = await visit.screen.say(contract.BackupEmailAnswer(address=refused, confirmation=refused))
        assert set(step.errors) == {"address"}
    step = await visit.screen.say(contract.BackupEmailAnswer(address=NEW_BACKUP, confirmation=NEW_BACKUP))
    assert isinstance(step, contract.LinkSent)
    assert (await house.newest_mail(NEW_BACKUP)).subject == "Confirmez votre nouvelle adresse de secours"
    assert (await house.newest_mail(visit.backup)).subject == "Votre adresse de secours va changer"


@row("backup_change", "PENDING", "link_opened")
async def the_new_address_is_proved(house: BackendHouse) -> None:
    visit = await visiting(house)
    mail = await visit.ask_for_backup()
    step = visit.screen.step
    assert isinstance(step, contract.LinkSent)
    await house.press(mail, step.number)
    assert isinstance(await visit.screen.look(), contract.Menu)
    entry = await house.house.provisioning.entry(LOGIN)
    assert entry is not None
    assert entry.backup_email == NEW_BACKUP


@row("password_change", "SIGNED_IN", "submit")
async def another_password(house: BackendHouse) -> None:
    visit = await visiting(house)
    await visit.choose("password")
    step = await visit.set_password()
    assert isinstance(step, contract.Notice)
    assert await house.house.provisioning.verify(LOGIN, Secret(NEW_PASSWORD))
    assert not await house.house.provisioning.verify(LOGIN, Secret(PASSWORD))
    assert (await house.newest_mail(visit.backup)).subject == "Votre mot de passe UE a été modifié"
