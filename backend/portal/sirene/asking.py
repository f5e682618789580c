"""How the Sirene API is asked: with the key, at its pace, again when it stumbles, and not at all while it is down."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, TypeVar

import structlog

from backend.clock import Clock
from backend.outward import NoAnswer, Outward, Reply
from backend.portal.register import RegisterUnavailable
from backend.portal.sirene.access import Access
from backend.portal.sirene.answers import Malformed, is_nothing_found
from backend.portal.sirene.pace import Pace

if TYPE_CHECKING:
    import httpx

SECONDS = 4.0
"""For one answer, with everything that was tried for it: somebody waits at a screen."""
PAUSES = (0.3, 1.0)
"""Seconds before the second and the third try."""

_REQUESTS, _WINDOW = 30, timedelta(minutes=1)
_MOST_BYTES = 1024 * 1024
_FLEETING = (500, 502, 503, 504)
_KEY_REFUSED = (401, 403)

_T = TypeVar("_T")
_log = structlog.get_logger()


class _Stumbled(Exception):
    """It may well go better at once."""


class Asking:
    """The connection to one API. ``transport`` stands in for the network."""

    def __init__(
        self,
        access: Access,
        clock: Clock,
        *,
        seconds: float = SECONDS,
        pauses: Sequence[float] = PAUSES,
        transport: "httpx.AsyncBaseTransport | None" = None,
    ) -> None:
        self._access, self._clock, self._seconds, self._pauses = access, clock, seconds, pauses
        self._outward = Outward(seconds=seconds, most_bytes=_MOST_BYTES, transport=transport)
        self._pace = Pace(clock, _REQUESTS, _WINDOW)

    async def get(self, path: str, read: Callable[[bytes], _T], query: Mapping[str, str] | None = None) -> _T | None:
        """What ``read`` makes of the answer; None when Sirene says that it has nothing such. Raises
        RegisterUnavailable. ``read`` may raise Malformed."""
        try:
            async with asyncio.timeout(self._seconds):
                for pause in self._pauses:
                    try:
                        return await self._once(path, read, query)
                    except _Stumbled:
                        await asyncio.sleep(pause)
                return await self._once(path, read, query)
        except TimeoutError:
            raise self._unavailable("slow") from None
        except _Stumbled as stumbled:
            raise self._unavailable(str(stumbled)) from None

    async def close(self) -> None:
        await self._outward.close()

    async def _once(self, path: str, read: Callable[[bytes], _T], query: Mapping[str, str] | None) -> _T | None:
        if (wait := self._pace.wait()) > timedelta():
            raise RegisterUnavailable(wait, asked=False)
        self._pace.count()
        key = self._access.key
        headers = {"X-INSEE-Api-Key-Integration": key.reveal()} if key else None
        try:
            reply = await self._outward.ask("GET", self._access.url + path, query=query, headers=headers)
            found = self._read(reply, read)
        except NoAnswer as none:
            raise _Stumbled(str(none)) from None
        except Malformed:
            raise _Stumbled("malformed") from None
        self._pace.succeed()
        return found

    def _read(self, reply: Reply, read: Callable[[bytes], _T]) -> _T | None:
        if reply.status == 200:
            return read(reply.body)
        if reply.status == 404 and is_nothing_found(reply.body):
            return None
        rest = self._rest_asked_for(reply)
        if reply.status in _FLEETING and rest is None:
            raise _Stumbled(str(reply.status))
        raise self._unavailable("key refused" if reply.status in _KEY_REFUSED else str(reply.status), rest)

    def _rest_asked_for(self, reply: Reply) -> timedelta | None:
        """``Retry-After``: seconds, or a date (RFC 9110 §10.2.3)."""
        said = reply.headers.get("Retry-After", "").strip()
        try:
            if said.isascii() and said.isdigit():
                return timedelta(seconds=min(int(said), 86_400))
            until = parsedate_to_datetime(said)
        except (ValueError, OverflowError):  # more digits than a number may have, and nonsense
            return None
        return max(_aware(until) - self._clock(), timedelta())

    def _unavailable(self, why: str, rest: timedelta | None = None) -> RegisterUnavailable:
        # Neither the number nor the answer: a SIRET may be one person's.
        _log.warning("register_unavailable", why=why)
        return RegisterUnavailable(self._pace.fail(rest))


def _aware(instant: datetime) -> datetime:
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
