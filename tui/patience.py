"""Insisting with a backend that may come and go, while the person is told."""

import asyncio
import contextlib
import random
from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

from api_client.contract import Problem
from api_client.problems import Busy, PerronError, Refusal, Unreachable

_T = TypeVar("_T")

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 15.0
"""Seconds between two tries that the person is told about; ``Client`` has tried for a while before the first."""


_TOO_MANY_REQUESTS = 429


class TooSoon(Refusal):
    """Too much was tried from here: not before ``retry_after`` seconds, and insisting would not help."""

    def __init__(self, problem: Problem, retry_after: float) -> None:
        super().__init__(problem)
        self.retry_after = retry_after


class Told(Protocol):
    """Who is told how the connection is."""

    def lost(self, trouble: PerronError, retry_in: float) -> None:
        """Nobody answers; it is tried again in so many seconds."""

    def found(self) -> None:
        """Somebody answers again."""


class Patience:
    """Asks again, at growing intervals, for as long as nobody answers."""

    def __init__(self, told: Told) -> None:
        self._told = told
        self._hurry = asyncio.Event()

    def hurry(self) -> None:
        """Try again now: somebody asked for it."""
        self._hurry.set()

    async def insist(self, ask: Callable[[], Awaitable[_T]]) -> _T:
        """What ``ask`` gives once the backend answers it; a refusal is an answer, and raised."""
        tries = 0
        try:
            while True:
                try:
                    return await ask()
                except (Unreachable, Busy) as trouble:
                    if isinstance(trouble, Busy):
                        _unless_too_soon(trouble)
                    pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2**tries) * random.uniform(0.5, 1)  # noqa: S311 - spreads load
                    if isinstance(trouble, Busy):
                        pause = max(pause, trouble.retry_after)
                    self._told.lost(trouble, pause)
                tries += 1
                await self._rest(pause)
        finally:
            if tries:
                self._told.found()

    async def _rest(self, pause: float) -> None:
        self._hurry.clear()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._hurry.wait(), pause)


def _unless_too_soon(busy: Busy) -> None:
    """Raises TooSoon where it is not the service that has too much to do, but somebody here who did."""
    if busy.problem is not None and busy.problem.status == _TOO_MANY_REQUESTS:
        raise TooSoon(busy.problem, busy.retry_after) from None
