"""Who comes back to an active account: its password, the paired phone, and nobody who is guessing."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from api_client import contract
from api_client.secret import Secret
from backend.provisioning import Amendment
from backend.stages.current_password import FRESH
from tests.backend_house import PEOPLE, BackendHouse
from tests.robot import PASSWORD, robot
from tests.visits import activated, visiting

pytest_plugins = ["tests.house_fixtures"]


def said(house: BackendHouse, key: str, **values: object) -> str:
    return house.house.library.say(key, "fr", **values)


async def test_the_password_leads_to_the_menu_and_not_into_an_activation(house: BackendHouse) -> None:
    visit = await visiting(house)
    step = visit.screen.step
    assert isinstance(step, contract.Menu)
    assert step.notice == "", "nothing is resumed"
    assert [choice.id for choice in step.choices] == [
        "backup", "password", "redirection", "directory", "phone", "finish",
    ]  # fmt: skip
    assert visit.screen.enrolment.can_go_back is False


@pytest.mark.parametrize("typed", ["P00000400013", "elefevre", "elodie.lefevre@univ-exemple.example"])
async def test_login_alias_and_address_mean_the_same_person(house: BackendHouse, typed: str) -> None:
    visit = await activated(house)
    row = PEOPLE["P001"]
    named = {"P00000400013": row["login"].upper(), "elefevre": row["supannAliasLogin"]}
    await visit.screen.say(contract.LoginAnswer(login=named.get(typed, row["mail_institutionnel"])))
    assert isinstance(await visit.give_password(), contract.Menu)


async def test_every_reason_for_a_refusal_reads_the_same(house: BackendHouse) -> None:
    """Unknown, never activated, locked, expired, active elsewhere before, wrong: one sentence."""
    visit = await activated(house)
    await robot(house, "P002", "charter", source="192.0.2.7")
    locked = await activated(house, "P004")
    await house.lock(locked.login)
    tries = {
        "unknown": ("p99999999999", PASSWORD),
        "not activated": (PEOPLE["P007"]["login"], PEOPLE["P007"]["mdp_provisoire_test"]),
        "on the way": (PEOPLE["P002"]["login"], PASSWORD),
        "active before, elsewhere": (PEOPLE["P003"]["login"], PEOPLE["P003"]["mdp_provisoire_test"] or "x"),
        "locked, with the right one": (locked.login, PASSWORD),
        "locked before": (PEOPLE["P009"]["login"], PEOPLE["P009"]["mdp_provisoire_test"]),
        "wrong": (visit.login, "Un-Autre-Mot-2026"),
    }
    for reason, (login, password) in tries.items():
        screen = await house.begun("my-account", source="192.0.2.50")
        await screen.say(contract.LoginAnswer(login=login))
        step = await screen.say(contract.CurrentPasswordAnswer(password=Secret(password)))
        assert isinstance(step, contract.CurrentPassword), reason
        assert step.errors == {"password": said(house, "password_wrong")}, reason


async def test_five_wrong_ones_and_then_a_wait_that_other_places_do_not_share(house: BackendHouse) -> None:
    visit = await activated(house)
    await visit.screen.say(contract.LoginAnswer(login=visit.login))
    for _ in range(5):
        assert (await visit.give_password("Pas-Celui-La-2026")).errors == {"password": said(house, "password_wrong")}
    step = await visit.give_password()
    assert isinstance(step, contract.CurrentPassword)
    assert step.retry_at == house.clock() + timedelta(minutes=1)
    elsewhere = await house.begun("my-account", source="192.0.2.77")
    await elsewhere.say(contract.LoginAnswer(login=visit.login))
    assert isinstance(await elsewhere.say(contract.CurrentPasswordAnswer(password=Secret(PASSWORD))), contract.Menu), (
        "whoever guesses elsewhere keeps nobody out"
    )
    house.clock.move(minutes=1)
    await elsewhere.say(contract.MenuAnswer(choice="finish"))
    assert isinstance(await visit.give_password(), contract.Menu)
    actions = await house.actions(visit.login)
    assert actions.count("login.password.ko") == 5
    assert actions.count("login.password.ok") == 2


async def test_the_phone_is_asked_for_and_its_code_works_once(house: BackendHouse) -> None:
    visit = await activated(house, pairs=True)
    assert isinstance(await visit.sign_in(), contract.SecondFactor)
    right = visit.phone
    for text, key in (("12345", "second_factor_form"), ("000000", "second_factor_wrong")):
        if text == right.reveal():  # one time in a million
            continue
        assert (await visit.screen.say(contract.SecondFactorAnswer(code=Secret(text)))).errors == {
            "code": said(house, key)
        }
    assert isinstance(await visit.screen.say(contract.SecondFactorAnswer(code=right)), contract.Menu)
    again = await house.begun("my-account", source="192.0.2.3")
    await again.say(contract.LoginAnswer(login=visit.login))
    await again.say(contract.CurrentPasswordAnswer(password=Secret(PASSWORD)))
    assert (await again.say(contract.SecondFactorAnswer(code=right))).errors == {
        "code": said(house, "second_factor_wrong")
    }


async def test_a_recovery_code_replaces_the_phone_once_and_says_how_many_are_left(house: BackendHouse) -> None:
    visit = await activated(house, pairs=True)
    await visit.sign_in()
    code = visit.recovery_codes[3].lower().replace("-", " ")
    step = await visit.screen.say(contract.SecondFactorAnswer(code=Secret(code)))
    assert isinstance(step, contract.Menu)
    assert step.notice == said(house, "recovery_code_used", left=9)
    await visit.choose("finish")
    again = await house.begun("my-account")
    await again.say(contract.LoginAnswer(login=visit.login))
    await again.say(contract.CurrentPasswordAnswer(password=Secret(PASSWORD)))
    assert (await again.say(contract.SecondFactorAnswer(code=Secret(visit.recovery_codes[3])))).errors
    assert isinstance(await again.say(contract.SecondFactorAnswer(code=Secret(visit.recovery_codes[0]))), contract.Menu)


async def test_recovery_codes_cannot_be_guessed_at_leisure(house: BackendHouse) -> None:
    visit = await activated(house, pairs=True)
    await visit.sign_in()
    for _ in range(5):
        await visit.screen.say(contract.SecondFactorAnswer(code=Secret("ABCD-EFGH-JKMNP")))
    step = await visit.screen.say(contract.SecondFactorAnswer(code=Secret(visit.recovery_codes[0])))
    assert step.errors == {"code": said(house, "code_wait", until="11 h 01")}
    assert isinstance(await visit.screen.say(contract.SecondFactorAnswer(code=visit.phone)), contract.Menu)


async def test_the_password_alone_ends_no_other_screen(house: BackendHouse) -> None:
    """Whoever has stolen it has no phone: the owner's screen goes on."""
    visit = await activated(house, pairs=True)
    await visit.sign_in()
    await visit.screen.say(contract.SecondFactorAnswer(code=visit.phone))
    thief = await house.begun("my-account", source="198.51.100.1")
    await thief.say(contract.LoginAnswer(login=visit.login))
    assert isinstance(await thief.say(contract.CurrentPasswordAnswer(password=Secret(PASSWORD))), contract.SecondFactor)
    assert isinstance(await visit.screen.look(), contract.Menu)
    house.clock.move(seconds=30)
    step = await thief.say(contract.SecondFactorAnswer(code=visit.phone))
    assert isinstance(step, contract.TakeOver), "the phone speaks for its owner, who is asked which screen goes on"
    assert isinstance(await thief.say(contract.TakeOverAnswer(here=True)), contract.Menu)
    assert isinstance(await visit.screen.look(), contract.HandedOver)


async def test_a_change_asks_for_the_password_again_after_ten_minutes(house: BackendHouse) -> None:
    visit = await visiting(house)
    house.clock.move(seconds=FRESH.total_seconds() + 1)
    step = await visit.choose("directory")
    assert isinstance(step, contract.CurrentPassword)
    assert step.notice == said(house, "password_again")
    assert visit.screen.enrolment.can_go_back is False
    assert (await visit.give_password("Pas-Celui-La-2026")).errors
    assert isinstance(await visit.give_password(), contract.PublicDirectory)
    await visit.screen.back()
    assert isinstance(await visit.choose("directory"), contract.PublicDirectory), "it is fresh again"


async def test_the_password_asked_again_may_be_declined(house: BackendHouse) -> None:
    visit = await visiting(house)
    house.clock.move(minutes=11)
    await visit.choose("password")
    assert isinstance(await visit.screen.act("cancel"), contract.Menu)
    assert isinstance(await visit.choose("finish"), contract.Done), "leaving changes nothing, and asks nothing"


async def test_left_alone_for_half_an_hour_everything_is_asked_again(house: BackendHouse) -> None:
    visit = await visiting(house)
    house.clock.move(minutes=31)
    assert isinstance(await visit.screen.look(), contract.Expired)
    assert isinstance(await visit.screen.act("restart"), contract.Login)
    assert isinstance(await visit.sign_in(), contract.Menu)


async def test_a_lock_shuts_the_screen_at_its_next_look(house: BackendHouse) -> None:
    visit = await visiting(house)
    await house.lock(visit.login)
    assert isinstance(await visit.choose("directory"), contract.Locked)


async def test_a_new_version_of_the_charter_is_asked_before_anything(house: BackendHouse) -> None:
    visit = await activated(house)
    async with house.house.store.write() as tx:
        entry = await house.house.provisioning.entry(visit.login)
        assert entry is not None
        assert entry.charter is not None
        former = Amendment(charter=replace(entry.charter, version="2020-09"))
        await house.house.provisioning.amend(tx, visit.login, former)
    step = await visit.sign_in()
    assert isinstance(step, contract.Charter)
    step = await visit.screen.say(contract.CharterAnswer(accepted=True, sha256=step.sha256))
    assert isinstance(step, contract.Menu)
    assert step.notice == said(house, "changed_charter")
    entry = await house.house.provisioning.entry(visit.login)
    assert entry is not None
    assert entry.charter is not None
    assert entry.charter.version == house.house.institution.charter_version
