"""How often a service may be asked: no more than it allows, and not at all while it says that it cannot."""

import random
from collections import deque
from datetime import timedelta

from backend.clock import Clock

_FIRST_REST = timedelta(seconds=5)
_LONGEST_REST = timedelta(minutes=5)
_LONGEST_OBEYED = timedelta(hours=1)


class Pace:
    """``most`` requests in any ``window``; after each failure a rest, twice as long as the one before."""

    def __init__(self, clock: Clock, most: int, window: timedelta) -> None:
        self._clock, self._most, self._window = clock, most, window
        self._asked = deque([clock() - window] * most, maxlen=most)
        self._rests_until = clock()
        self._failures = 0

    def wait(self) -> timedelta:
        """How long nothing may be asked yet; nothing or less: now is right."""
        return max(self._rests_until, self._asked[0] + self._window) - self._clock()

    def count(self) -> None:
        """One request is made."""
        self._asked.append(self._clock())

    def succeed(self) -> None:
        self._failures = 0

    def fail(self, asked_for: timedelta | None = None) -> timedelta:
        """Rest for as long as the service asked for; without a word of it, for a doubling time. Returns how long."""
        if asked_for is None:
            rest = min(_FIRST_REST * (1 << self._failures), _LONGEST_REST)
            rest *= random.uniform(1, 1.2)  # noqa: S311 - so that several services do not come back at once
            self._failures = min(self._failures + 1, 16)
        else:
            rest = min(asked_for, _LONGEST_OBEYED)
        self._rests_until = self._clock() + rest
        return rest
