"""The letter's password: typing errors, waits that double, twenty-five a day, a hundred and the letter is void."""

from datetime import timedelta

import pytest

from api_client import contract
from api_client.codes import with_check
from api_client.secret import Secret
from backend.database.tables import audit
from backend.throttle import VOID_LETTER_AFTER
from tests.backend_house import PEOPLE, BackendHouse, Screen, letter
from tests.robot import robot

pytest_plugins = ["tests.house_fixtures"]

LOGIN, PASSWORD = letter("P001")


def said(house: BackendHouse, key: str) -> str:
    return house.house.library.say(key, "fr")


async def at_the_password(house: BackendHouse, login: str = LOGIN, source: str = "192.0.2.1") -> Screen:
    screen = await house.begun(source=source)
    await screen.say(contract.LoginAnswer(login=login))
    return screen


async def tried(screen: Screen, password: str = "aaaa-bbbb-cccc") -> contract.AnyStep:
    return await screen.say(contract.ProvisionalPasswordAnswer(password=Secret(password)))


@pytest.mark.parametrize("login", [LOGIN.upper(), f" {LOGIN} ", "ELEFEVRE", "Elodie.Lefevre@univ-exemple.example"])
@pytest.mark.parametrize("password", ["g9cf-9hqy-atc2", "g9cf9hqyatc2", " g9cf 9hqy atc2 "])
async def test_what_is_printed_may_be_typed_in_any_of_its_forms(house: BackendHouse, login: str, password: str) -> None:
    assert isinstance(await tried(await at_the_password(house, login), password), contract.BackupEmail)


@pytest.mark.parametrize("login", ["", " ", "x", "é" * 5, "a b", "x" * 65, "p0\x1b[2J", "*)(uid=*", "p\u202e1"])
async def test_what_no_login_looks_like_is_told_at_once(house: BackendHouse, login: str) -> None:
    screen = await house.begun()
    step = await screen.say(contract.LoginAnswer(login=login))
    assert isinstance(step, contract.Login)
    assert set(step.errors) == {"login"}


async def test_a_typing_error_is_told_and_costs_no_try(house: BackendHouse) -> None:
    """Thirteen characters whose last one does not agree: no password of ours, whoever types it."""
    right = with_check("0123456789AB")
    mistyped = f"1{right[1:]}"
    screen = await at_the_password(house)
    for _ in range(10):
        step = await tried(screen, mistyped)
        assert step.errors == {"password": said(house, "provisional_typo")}
    assert isinstance(await tried(screen, PASSWORD), contract.BackupEmail)


async def test_five_tries_are_free_and_then_the_wait_doubles_to_an_hour(house: BackendHouse) -> None:
    screen = await at_the_password(house)
    for _ in range(5):
        assert (await tried(screen)).errors == {"password": said(house, "provisional_wrong")}
    for minutes in (1, 2, 4, 8, 16, 32, 60, 60):
        step = await tried(screen, PASSWORD)
        assert isinstance(step, contract.ProvisionalPassword)
        assert step.retry_at == house.clock() + timedelta(minutes=minutes), "even the right one waits"
        # Somebody sits there, and looks: long waits are longer than the idleness that ends a screen.
        house.clock.move(minutes=minutes, seconds=-1)
        screen = await at_the_password(house)
        assert "Trop d’essais" in (await tried(screen, PASSWORD)).errors["password"]
        house.clock.move(seconds=1)
        assert (await tried(screen)).errors == {"password": said(house, "provisional_wrong")}
    house.clock.move(hours=1)
    assert isinstance(await tried(await at_the_password(house), PASSWORD), contract.BackupEmail)


@pytest.mark.slow
async def test_twenty_five_tries_a_day_from_one_place(house: BackendHouse) -> None:
    weighed = 0
    for _ in range(60):
        if "Trop" not in (await tried(await at_the_password(house))).errors["password"]:
            weighed += 1
        house.clock.move(minutes=24)
    assert weighed == 25
    elsewhere = await at_the_password(house, source="198.51.100.1")
    assert isinstance(await tried(elsewhere, PASSWORD), contract.BackupEmail), "nobody is locked out by a stranger"


async def test_login_alias_and_address_share_their_tries(house: BackendHouse) -> None:
    names = (LOGIN, "elefevre", PEOPLE["P001"]["mail_institutionnel"], LOGIN.upper(), "ELEFEVRE")
    for name in names:
        assert (await tried(await at_the_password(house, name))).errors == {
            "password": said(house, "provisional_wrong")
        }
    for name in names:
        assert "Trop d’essais" in (await tried(await at_the_password(house, name), PASSWORD)).errors["password"]


async def test_an_unknown_login_waits_as_long(house: BackendHouse) -> None:
    for number in range(6):
        known = await tried(await at_the_password(house))
        assert known == await tried(await at_the_password(house, "p99999999999"))
        assert ("Trop d’essais" in known.errors["password"]) == (number == 5)


@pytest.mark.slow
async def test_a_hundred_failures_void_the_letter(house: BackendHouse) -> None:
    """From many places, none of which is slowed down: the hundred and first finds nothing left to guess."""
    for number in range(VOID_LETTER_AFTER - 1):
        await tried(await at_the_password(house, source=f"198.51.100.{number}"))
    assert (await house.account(LOGIN)).provisional_hash is not None
    right = await at_the_password(house, source="203.0.113.1")
    assert isinstance(await tried(right, PASSWORD), contract.BackupEmail), "the hundredth may still be right"

    for number in range(VOID_LETTER_AFTER):
        await tried(await at_the_password(house, source=f"203.0.113.{number + 2}"))
    late = await at_the_password(house, source="192.0.2.200")
    assert (await tried(late, PASSWORD)).errors == {"password": said(house, "provisional_wrong")}
    assert (await house.account(LOGIN)).provisional_hash is None
    assert await house.count(audit, audit.c.action == "letter.voided") == 1


@pytest.mark.slow
async def test_thirty_tries_in_five_minutes_from_one_place_whoever_they_are_about(house: BackendHouse) -> None:
    for number in range(30):
        step = await tried(await at_the_password(house, f"p9999999{number:04}"))
        assert step.errors == {"password": said(house, "provisional_wrong")}
    assert "Trop d’essais" in (await tried(await at_the_password(house), PASSWORD)).errors["password"]
    house.clock.move(minutes=5)
    assert isinstance(await tried(await at_the_password(house), PASSWORD), contract.BackupEmail)


async def test_the_letters_password_is_not_to_be_chosen_again(house: BackendHouse) -> None:
    walker = await robot(house, "P001", "new_password")
    await house.print_letter(LOGIN, "Provisoire-2026")
    for typed in ("Provisoire-2026", "Provi-soire 2026"):
        answer = contract.NewPasswordAnswer(password=Secret(typed), confirmation=Secret(typed))
        step = await walker.screen.say(answer)
        assert isinstance(step, contract.NewPassword)
        assert "MDP-IDENTIQUE" in step.broken
        assert step.errors == {"password": said(house, "password_broken")}


async def test_two_different_entries_are_no_password(house: BackendHouse) -> None:
    walker = await robot(house, "P001", "new_password")
    answer = contract.NewPasswordAnswer(password=Secret("Cerisier-Bleu-42"), confirmation=Secret("Cerisier-Bleu-43"))
    assert (await walker.screen.say(answer)).errors == {"confirmation": said(house, "password_differs")}
    assert await house.house.provisioning.entry(LOGIN) is None


async def test_a_campus_behind_one_address_is_not_kept_out_by_its_own_success(house: BackendHouse) -> None:
    """Thirty tries in five minutes for one source (security.md §2): a right one is given back."""
    source = "192.0.2.77"
    for _ in range(35):
        screen = await house.begun(source=source)
        step = await screen.login(*letter("P025"))
        assert not step.errors, "the right letter is never refused"
