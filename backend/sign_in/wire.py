"""JSON from an identity provider, which may be down, slow, or say anything."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from backend.outward import NoAnswer, Outward, is_safe

if TYPE_CHECKING:
    import httpx

_SECONDS = 8.0
_MOST_BYTES = 256 * 1024

Said = dict[str, Any]
"""A JSON object, of which nothing is known."""


class IssuerUnavailable(Exception):
    """The provider does not answer, or says that it cannot. Trying again later is right."""


class IssuerDistrusted(Exception):
    """The provider says what no provider says: trying again changes nothing until somebody looks into it."""


class Wire:
    """One provider's connection. Both methods give status and body, and raise IssuerUnavailable, IssuerDistrusted."""

    def __init__(self, transport: "httpx.AsyncBaseTransport | None" = None) -> None:
        self._outward = Outward(seconds=_SECONDS, most_bytes=_MOST_BYTES, transport=transport)

    async def get(self, url: str) -> tuple[int, Said]:
        return await self._ask("GET", url)

    async def post(self, url: str, form: Mapping[str, str]) -> tuple[int, Said]:
        """What the form carries is in no exception and no log."""
        return await self._ask("POST", url, form)

    async def close(self) -> None:
        await self._outward.close()

    async def _ask(self, method: str, url: str, form: Mapping[str, str] | None = None) -> tuple[int, Said]:
        if not is_safe(url):
            raise IssuerDistrusted("an address of it is not https")
        try:
            reply = await self._outward.ask(method, url, form=form)
        except NoAnswer as error:
            raise IssuerUnavailable(str(error)) from None
        if reply.status >= 500 or reply.status == 429:
            raise IssuerUnavailable(str(reply.status))
        try:
            said = json.loads(reply.body)
        except (ValueError, RecursionError):
            said = None
        if not isinstance(said, dict):
            raise IssuerDistrusted("its answer is no JSON object")
        return reply.status, said
