"""The pairing in a real browser on a small screen, without any script, against a real backend."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.async_api import Page

from api_client import contract
from api_client.client import Client
from api_client.contract import AnyStep, Begin
from tests.backend_house import Screen
from tests.backend_process import BackendProcess
from tests.chromium import phone_browser

pytestmark = pytest.mark.slow
AGNES = "a.exemple@groupe-exemple.example"
_SECONDS = 20


@pytest.fixture
def backend(tmp_path: Path) -> Iterator[BackendProcess]:
    started = BackendProcess(tmp_path / "data", "--demonstration")
    started.start()
    yield started
    started.stop()


async def seen(screen: Screen, kind: type[AnyStep]) -> AnyStep:
    """The screen goes on by itself, as the wizard's does."""
    async with asyncio.timeout(_SECONDS):
        while not isinstance(screen.step, kind):
            changed = await screen.client.await_change(screen.enrolment, 5)
            screen.enrolment = changed or screen.enrolment
    return screen.step


async def press(page: Page, name: str) -> None:
    await page.get_by_role("button", name=name).click()


async def fits(page: Page) -> None:
    """Nobody has to scroll sideways."""
    body, window = await page.locator("body").bounding_box(), page.viewport_size
    assert body
    assert window
    assert body["x"] >= 0
    assert body["x"] + body["width"] <= window["width"]


async def test_a_phone_is_paired_in_a_real_browser(backend: BackendProcess) -> None:
    screen = Screen(Client(backend.url))
    screen.enrolment = await screen.client.begin(Begin(journey="phone-pairing"))
    async with phone_browser() as phone:
        page = await phone.new_page()
        refused: list[str] = []
        page.on("console", lambda message: refused.append(message.text))
        while not (isinstance(screen.step, contract.SignIn) and screen.step.user_code):
            changed = await screen.client.await_change(screen.enrolment, 5)
            screen.enrolment = changed or screen.enrolment
        await page.goto(screen.step.verification_uri_complete)
        await fits(page)
        await press(page, AGNES)
        step = await seen(screen, contract.PhonePairing)
        assert isinstance(step, contract.PhonePairing)
        assert isinstance(step.offer, contract.AppOffer)
        # The address of the QR code as it is, in upper case.
        await page.goto(step.offer.uri.reveal())
        await fits(page)
        await press(page, "Appairer ce téléphone")
        await page.wait_for_url("**/authorize?**")  # it goes there by itself
        assert (await seen(screen, contract.Pending)).title == "À vous, sur le téléphone"
        await press(page, AGNES)
        await page.wait_for_url("**/p/here")
        step = await seen(screen, contract.DeviceConfirmation)
        assert isinstance(step, contract.DeviceConfirmation)
        assert step.platform == "Android"
        await screen.say(contract.DeviceConfirmationAnswer(pair=True))
        await press(page, "Oui, activer la biométrie")  # the page looked again by itself
        await page.get_by_role("heading", name="Vous êtes connecté(e) à Temps Exemple").wait_for()
        await fits(page)
        assert isinstance(await seen(screen, contract.Done), contract.Done)
        (cookie,) = await phone.cookies()
        assert cookie["httpOnly"]
        assert cookie["sameSite"] == "Lax"
        assert refused == [], "nothing of a page was refused by its own headers"
    (device,) = backend.show(AGNES)["devices"]
    assert (device["platform"], device["biometric"]) == ("android", True)
    mail = backend.newest_mail(AGNES)
    assert mail.subject == "Un téléphone a été associé à votre compte Temps Exemple"
    await screen.client.close()
