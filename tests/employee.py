"""Somebody at the computer who pairs a phone by keyboard, and that phone: a browser on the same network."""

from pathlib import Path
from typing import Any

import httpx

from tests.backend_process import NO_TLS, BackendProcess
from tests.phones import PIXEL, Page, PhoneBrowser
from tests.photographs import cells_on
from tests.qr_reading import read
from tests.signing_in import USERS
from tests.traveller import Traveller


class Phone(PhoneBrowser):
    """Whatever has a browser: the phone, or the one at the computer in which somebody signs in."""

    def __init__(self, backend: BackendProcess, agent: str = PIXEL) -> None:
        self.page = Page("", 0, "")
        self.http = httpx.AsyncClient(
            headers={"User-Agent": agent, "Accept-Language": "fr"}, base_url=backend.url, trust_env=False, verify=NO_TLS
        )

    async def __aenter__(self) -> "Phone":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.http.aclose()


class Employee(Traveller):
    """``Traveller`` for a row of ``sign_in_users.csv``."""

    def __init__(self, backend: BackendProcess, who: str, *, home: Path, **looks: Any) -> None:
        super().__init__(backend, home=home, journey="phone-pairing", **looks)
        self.upn = USERS[who]["upn"]

    def __enter__(self) -> "Employee":
        return self

    def user_code(self) -> str:
        """The one to type at the provider."""
        self.at("sign_in")
        return self.see(r"\b[B-DF-HJ-NP-TV-Z]{4}-[B-DF-HJ-NP-TV-Z]{4}\b").group()

    def digits(self) -> str:
        """The ones to type on the phone."""
        self.at("app_pairing")
        return self.see(r"\b\d{3}-\d{3}-\d{3}\b").group()

    def scanned(self) -> str:
        """What the QR code on the screen says."""
        self.rest()
        (text,) = read(cells_on(self))
        return text

    async def sign_in(self, browser: Phone, *, issuer: str = "") -> None:
        """In a browser, at the demonstration's provider or at the real one; the screen goes on by itself."""
        code = self.user_code()
        if issuer:
            await browser.open(f"{issuer}/devicelogin")
            await browser.sign_in_for_real(issuer, self.upn, user_code=code)
        else:
            await browser.open(f"{self.backend.url}/demonstration/issuer/device?user_code={code}")
            await browser.sign_in(self.upn)
