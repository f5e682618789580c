"""How long nobody has been there, and what follows: the two clocks of a kiosk (experience.md, « Kiosk »)."""

import time
from collections.abc import Callable
from typing import Literal, NamedTuple

WARNING = 20.0
"""Seconds in which one key is enough to go on (WCAG 2.2.1); a third of a time that is too short for it."""

Presence = Literal["known", "unknown", "waiting"]
"""Of who sits here: they gave something that can be asked again; they did not; they wait for a mail or a phone."""


class Due(NamedTuple):
    """What comes next when no key does, in how many seconds, and in how many it is time to say so."""

    what: Literal["cover", "end"]
    left: float
    warned_in: float


class Clocks:
    """Counts from the last key that arrived, and the second one also from the last news of the journey.

    Keys that a terminal swallows - an unfinished paste - are none: then a session ends like any other (row 18).
    """

    def __init__(self, cover_after: float, end_after: float, now: Callable[[], float] = time.monotonic) -> None:
        self._cover_after, self._end_after, self._now = cover_after, end_after, now
        self._touched = self._stirred = now()

    def touch(self) -> None:
        """A key arrived."""
        self._touched = self._now()

    def stir(self) -> None:
        """The journey moved by itself: who opened a link elsewhere needs time to come back."""
        self._stirred = self._now()

    def due(self, presence: Presence, *, covered: bool, expires_at: float) -> Due:
        """What comes next. ``expires_at``, on this clock, is when a wait ends by itself."""
        lively = max(self._touched, self._stirred)
        if presence == "unknown":
            return self._due("end", lively + self._cover_after, self._cover_after)
        if not covered:
            return self._due("cover", self._touched + self._cover_after, self._cover_after)
        if presence == "waiting":
            return self._due("end", expires_at, self._end_after)
        return self._due("end", lively + self._end_after, self._end_after)

    def _due(self, what: Literal["cover", "end"], at: float, period: float) -> Due:
        left = max(0.0, at - self._now())
        return Due(what, left, max(0.0, left - min(WARNING, period / 3)))
