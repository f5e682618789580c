"""What is typed after Enter belongs to the next screen: it is kept until that one is there.

Someone who types « login, Enter, password » in one go would otherwise send both as the login, in clear (security.md §3,
row 20). Kept keys are let go when another screen is shown, and forgotten when the same one comes back: what was
meant for a password field must not land beside an error in a field that shows it. Enter upon Enter is a hand that
presses twice, until the next screen is drawn: who sees that one means it.

What is typed while news make a page anew under the keys (its words or its way have changed) waits until it is whole.

What is typed after a key that moves or deletes waits as well, for the blink of an eye: Textual obeys such a key only
once it has come up from the field to the App, while letters are written at once. « Ctrl+U, login » in one go would
write the login and then delete it.
"""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial

from textual import events
from textual.message_pump import MessagePump

MOST_KEPT = 256

_OBEYED_WITHIN = 1.0
"""Seconds; a word that is lost is not waited for any longer."""

_MOMENT = 0.005
"""Seconds, as good as at once: Textual divides by what a timer waits."""


class TypeAhead:
    """A gate for keys and pastes, closed by Enter.

    ``deliver`` passes on one event, ``later`` calls something after a delay; both, like every method here but
    ``waiting``, run in the App's own message loop, so that the order of typing is kept.
    """

    def __init__(
        self,
        deliver: Callable[[events.Event], Awaitable[None]],
        later: Callable[[float, Callable[[], Awaitable[None]]], object],
    ) -> None:
        self._deliver, self._later = deliver, later
        self._kept: deque[events.Event] = deque(maxlen=MOST_KEPT)
        self._closed = self._answering = self._drawn = False
        self._taker: MessagePump | None = None
        self._obeying_since = 0.0
        self._at_rest = asyncio.Event()
        self._waits = 0
        """How many change the page now, and have the keys wait."""
        self.enters = 0
        """How many were passed on."""

    def keeps(self, event: events.Event) -> bool:
        """Whether ``event`` is kept for the next screen; Enter passes, and closes the gate behind it."""
        if not isinstance(event, events.Key | events.Paste):
            return False
        if not self._closed:
            if self._waits or self._is_obeying or self._kept:
                self._keep(event)
                self._later(_OBEYED_WITHIN, self._let_go)
                return True
            self._close_behind(event)
            return False
        if isinstance(event, events.Key) and _always_works(event.key):
            return False
        self._keep(event)
        return True

    def obey(self, taker: MessagePump) -> None:
        """A key that moves or deletes is on its way from ``taker``: keep what follows until it has been ``obeyed``,
        whatever screen comes meanwhile, or until nobody is left who could obey."""
        self._taker, self._obeying_since = taker, time.monotonic()
        self._at_rest.clear()

    async def obeyed(self) -> None:
        self._taker = None
        self._at_rest.set()
        await self._let_go()

    async def settle(self, enters: int) -> None:
        """All that the Enter of this number does is done: if that was no answer (a box, a local error), the keys
        behind it go where it went."""
        if enters == self.enters and self._closed and not self._answering:
            await self.release()

    def hold(self) -> None:
        """An answer is on its way: keep everything until ``release`` or ``forget``."""
        self._closed = self._answering = True

    @asynccontextmanager
    async def waiting(self) -> AsyncIterator[None]:
        """While the page is changed: what was typed before is obeyed first, what is typed meanwhile waits.

        For the App's workers; in its own loop, where keys are obeyed, it would wait in vain.
        """
        self._waits += 1
        try:
            if self._is_obeying:
                with suppress(TimeoutError):
                    async with asyncio.timeout(_OBEYED_WITHIN):
                        await self._at_rest.wait()
            yield
        finally:
            self._waits -= 1
            self._later(_MOMENT, self._let_go)

    def drawn(self) -> None:
        """The next screen is in sight: Enter is meant for it, and no longer the end of a double press."""
        self._drawn = True

    async def release(self) -> None:
        """The next screen is there: pass on what was kept, up to the next Enter."""
        self._open()
        await self._let_go()

    def come_back(self) -> None:
        """The same screen is there again. What is only news is no answer, and takes nothing of what is being typed."""
        if self._answering:
            self.forget()

    def forget(self) -> None:
        self._kept.clear()
        self._open()

    @property
    def _is_obeying(self) -> bool:
        taker = self._taker
        return taker is not None and taker.is_running and time.monotonic() - self._obeying_since < _OBEYED_WITHIN

    def _open(self) -> None:
        self._closed = self._answering = self._drawn = False

    def _keep(self, event: events.Event) -> None:
        """Enter right behind Enter, be it the one that closed the gate, is a hand that presses twice."""
        behind_enter = is_enter(self._kept[-1]) if self._kept else self._closed and not self._drawn
        if not (behind_enter and is_enter(event)):
            self._kept.append(event)

    async def _let_go(self) -> None:
        while self._kept and not (self._waits or self._closed or self._is_obeying):
            event = self._kept.popleft()
            self._close_behind(event)
            await self._deliver(event)

    def _close_behind(self, event: events.Event) -> None:
        if is_enter(event):
            self._closed = True
            self.enters += 1
            self._later(_OBEYED_WITHIN, partial(self.settle, self.enters))


def is_enter(event: events.Event) -> bool:
    return isinstance(event, events.Key) and event.key == "enter"


def _always_works(key: str) -> bool:
    return key == "escape" or key.startswith("ctrl+") or (key[:1] == "f" and key[1:].isdecimal())
