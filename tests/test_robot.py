"""The robot walks all sixty people through both journeys, with the real post: each ends as their row implies."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from api_client.contract import Done, LinkSent, Locale, ProvisionalPassword
from api_client.secret import Secret
from backend.database.tables import directory, second_factors
from backend.situation import RedirectionChoice
from tests.backend_house import PEOPLE, START, BackendHouse, MovableClock
from tests.robot import PASSWORD, Robot

pytest_plugins = ["tests.house_fixtures"]
pytestmark = pytest.mark.asyncio(loop_scope="module")

UNDER_WAY = {"lien_envoye", "lien_expire", "charte_acceptee", "redirection_en_attente"}
BY_LETTER = UNDER_WAY | {"sans_mail_secours"}
QUICK = {"P001", "P004", "P014", "P025", "P056"}
EVERYBODY = [pytest.param(one, marks=() if one in QUICK else pytest.mark.slow) for one in PEOPLE]


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=["activation-letter", "activation-link"])
async def way(
    request: pytest.FixtureRequest, imported: Path, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[tuple[str, BackendHouse]]:
    """One house per journey, its application's lifespan entered, so that mails leave as they do in service."""
    data = tmp_path_factory.mktemp("robot") / "data"
    shutil.copytree(imported, data)
    house = BackendHouse(data, MovableClock(START))
    async with house.app.router.lifespan_context(house.app):
        house.posts = True
        yield request.param, house
    await house.close()


@pytest.mark.parametrize("person", EVERYBODY)
async def test_everybody_ends_where_their_row_says(way: tuple[str, BackendHouse], person: str) -> None:
    journey, house = way
    number = int(person[1:])
    english = number % 2 == (journey == "activation-link")
    locale: Locale = "en" if english else "fr"
    robot = Robot(
        house,
        await house.begun(journey, locale, source=f"192.0.2.{number}"),
        person,
        by_page=number % 3 != 0,
        pairs=number % 5 == 0,
    )
    state = robot.row["etat_initial"]
    if state in (BY_LETTER if journey == "activation-letter" else UNDER_WAY):
        assert isinstance(await robot.walk(), Done)
        await _is_active(robot)
    elif journey == "activation-letter":
        await robot.take(robot.screen.step)
        step = await _try_the_letter(robot)
        assert isinstance(step, ProvisionalPassword)
        assert set(step.errors) == {"password"}
    else:
        before = await house.mails(robot.backup)
        await robot.walk("link_sent")
        assert isinstance(robot.screen.step, LinkSent), "the same screen as for everybody"
        await house.house.background.drain()
        assert await house.mails(robot.backup) == before
        assert await house.house.provisioning.entry(robot.row["login"]) is None or state in ("active", "bloque")


async def _try_the_letter(robot: Robot) -> object:
    await robot.take(robot.screen.step)
    return robot.screen.step


async def _is_active(robot: Robot) -> None:
    """The directory, the account and the password agree with the row."""
    house, login = robot.house.house, robot.row["login"]
    entry = await house.provisioning.entry(login)
    assert entry is not None
    assert entry.listed is (robot.row["annuaire_public"] == "oui")
    assert entry.backup_email == robot.backup
    assert entry.mailbox == ("none" if robot.is_vacataire else "queued")
    assert entry.charter is not None
    if robot.forwarding:
        assert isinstance(entry.redirection, RedirectionChoice)
        assert (entry.redirection.address, entry.redirection.keep_copy) == (robot.forwarding, robot.keeps_copy)
        assert entry.redirection.proved_at is not None
    else:
        assert entry.redirection is None
    account = await robot.house.account(login)
    assert account.status == "active"
    assert account.provisional_hash is None
    assert await house.provisioning.verify(login, Secret(PASSWORD))
    assert not await house.provisioning.verify(login, Secret(robot.row["mdp_provisoire_test"]))
    assert await robot.house.count(directory, directory.c.login == login) == 1
    paired = await robot.house.count(
        second_factors, second_factors.c.account_id == account.id, second_factors.c.confirmed_at.is_not(None)
    )
    assert paired == robot.pairs
