"""Wakes those who wait for an enrolment to change: the long polls of this process.

Another process may change it too (several backends on one database), so a waiter looks again by itself now and then.
"""

import asyncio
from collections import defaultdict

LOOK_AGAIN_SECONDS = 2.0


class Changes:
    """``tell`` wakes every waiter of that enrolment; ``wait`` returns when told, or at the latest after ``seconds``."""

    def __init__(self) -> None:
        self._waiters: defaultdict[str, set[asyncio.Event]] = defaultdict(set)
        self.over = False
        """Nobody should wait any more: the service stops."""

    def tell(self, enrolment_id: str) -> None:
        for waiter in self._waiters.get(enrolment_id, ()):
            waiter.set()

    def tell_all(self) -> None:
        """Let everybody go, so that the service can stop at once."""
        self.over = True
        for enrolment_id in list(self._waiters):
            self.tell(enrolment_id)

    async def wait(self, enrolment_id: str, seconds: float) -> None:
        waiter = asyncio.Event()
        self._waiters[enrolment_id].add(waiter)
        try:
            async with asyncio.timeout(max(0.0, min(seconds, LOOK_AGAIN_SECONDS))):
                await waiter.wait()
        except TimeoutError:
            return
        finally:
            self._waiters[enrolment_id].discard(waiter)
            if not self._waiters[enrolment_id]:
                del self._waiters[enrolment_id]
