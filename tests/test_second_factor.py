"""A phone is paired by a code that another implementation of RFC 6238 makes; its key and the recovery codes go once."""

from datetime import timedelta

import pytest

from api_client import contract
from api_client.secret import Secret
from backend.database.tables import recovery_codes, second_factors
from backend.second_factor import OFFER_LIFETIME, RECOVERY_CODES, STEP_SECONDS
from tests.backend_house import PEOPLE, BackendHouse
from tests.robot import Robot, robot, totp

pytest_plugins = ["tests.house_fixtures"]

LOGIN = PEOPLE["P001"]["login"]


def said(house: BackendHouse, key: str, **values: object) -> str:
    return house.house.library.say(key, "fr", **values)


async def pairing(house: BackendHouse) -> tuple[Robot, str]:
    """Somebody who holds their phone before the screen, and the key that it read."""
    walker = await robot(house, "P001", "phone_pairing")
    return walker, key_of(walker.screen.step)


def key_of(step: contract.AnyStep) -> str:
    assert isinstance(step, contract.PhonePairing)
    assert step.offer is not None
    return step.offer.key.reveal()


async def typed(walker: Robot, code: str) -> contract.AnyStep:
    return await walker.screen.say(contract.PhonePairingAnswer(code=Secret(code)))


async def test_the_offer_is_what_every_app_reads(house: BackendHouse) -> None:
    """domain.md §12.4: 160 bits in upper case without padding, label and issuer alike, nothing but the defaults."""
    walker, key = await pairing(house)
    step = walker.screen.step
    assert isinstance(step, contract.PhonePairing)
    assert step.offer is not None
    assert step.offer.uri.reveal() == f"otpauth://totp/UE:{LOGIN}?secret={key}&issuer=UE"
    assert len(key) == 32
    assert set(key) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
    assert len(step.offer.uri.reveal()) <= 106, "a QR of version 5 at level L"
    assert step.expires_at == house.clock() + OFFER_LIFETIME


@pytest.mark.parametrize("steps", [-1, 0, 1])
async def test_a_code_of_now_or_of_a_step_beside_pairs_the_phone(house: BackendHouse, steps: int) -> None:
    walker, key = await pairing(house)
    code = totp(key, house.clock() + timedelta(seconds=steps * STEP_SECONDS))
    assert isinstance(await typed(walker, f"{code[:3]} {code[3:]}"), contract.RecoveryCodes)
    assert "phone.paired" in await house.actions(LOGIN)


@pytest.mark.parametrize(("minutes", "key"), [(3, "totp_ahead"), (10, "totp_ahead"), (-2, "totp_behind")])
async def test_a_phone_whose_clock_is_off_is_told_by_how_much(house: BackendHouse, minutes: int, key: str) -> None:
    walker, secret = await pairing(house)
    step = await typed(walker, totp(secret, house.clock() + timedelta(minutes=minutes)))
    assert step.errors == {"code": said(house, key, minutes=abs(minutes))}
    assert await house.count(second_factors, second_factors.c.confirmed_at.is_not(None)) == 0


async def test_what_is_no_code_and_what_is_a_wrong_one(house: BackendHouse) -> None:
    walker, key = await pairing(house)
    for text in ("", "12345", "1234567", "12345a", "١٢٣٤٥٦"):
        assert (await typed(walker, text)).errors == {"code": said(house, "totp_form")}
    far = totp(key, house.clock() + timedelta(hours=2))
    assert (await typed(walker, far)).errors == {"code": said(house, "totp_wrong")}


async def test_five_wrong_codes_and_then_the_wait_doubles(house: BackendHouse) -> None:
    walker, key = await pairing(house)
    wrong = totp(key, house.clock() + timedelta(hours=2))
    for _ in range(5):
        assert (await typed(walker, wrong)).errors == {"code": said(house, "totp_wrong")}
    right = totp(key, house.clock())
    assert (await typed(walker, right)).errors == {"code": said(house, "code_wait", until="10 h 01")}
    house.clock.move(minutes=1)
    assert (await typed(walker, wrong)).errors == {"code": said(house, "totp_wrong")}
    assert (await typed(walker, totp(key, house.clock()))).errors == {"code": said(house, "code_wait", until="10 h 03")}
    house.clock.move(minutes=2)
    assert isinstance(await typed(walker, totp(key, house.clock())), contract.RecoveryCodes)


async def test_another_key_begins_with_tries_of_its_own(house: BackendHouse) -> None:
    walker, key = await pairing(house)
    for _ in range(5):
        await typed(walker, totp(key, house.clock() + timedelta(hours=2)))
    other = key_of(await walker.screen.act("renew"))
    assert other != key
    assert isinstance(await typed(walker, totp(other, house.clock())), contract.RecoveryCodes), (
        "a new key is not being guessed: nothing that was tried was about it"
    )


async def test_a_code_works_once(house: BackendHouse) -> None:
    """RFC 6238 §5.2."""
    walker, key = await pairing(house)
    code = totp(key, house.clock())
    await typed(walker, code)
    account = await house.account(LOGIN)
    for text, result in ((code, "wrong"), (totp(key, house.clock() - timedelta(seconds=30)), "wrong")):
        async with house.house.store.write() as tx:
            assert (await house.house.second_factors.confirm(tx, account.id, Secret(text))).result == result
    house.clock.move(seconds=30)
    async with house.house.store.write() as tx:
        fresh = Secret(totp(key, house.clock()))
        assert (await house.house.second_factors.confirm(tx, account.id, fresh)).result == "right"


async def test_an_offer_that_expired_is_replaced(house: BackendHouse) -> None:
    walker, key = await pairing(house)
    house.clock.move(seconds=OFFER_LIFETIME.total_seconds() + 1)
    step = await typed(walker, totp(key, house.clock()))
    assert step.errors == {"": said(house, "totp_over")}
    assert key_of(step) != key
    assert isinstance(await typed(walker, totp(key_of(step), house.clock())), contract.RecoveryCodes)


async def test_the_key_is_sent_once(house: BackendHouse) -> None:
    walker, key = await pairing(house)
    for step in (await walker.screen.look(), await walker.screen.speak("en"), await typed(walker, "000")):
        assert isinstance(step, contract.PhonePairing)
        assert step.offer is None
        assert step.expires_at is not None
    granted = await walker.screen.client.hand_over(walker.screen.enrolment)
    other = house.screen()
    elsewhere = await other.resume(granted.code.reveal(), LOGIN)
    assert isinstance(elsewhere, contract.PhonePairing)
    assert elsewhere.offer is None
    assert key_of(await other.act("renew")) != key


async def test_the_key_lies_sealed(house: BackendHouse) -> None:
    walker, key = await pairing(house)
    await typed(walker, totp(key, house.clock()))
    written = b"".join(file.read_bytes() for file in house.data.glob("perron.sqlite*"))
    assert key.encode() not in written


async def test_the_recovery_codes_are_shown_once_and_must_be_kept(house: BackendHouse) -> None:
    walker, key = await pairing(house)
    step = await typed(walker, totp(key, house.clock()))
    assert isinstance(step, contract.RecoveryCodes)
    assert step.codes is not None
    codes = {code.reveal() for code in step.codes}
    assert len(codes) == RECOVERY_CODES
    assert all(len(code.replace("-", "")) == 13 for code in codes)
    for later in (await walker.screen.look(), await walker.screen.say(contract.RecoveryCodesAnswer(kept=False))):
        assert isinstance(later, contract.RecoveryCodes)
        assert later.codes is None
    assert walker.screen.step.errors == {"kept": said(house, "codes_needed")}
    renewed = await walker.screen.act("renew")
    assert isinstance(renewed, contract.RecoveryCodes)
    assert renewed.codes is not None
    assert not {code.reveal() for code in renewed.codes} & codes
    assert await house.count(recovery_codes) == RECOVERY_CODES, "the former ones are gone"
    written = b"".join(file.read_bytes() for file in house.data.glob("perron.sqlite*"))
    assert not any(code.reveal().encode() in written for code in renewed.codes)
    assert isinstance(await walker.screen.say(contract.RecoveryCodesAnswer(kept=True)), contract.Done)


async def test_without_a_phone_nothing_of_it_is_left(house: BackendHouse) -> None:
    walker, _ = await pairing(house)
    assert isinstance(await walker.screen.act("skip"), contract.Done)
    account = await house.account(LOGIN)
    async with house.house.store.read() as connection:
        assert await house.house.second_factors.kind(connection, account.id) is None
    assert account.draft.phone == "declined"
    assert await house.count(second_factors) == 0
