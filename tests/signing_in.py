"""The way to the QR code: somebody of the demonstration's provider signs in for a screen, and the screen goes on."""

import asyncio
import csv

from api_client import contract
from tests.backend_house import BackendHouse, Screen
from tests.conftest import ROOT

USERS: dict[str, dict[str, str]] = {
    row["id"]: row
    for row in csv.DictReader((ROOT / "tests" / "data" / "sign_in_users.csv").read_text(encoding="utf-8").splitlines())
}
AGNES = USERS["O01"]["upn"]


async def code_shown(screen: Screen) -> contract.SignIn:
    """The step once its code has come, or what is wrong instead."""
    for _ in range(200):
        step = await screen.look()
        assert isinstance(step, contract.SignIn), step
        if step.user_code or step.errors:
            return step
        await asyncio.sleep(0.01)
    raise AssertionError("no code came")


async def asked(house: BackendHouse, screen: Screen, seconds: float = 5) -> None:
    """Time passes, and the provider is asked what became of it."""
    house.clock.move(seconds=seconds)
    assert house.house.sign_ins
    await house.house.sign_ins.ask(screen.enrolment.id)
    await screen.look()


async def signed_in(house: BackendHouse, upn: str = AGNES, screen: Screen | None = None) -> Screen:
    """A screen of that person, at what comes after the sign-in."""
    screen = screen or await house.begun("phone-pairing")
    step = await code_shown(screen)
    assert house.demo_issuer.answer_device(step.user_code, upn)
    await asked(house, screen)
    return screen


async def offer_of(screen: Screen) -> contract.AppOffer:
    """The code that the screen shows now; it is sent once, so ask for another where it is gone."""
    step = screen.step
    if not isinstance(step, contract.PhonePairing) or step.offer is None:
        step = await screen.act("renew")
    assert isinstance(step, contract.PhonePairing)
    assert isinstance(step.offer, contract.AppOffer)
    return step.offer
