"""The device grant and the pairing with a real OpenID provider, approved by form posts as a browser sends them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from api_client import contract
from api_client.secret import Secret
from backend.database.tables import devices
from tests.backend_house import BackendHouse, Screen, open_house
from tests.issuer_process import known, real_issuer
from tests.phones import PhoneBrowser
from tests.signing_in import asked, code_shown, offer_of

pytestmark = pytest.mark.slow
UPN = "a.exemple@groupe-exemple.example"


@asynccontextmanager
async def opened(data: Path, *, code_seconds: int = 60) -> AsyncIterator[tuple[BackendHouse, str]]:
    """A house whose people sign in at a real provider, and where that is. Its clock is moved; the provider's is not."""
    async with (
        real_issuer(code_seconds=code_seconds) as url,
        open_house(data, "P001", at=datetime.now(UTC), issuer=known(url)) as house,
    ):
        yield house, url


async def at_the_code(house: BackendHouse, url: str) -> Screen:
    screen = await house.begun("phone-pairing")
    step, browser = await code_shown(screen), PhoneBrowser(house)
    assert step.verification_uri_complete.startswith(step.verification_uri)
    await browser.open(step.verification_uri_complete)
    await browser.sign_in_for_real(url, UPN, user_code=step.user_code)
    await asked(house, screen)
    assert isinstance(screen.step, contract.PhonePairing), screen.step
    return screen


async def test_granted_on_the_computer_then_on_the_phone(tmp_path: Path) -> None:
    async with opened(tmp_path / "data") as (house, url):
        screen = await at_the_code(house, url)
        phone = PhoneBrowser(house)
        await phone.claim((await offer_of(screen)).link.reveal())
        assert phone.page.url.startswith(url)
        await phone.sign_in_for_real(url, UPN)
        assert phone.page.title == "Confirmez sur l’ordinateur"
        await screen.look()
        await screen.say(contract.DeviceConfirmationAnswer(pair=True))
        await phone.look()
        await phone.press(choice="accept")
        assert isinstance(await screen.look(), contract.Done)
        assert await house.count(devices) == 1


async def test_somebody_else_on_the_phone(tmp_path: Path) -> None:
    async with opened(tmp_path / "data") as (house, url):
        screen = await at_the_code(house, url)
        phone = PhoneBrowser(house)
        await phone.claim((await offer_of(screen)).link.reveal())
        await phone.sign_in_for_real(url, "j.autre@groupe-exemple.example")
        assert phone.page.title == "Ce n’est pas le même compte"


async def test_denied(tmp_path: Path) -> None:
    async with opened(tmp_path / "data") as (house, url):
        screen = await house.begun("phone-pairing")
        step, browser = await code_shown(screen), PhoneBrowser(house)
        await browser.open(step.verification_uri)
        await browser.sign_in_for_real(url, UPN, user_code=step.user_code, declines=True)
        await asked(house, screen)
        assert screen.step.errors[""].startswith("Vous avez refusé la connexion")


async def test_expired(tmp_path: Path) -> None:
    async with opened(tmp_path / "data", code_seconds=1) as (house, _):
        screen = await house.begun("phone-pairing")
        await code_shown(screen)
        await asked(house, screen, seconds=2)
        assert screen.step.errors == {"": "Le code a expiré. Demandez-en un nouveau."}


async def test_reused_and_unknown(tmp_path: Path) -> None:
    """A device code works once, and one that nobody was given not at all."""
    async with opened(tmp_path / "data") as (house, url):
        issuer, browser = known(url), PhoneBrowser(house)
        code = await issuer.new_device_code()
        assert await issuer.ask(code.device_code) == "pending"
        await browser.open(code.verification_uri_complete)
        await browser.sign_in_for_real(url, UPN, user_code=code.user_code)
        assert not isinstance(await issuer.ask(code.device_code), str)
        assert await issuer.ask(code.device_code) == "bad_code"
        assert await issuer.ask(Secret("nobody was given this")) == "bad_code"
        await issuer.close()


async def test_slow(tmp_path: Path) -> None:
    """Whoever takes their time is waited for, as long as the code lives."""
    async with opened(tmp_path / "data", code_seconds=300) as (house, url):
        screen = await house.begun("phone-pairing")
        step, browser = await code_shown(screen), PhoneBrowser(house)
        for _ in range(10):
            await asked(house, screen, seconds=20)
            assert screen.kind == "sign_in"
            assert screen.step.errors == {}
        await browser.open(step.verification_uri_complete)
        await browser.sign_in_for_real(url, UPN, user_code=step.user_code)
        await asked(house, screen)
        assert screen.kind == "phone_pairing"
