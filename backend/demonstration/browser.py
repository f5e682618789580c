"""A browser for the demonstration's phones: pages over HTTP, cookies, one form at a time, and no script."""

from collections.abc import Mapping
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from types import TracebackType
from typing import Self
from urllib.parse import urljoin

from backend.outward import NoAnswer, Outward, Reply

_SECONDS, _MOST_BYTES, _MOST_HOPS = 5.0, 1 << 20, 5


class Browser:
    """``agent`` is what it says it is. Raises NoAnswer where a page does not come."""

    def __init__(self, agent: str) -> None:
        self._outward = Outward(seconds=_SECONDS, most_bytes=_MOST_BYTES)
        self._agent = agent
        self._cookies: dict[str, str] = {}
        self._url = ""
        self.page = Page()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._outward.close()

    async def open(self, url: str) -> None:
        await self._show("GET", urljoin(self._url, url))

    async def press(self, **fields: str) -> None:
        """Send the page's form: what stands in it, and ``fields``."""
        await self._show("POST", self._url, {**self.page.given, **fields})

    async def _show(self, method: str, url: str, form: Mapping[str, str] | None = None) -> None:
        reply = await self._ask(method, url, form)
        for _ in range(_MOST_HOPS):
            if not (next_url := reply.headers.get("location")):
                break
            url = urljoin(url, next_url)
            reply = await self._ask("GET", url)
        self._url, self.page = url, Page()
        self.page.feed(reply.body.decode(errors="replace"))
        self.page.looks_again |= "retry-after" in reply.headers

    async def _ask(self, method: str, url: str, form: Mapping[str, str] | None = None) -> Reply:
        said = {"Accept": "text/html", "User-Agent": self._agent}
        if self._cookies:
            said["Cookie"] = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        reply = await self._outward.ask(method, url, form=form, headers=said)
        set_here = SimpleCookie(reply.headers.get("set-cookie", ""))
        self._cookies |= {name: morsel.value for name, morsel in set_here.items()}
        return reply


class Page(HTMLParser):
    """What its reader does with a page: read where it leads, fill in its form, press a button."""

    def __init__(self) -> None:
        super().__init__()
        self.leads_to = ""
        """Where it goes by itself, or nowhere."""
        self.looks_again = False
        """It comes again by itself a little later, or was busy and asks its reader to open it again."""
        self.given: dict[str, str] = {}
        """What stands in the fields."""
        self.buttons: set[str] = set()
        """The names of the buttons."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        of = {name: value or "" for name, value in attrs}
        if tag == "meta" and of.get("http-equiv") == "refresh":
            _, _, url = of.get("content", "").partition(";url=")
            self.leads_to, self.looks_again = url, not url
        elif tag == "input":
            self.given[of.get("name", "")] = of.get("value", "")
        elif tag == "button":
            self.buttons.add(of.get("name", ""))


__all__ = ["Browser", "NoAnswer", "Page"]
