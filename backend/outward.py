"""What the backend asks of other people's services over HTTP: bounded in time and in size, redirected nowhere.

The one place of the backend that imports httpx, at the first request. Proxies and certificates of the environment are
not obeyed: what is asked, and the key it is asked with, go to the service that was named or nowhere.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    import httpx

_THIS_MACHINE = ("127.0.0.1", "::1", "localhost")


class NoAnswer(Exception):
    """Nobody answered, or not in time, or without end. ``str()`` is a word for the log, without address or content."""


@dataclass(frozen=True)
class Reply:
    """A whole answer."""

    status: int
    headers: Mapping[str, str]
    """Names in any case."""
    body: bytes


class Outward:
    """One service's connections, made at the first use. ``transport`` stands in for the network."""

    def __init__(self, *, seconds: float, most_bytes: int, transport: "httpx.AsyncBaseTransport | None" = None) -> None:
        self._seconds, self._most_bytes = seconds, most_bytes
        self._transport = transport
        self._http: httpx.AsyncClient | None = None

    async def ask(
        self,
        method: str,
        url: str,
        *,
        query: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Whatever is answered, of any status. Raises NoAnswer."""
        import httpx

        try:
            async with (
                asyncio.timeout(self._seconds),
                self._client().stream(method, url, params=query, data=form, headers=headers) as response,
            ):
                return Reply(response.status_code, response.headers, await self._whole(response))
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, TimeoutError) as error:
            raise NoAnswer(type(error).__name__) from None

    async def _whole(self, response: "httpx.Response") -> bytes:
        body = bytearray()
        # As it comes: nothing was asked to be compressed, and a few bytes may swell to gigabytes.
        async for chunk in response.aiter_raw():
            body += chunk
            if len(body) > self._most_bytes:
                raise NoAnswer("TooLong")
        return bytes(body)

    async def close(self) -> None:
        if self._http:
            await self._http.aclose()

    def _client(self) -> "httpx.AsyncClient":
        import httpx

        if self._http is None:
            self._http = httpx.AsyncClient(
                transport=self._transport,
                headers={"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "perron-backend"},
                timeout=self._seconds,
                follow_redirects=False,
                trust_env=False,
            )
        return self._http


def is_safe(url: str) -> bool:
    """Whether nobody on the way can read or change what is said there: https, or this very machine."""
    parts = urlsplit(url)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _THIS_MACHINE)
