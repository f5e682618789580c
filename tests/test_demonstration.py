"""The cast of the demonstration: every journey has somebody to try, and what they bring is what the screens ask for."""

from importlib import import_module

import pytest

from api_client.contract import Locale
from api_client.demonstration_contract import DemoSight
from api_client.passwords import judge
from api_client.secret import Secret
from backend.demonstration import outbox
from backend.demonstration.cases import Owner, shipped_cases
from backend.demonstration.cast import Cast
from backend.demonstration.outbox import last_mails
from backend.demonstration.owners import give_passwords
from backend.stages.catalogue import STAGES
from screens.frame import StepScreen
from tests.backend_house import BackendHouse

pytest_plugins = ["tests.house_fixtures"]

ELODIE, BLOCKED, PAIRED = "P001", "P009", "P019"
OTPAUTH = "otpauth://totp/UE:e?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=UE"


def seen(kind: str, uri: str = "") -> DemoSight:
    return DemoSight(kind=kind, uri=Secret(uri), key=Secret(""))


def fillable(kind: str) -> frozenset[str]:
    """The fields of that screen which may be filled in."""
    module = import_module(f"screens.{kind}")
    (screen,) = (
        found
        for found in vars(module).values()
        if isinstance(found, type) and issubclass(found, StepScreen) and found.__module__ == module.__name__
    )
    return screen.on_paper


@pytest.fixture
async def cast(house: BackendHouse) -> Cast:
    await give_passwords(house.house)
    return Cast(house.house, house.demo_issuer)


@pytest.mark.parametrize("locale", ["fr", "en"])
async def test_every_journey_has_somebody_who_comes_to_its_end(house: BackendHouse, cast: Cast, locale: Locale) -> None:
    for journey in house.house.library.journeys:
        people = await cast.of(journey, locale)
        assert any(person.works for person in people), journey
        assert len({person.id for person in people}) == len(people)
        assert all(person.story for person in people), journey


async def test_what_they_bring_is_what_the_screens_ask_for(house: BackendHouse, cast: Cast) -> None:
    for journey in house.house.library.journeys.values():
        for person in await cast.of(journey.id, "fr"):
            for kind, filling in person.fills.items():
                assert filling.keys() <= fillable(kind), (person.id, kind)
            assert person.acts.keys() <= STAGES.keys()


async def test_the_welcome_has_one_for_each_door(house: BackendHouse, cast: Cast) -> None:
    doors = [person.fills["welcome"]["journey"] for person in await cast.of("", "en")]
    assert doors == list(house.house.library.journeys)


async def test_people_of_other_realms_have_no_letter(house: BackendHouse, cast: Cast) -> None:
    assert [person.id for person in await cast.of("activation-letter", "fr")] == [f"P{n:03}" for n in range(1, 61)]


async def test_a_journey_that_nobody_knows_has_nobody(cast: Cast) -> None:
    assert await cast.of("no-such-journey", "fr") == []
    assert (await cast.act(ELODIE, "no-such-journey", seen("phone_pairing", OTPAUTH), "fr")).said == ""


@pytest.mark.parametrize("owner", shipped_cases().owners, ids=lambda owner: owner.login)
async def test_the_passwords_that_everybody_knows_are_good_ones(house: BackendHouse, owner: Owner) -> None:
    assert all(verdict.kept for verdict in judge(owner.password.reveal(), house.house.institution.password_policy, ()))


async def test_owners_get_their_password_once(house: BackendHouse, cast: Cast) -> None:
    case = shipped_cases().owners[0]
    assert await house.house.provisioning.verify(case.login, case.password)
    other = await house.house.provisioning.prepare(case.login, Secret("Cormoran-7-Ardoise"))
    async with house.house.store.write() as tx:
        await house.house.provisioning.change_password(tx, case.login, other)
    await give_passwords(house.house)
    assert not await house.house.provisioning.verify(case.login, case.password)
    shown = next(one for one in await cast.of("my-account", "fr") if one.detail == case.login)
    assert shown.paper == ""
    assert shown.fills["current_password"] == {"password": ""}


async def test_the_second_factor_s_code_is_the_one_that_counts_now(house: BackendHouse, cast: Cast) -> None:
    owner = next(one for one in await cast.of("my-account", "fr") if one.id == PAIRED)
    login = shipped_cases().owners[1].login
    async with house.house.store.write() as tx:
        account = await house.account(login)
        code = Secret(owner.fills["second_factor"]["code"])
        assert (await house.house.second_factors.confirm(tx, account.id, code)).result == "right"


async def test_a_phone_reads_a_key_and_nothing_else(cast: Cast) -> None:
    deed = await cast.act(ELODIE, "activation-letter", seen("phone_pairing", OTPAUTH), "fr")
    assert deed.filling["code"].isdecimal()
    assert len(deed.filling["code"]) == 6
    nothing = await cast.act(ELODIE, "activation-letter", seen("phone_pairing"), "fr")
    assert nothing.filling == {}
    assert nothing.said


async def test_an_agent_without_a_request_says_so(cast: Cast) -> None:
    assert (await cast.act(BLOCKED, "assistance", seen("done"), "en")).said == (
        "No request of this person waits for an agent."
    )


async def test_the_last_mails_alone_are_read(house: BackendHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "MOST", 5)
    found = last_mails(house.data / "outbox")
    assert len(found) == 5
    assert [mail.at for mail in found] == sorted((mail.at for mail in found), reverse=True)
    assert last_mails(house.data / "nothing") == []
