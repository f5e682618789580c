"""A phone of the demonstration, held in front of a screen: it does what its owner would do on a real one."""

import asyncio
from urllib.parse import parse_qs, urljoin, urlsplit

import pyotp

from api_client.demonstration_contract import DemoSight
from backend.demonstration.browser import Browser, NoAnswer
from backend.demonstration.cases import Employee, PhoneHabits
from backend.house import House

_LOOKS = 0.5
"""Seconds between two looks of a page that comes again by itself."""
_COMPUTER = "Mozilla/5.0 (X11; Linux x86_64) perron-demonstration"


def read_authenticator(sight: DemoSight) -> str:
    """The six digits that an authenticator shows after scanning this; empty where there is nothing to scan."""
    asked = urlsplit(sight.uri.reveal())
    if asked.scheme.lower() != "otpauth":
        return ""
    return pyotp.TOTP(parse_qs(asked.query)["secret"][0]).now()


async def sign_in(sight: DemoSight, upn: str) -> None:
    """Open the address on the screen, with the code, and be ``upn``; empty to decline. Raises NoAnswer."""
    async with Browser(_COMPUTER) as browser:
        await browser.open(sight.uri.reveal())
        await browser.press(user_code=sight.key.reveal(), user=upn)


async def pair(house: House, sight: DemoSight, employee: Employee) -> None:
    """Bring the code, sign in; then, meanwhile the computer is asked, wait to be asked the last question. Raises
    NoAnswer."""
    habits = employee.phone
    browser = Browser(habits.agent)
    shown = sight.uri.reveal()
    if habits.by_hand:
        await browser.open(urljoin(shown, "/p"))
        await browser.press(digits=sight.key.reveal())
    else:
        await browser.open(shown)
        await browser.press()
    await browser.open(browser.page.leads_to)
    await browser.press(user=habits.upn or employee.upn)
    house.background.run(_answer_when_asked(house, browser, habits))


async def _answer_when_asked(house: House, browser: Browser, habits: PhoneHabits) -> None:
    """Once the service has taken the answer, or asks for none, the phone goes back into its pocket."""
    async with browser:
        try:
            while not house.changes.over:
                if browser.page.looks_again:
                    await asyncio.sleep(_LOOKS)
                    await browser.open("here")
                elif "choice" in browser.page.buttons:
                    await browser.press(choice="accept" if habits.biometric else "skip")
                    if not browser.page.looks_again:
                        return
                else:
                    return
        except NoAnswer:
            return  # the service is gone, and the pairing with it
