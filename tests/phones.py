"""A phone: a browser that opens what the computer shows, presses what a page offers, and signs in where it is sent.

The pages are read as a browser reads them (forms, links, cookies); nothing of them runs a script.
"""

import html
import re
from dataclasses import dataclass, field
from urllib.parse import urljoin

import httpx

from tests.backend_house import PUBLIC_URL, BackendHouse
from tests.backend_process import NO_TLS

PIXEL = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/130.0 Mobile"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5"
_MOST_PAGES = 8


@dataclass
class Page:
    """One page as its reader sees it."""

    url: str
    status: int
    text: str

    @property
    def title(self) -> str:
        found = re.search(r"<h1>(.*?)</h1>", self.text)
        return html.unescape(found[1]) if found else ""

    @property
    def words(self) -> str:
        """All that can be read on it."""
        body = re.sub(r"<(style|head)>.*?</\1>", "", self.text, flags=re.DOTALL)
        return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())

    @property
    def form(self) -> dict[str, str]:
        """The fields that its form has already."""
        fields = re.findall(r'<input[^>]*?name="([^"]+)"[^>]*?value="([^"]*)"', self.text)
        return {name: html.unescape(value) for name, value in fields}

    @property
    def has_form(self) -> bool:
        return "<form" in self.text

    @property
    def sends_to(self) -> str:
        """Where its form goes."""
        found = re.search(r'<form[^>]*?action="([^"]+)"', self.text)
        return urljoin(self.url, html.unescape(found[1])) if found else self.url

    @property
    def leads_to(self) -> str:
        """Where it goes by itself."""
        found = re.search(r'http-equiv="refresh" content="\d+;url=([^"]+)"', self.text)
        return html.unescape(found[1]) if found else ""


@dataclass
class PhoneBrowser:
    """One browser with its cookies, at one network address."""

    house: BackendHouse
    agent: str = PIXEL
    source: str = "192.0.2.50"
    headers: dict[str, str] = field(default_factory=dict)
    page: Page = field(default_factory=lambda: Page("", 0, ""))

    def __post_init__(self) -> None:
        inside = httpx.ASGITransport(app=self.house.app, client=(self.source, 40000))
        self.http = httpx.AsyncClient(
            mounts={PUBLIC_URL: inside},
            headers={"User-Agent": self.agent, "Accept-Language": "fr", **self.headers},
            base_url=PUBLIC_URL,
            trust_env=False,
            verify=NO_TLS,
        )
        self.house.at_the_end(self.http.aclose)

    async def open(self, address: str) -> Page:
        return await self._shown("GET", address)

    async def press(self, **fields: str) -> Page:
        """Send the form of the page, with what is typed or chosen."""
        return await self._shown("POST", self.page.sends_to, {**self.page.form, **fields})

    async def _shown(self, method: str, address: str, form: dict[str, str] | None = None) -> Page:
        response = await self.http.request(method, address, data=form)
        while response.is_redirect:
            response = await self.http.get(urljoin(str(response.url), response.headers["location"]))
        self.page = Page(str(response.url), response.status_code, response.text)
        return self.page

    # ---------------------------------------------------------------------------------------------- a whole pairing

    async def claim(self, link: str) -> Page:
        """Open what the QR code says, press the button, and go where that leads."""
        await self.open(link)
        await self.press()
        return await self.open(self.page.leads_to)

    async def sign_in(self, upn: str) -> Page:
        """Be that person at the demonstration's provider; empty to decline."""
        return await self.press(user=upn)

    async def sign_in_for_real(self, issuer: str, upn: str, *, user_code: str = "", declines: bool = False) -> Page:
        """Through the pages of a real provider: its code, its questions, its login, its consent."""
        for _ in range(_MOST_PAGES):
            if not (self.page.url.startswith(issuer) and self.page.has_form):
                return self.page
            said = {"login": upn, "password": "any"} if 'name="login"' in self.page.text else {}
            if 'name="user_code"' in self.page.text:
                said["user_code"] = user_code
            if declines and 'name="confirm"' in self.page.text:
                self.page.text = self.page.text.replace('name="confirm"', 'name="abort"')
                return await self.press()
            await self.press(**said)
        raise AssertionError(f"no end of it: {self.page.words}")

    async def look(self) -> Page:
        """What the page says when it looks again by itself."""
        return await self.open("/p/here")
