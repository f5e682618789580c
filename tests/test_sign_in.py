"""Waiting for a sign-in, at a provider that speaks as Entra does: asked no faster than it says, told about in words."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import select

from api_client import contract
from backend.commands.portraits import portray
from backend.database.tables import accounts, devices, sign_ins
from backend.sign_in.waiting import SignIns
from tests.backend_house import START, BackendHouse, MovableClock, Screen, open_house
from tests.busy import keep_busy
from tests.fake_entra import FakeEntra
from tests.signing_in import asked, code_shown

UPN = "a.exemple@groupe-exemple.example"


@pytest.fixture
def entra() -> FakeEntra:
    return FakeEntra(MovableClock(START))


@pytest.fixture
async def house(tmp_path: Path, entra: FakeEntra) -> AsyncIterator[BackendHouse]:
    async with open_house(tmp_path / "data", "P001", issuer=entra.issuer()) as opened:
        entra.clock = opened.clock
        yield opened


def waiting(house: BackendHouse) -> SignIns:
    assert house.house.sign_ins
    return house.house.sign_ins


def sentence(house: BackendHouse, key: str) -> str:
    return house.house.library.say(key, "fr")


async def test_a_code_is_shown_and_the_person_comes(house: BackendHouse, entra: FakeEntra) -> None:
    screen = await house.begun("phone-pairing")
    step = await code_shown(screen)
    assert step.verification_uri.endswith("/devicelogin")
    assert step.verification_uri_complete == "", "there is none, so there is nothing to draw as a QR code"
    assert [action.id for action in step.actions] == ["renew"]
    assert screen.enrolment.status == "waiting"
    await asked(house, screen)
    assert screen.kind == "sign_in"
    entra.says = ""
    before = screen.token
    await asked(house, screen)
    assert screen.kind == "phone_pairing"
    assert screen.token != before
    account = await house.account(UPN)
    assert (account.realm, account.status) == ("sign_in", "active")
    assert account.person.full_name == "Agnès EXEMPLE"
    assert await house.actions(UPN) == ["login.sign_in.ok", "pairing.code"]
    assert await house.count(sign_ins) == 0


async def test_nobody_waits_while_the_provider_is_asked_for_a_code(house: BackendHouse, entra: FakeEntra) -> None:
    """The first picture comes at once, without a code."""
    step = (await house.begun("phone-pairing")).step
    assert isinstance(step, contract.SignIn)
    assert (step.user_code, step.verification_uri, step.expires_at) == ("", "", None)


async def test_it_is_asked_no_faster_than_it_says(house: BackendHouse, entra: FakeEntra) -> None:
    screen = await house.begun("phone-pairing")
    await code_shown(screen)
    for _ in range(12):  # whoever asks, and however often
        await asked(house, screen, seconds=1)
        await waiting(house).ask(screen.enrolment.id)
    times = [at for what, at in entra.asked if what == "token"]
    assert [(later - before).total_seconds() for before, later in itertools.pairwise(times)] == [5.0]


async def test_slower_means_slower_for_good(house: BackendHouse, entra: FakeEntra) -> None:
    screen = await house.begun("phone-pairing")
    await code_shown(screen)
    entra.says = "slow_down"
    await asked(house, screen)
    entra.says = "authorization_pending"
    for _ in range(21):
        await asked(house, screen, seconds=1)
    times = [at for what, at in entra.asked if what == "token"]
    assert [(later - before).total_seconds() for before, later in itertools.pairwise(times)] == [10.0, 10.0]
    entra.says = "slow_down"
    await asked(house, screen, seconds=10)
    async with house.house.store.read() as connection:
        assert (await connection.execute(select(sign_ins.c.interval))).scalar_one() == 15


@pytest.mark.parametrize(
    ("says", "key"),
    [
        ("authorization_declined", "sign_in_declined"),
        ("bad_verification_code", "sign_in_bad_code"),
        ("expired_token", "sign_in_expired"),
        ("invalid_client", "sign_in_distrusted"),
    ],
)
async def test_what_is_wrong_is_told_and_a_new_code_is_offered(
    house: BackendHouse, entra: FakeEntra, says: str, key: str
) -> None:
    screen = await house.begun("phone-pairing")
    await code_shown(screen)
    entra.says = says
    await asked(house, screen)
    assert screen.step.errors == {"": sentence(house, key)}
    assert isinstance(screen.step, contract.SignIn)
    assert screen.step.user_code == ""
    questions = entra.times("token")
    await asked(house, screen, seconds=60)
    assert entra.times("token") == questions, "nothing is asked any more"
    entra.says = ""
    await screen.act("renew")
    await code_shown(screen)
    await asked(house, screen)
    assert screen.kind == "phone_pairing"


async def test_what_is_wrong_is_told_in_the_language_of_the_screen(house: BackendHouse, entra: FakeEntra) -> None:
    screen = await house.begun("phone-pairing")
    await code_shown(screen)
    entra.says = "authorization_declined"
    await asked(house, screen)
    step = await screen.speak("en")
    assert step.errors[""].startswith("You declined")


async def test_somebody_without_an_address_is_told(house: BackendHouse, entra: FakeEntra) -> None:
    screen = await house.begun("phone-pairing")
    await code_shown(screen)
    entra.says, entra.claims = "", {"preferred_username": None}
    await asked(house, screen)
    assert screen.step.errors == {"": sentence(house, "sign_in_no_address")}


async def test_a_provider_that_is_down_is_waited_for(house: BackendHouse, entra: FakeEntra) -> None:
    """Before there is a code, and after; the step and its code are kept."""
    entra.down = True
    screen = await house.begun("phone-pairing")
    step = await code_shown(screen)
    assert step.errors == {"": sentence(house, "sign_in_silent")}
    entra.down = False
    await waiting(house).fetch(screen.enrolment.id)
    step = await code_shown(screen)
    assert (step.errors, step.user_code) == ({}, "FJCKH7W3Q")
    entra.down = True
    await asked(house, screen)
    assert screen.step.errors == {"": sentence(house, "sign_in_silent")}
    assert isinstance(screen.step, contract.SignIn)
    assert screen.step.user_code == "FJCKH7W3Q", "it still works once the provider is back"
    revision = screen.enrolment.revision
    await asked(house, screen, seconds=10)
    assert screen.enrolment.revision == revision, "it is told once"
    entra.down = False
    await asked(house, screen, seconds=10)
    assert screen.step.errors == {}
    entra.says = ""
    await asked(house, screen, seconds=10)
    assert screen.kind == "phone_pairing"


async def test_a_restart_takes_the_sign_in_up(house: BackendHouse, entra: FakeEntra) -> None:
    screen = await house.begun("phone-pairing")
    await code_shown(screen)
    entra.says = ""
    house.clock.move(seconds=5)
    async with started_again(house, entra):
        await _signed_in(screen)
    assert screen.kind == "phone_pairing"


@asynccontextmanager
async def started_again(house: BackendHouse, entra: FakeEntra) -> AsyncIterator[None]:
    """The service of now ends, and another takes up what it left."""
    await waiting(house).stop()
    another = SignIns(house.house.store, house.house.keys, house.clock, entra.issuer())
    another.screens = waiting(house).screens
    await another.start()
    try:
        yield
    finally:
        await another.stop()


async def test_a_restart_asks_for_the_code_that_was_promised(house: BackendHouse, entra: FakeEntra) -> None:
    """The provider was down, and « leave this screen open » was said: nothing but the screen knows of it."""
    entra.down = True
    screen = await house.begun("phone-pairing")
    assert (await code_shown(screen)).errors == {"": sentence(house, "sign_in_silent")}
    entra.down = False
    async with started_again(house, entra), asyncio.timeout(5):
        while (await code_shown(screen)).user_code == "":
            await asyncio.sleep(0.01)
    assert screen.step.errors == {}


@pytest.mark.parametrize("gone", ["declined", "silent for long"])
async def test_a_restart_asks_for_no_code_that_nobody_waits_for(
    house: BackendHouse, entra: FakeEntra, gone: str
) -> None:
    screen = await house.begun("phone-pairing")
    if gone == "declined":
        await code_shown(screen)
        entra.says = "authorization_declined"
        await asked(house, screen)
    else:
        entra.down = True
        await code_shown(screen)
        house.clock.move(minutes=31)
    before = entra.times("devicecode")
    async with started_again(house, entra):
        assert await promised(house) == []
    assert entra.times("devicecode") == before


async def promised(house: BackendHouse) -> list[str]:
    async with house.house.store.read() as connection:
        return await waiting(house).screens.promised(connection)


async def test_a_screen_that_is_gone_is_asked_for_no_longer_and_again_when_it_comes_back(
    house: BackendHouse, entra: FakeEntra
) -> None:
    entra.down = True
    screen = await house.begun("phone-pairing")
    await code_shown(screen)
    assert await waiting(house).fetch(screen.enrolment.id) is False, "it is there: again"
    house.clock.move(minutes=31)
    assert await waiting(house).fetch(screen.enrolment.id) is True, "that is the end of it"
    entra.down = False
    step = await screen.look()
    assert step.errors == {}, "what was said half an hour ago is true no longer"
    assert (await code_shown(screen)).user_code == "FJCKH7W3Q"


async def test_a_busy_database_loses_nobody_who_signed_in(
    house: BackendHouse, entra: FakeEntra, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The provider says it once; a second question would hear that the code is spent."""
    screen = await house.begun("phone-pairing")
    await code_shown(screen)
    entra.says = ""
    keep_busy(monkeypatch, house.house.store, 2, 3)  # after the one that claims the question
    await asked(house, screen)
    assert screen.kind == "phone_pairing"
    assert entra.times("token") == 1


async def _signed_in(screen: Screen) -> None:
    """Wait until somebody, be it the house by itself, has heard of the person."""
    async with asyncio.timeout(5):
        while screen.kind == "sign_in":
            await asyncio.sleep(0.01)
            await screen.look()


async def test_two_processes_hear_of_the_person_once(house: BackendHouse, entra: FakeEntra) -> None:
    screen = await house.begun("phone-pairing")
    await code_shown(screen)
    entra.says = ""
    house.clock.move(seconds=5)
    await asyncio.gather(*(waiting(house).ask(screen.enrolment.id) for _ in range(5)))
    await _signed_in(screen)
    assert entra.times("token") == 1
    assert (await house.actions(UPN)).count("login.sign_in.ok") == 1


async def test_a_screen_that_leaves_is_no_longer_asked_for(house: BackendHouse, entra: FakeEntra) -> None:
    screen = await house.begun("phone-pairing")
    await code_shown(screen)
    await screen.client.leave(screen.enrolment, 5)
    assert await house.count(sign_ins) == 0
    entra.says = ""
    house.clock.move(seconds=10)
    assert await waiting(house).ask(screen.enrolment.id) is None
    assert entra.times("token") == 0
    assert await house.count(accounts, accounts.c.realm == "sign_in") == 0


async def test_the_device_code_is_sealed(house: BackendHouse, entra: FakeEntra) -> None:
    screen = await house.begun("phone-pairing")
    await code_shown(screen)
    async with house.house.store.read() as connection:
        sealed = (await connection.execute(select(sign_ins.c.sealed_device_code))).scalar_one()
    assert b"GMMhmHCXhWEzkobqIHGG" not in sealed
    files = b"".join(file.read_bytes() for file in house.data.rglob("*") if file.is_file())
    assert b"GMMhmHCXhWEzkobqIHGG" not in files


async def test_codes_are_not_asked_for_without_end(house: BackendHouse, entra: FakeEntra) -> None:
    screen = await house.begun("phone-pairing")
    for _ in range(59):
        await code_shown(screen)
        await screen.act("renew")
    await code_shown(screen)
    step = await screen.act("renew")
    assert step.errors[""].startswith("Trop de codes ont été demandés")


# ------------------------------------------------------------------------------------------------- whose account it is


async def come_in(house: BackendHouse, entra: FakeEntra, **claims: object) -> Screen:
    entra.says, entra.claims = "", dict(claims)
    screen = await house.begun("phone-pairing")
    await code_shown(screen)
    await asked(house, screen)
    return screen


async def test_somebody_comes_back_to_the_same_account(house: BackendHouse, entra: FakeEntra) -> None:
    await (await come_in(house, entra)).client.close()
    first = (await house.account(UPN)).id
    house.clock.move(hours=1)
    married = "a.mariee@groupe-exemple.example"
    await come_in(house, entra, preferred_username=married, family_name="MARIÉE")
    account = await house.account(married)
    assert (account.id, account.person.last_name, account.institutional_email) == (first, "MARIÉE", married)
    assert await house.count(accounts, accounts.c.realm == "sign_in") == 1


async def test_nobody_inherits_a_phone_with_an_address(house: BackendHouse, entra: FakeEntra) -> None:
    """The address passes to a newcomer: the account before ends, and its phones open nothing any more."""
    await come_in(house, entra)
    before = await house.account(UPN)
    async with house.house.store.write() as tx:
        row = {"account_id": before.id, "platform": "ios", "model": "iPhone", "biometric": False}
        await tx.connection.execute(
            devices.insert().values(id="d1", paired_at=house.clock(), seen_at=house.clock(), **row)
        )
    house.clock.move(hours=1)
    await come_in(house, entra, oid="ffffffff-bbbb-cccc-dddd-eeeeeeeeeeee", given_name="Anne")
    now = await house.account(UPN)
    assert now.id != before.id
    assert (await portray(house.house, now))["devices"] == []
    assert await house.count(devices, devices.c.revoked_at.is_(None)) == 0
    assert (await house.account(before.id)).status == "expired"


async def test_the_same_person_on_two_screens_is_asked(house: BackendHouse, entra: FakeEntra) -> None:
    await come_in(house, entra)
    screen = await come_in(house, entra)
    assert screen.kind == "take_over"
    step = await screen.say(contract.TakeOverAnswer(here=True))
    assert isinstance(step, contract.PhonePairing)
    assert step.offer is not None
    assert await house.count(sign_ins) == 0
