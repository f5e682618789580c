"""A screen that can wait: blocked while the backend thinks, and honest about a lost connection.

The App drives it by

- ``busy(True)`` / ``busy(False)``: no key and no click gets through; after 0.1 s « Un instant… » is shown. A screen
  blocks itself before it posts a message marked *held* in messages.py.
- ``await calm()``: returns at once, or when « Un instant… » has been up for one second. Call it between an answer
  of the backend and what it changes on the screen, so that nothing flashes.
- ``connection(lost=True, retry_in=5)`` / ``connection(lost=False)``: a line tells it, or with ``busy=True`` that the
  service has too much to do; what was typed stays, and nothing is sent meanwhile.
"""

import asyncio
import time
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any

from textual import events
from textual.await_complete import AwaitComplete
from textual.screen import Screen
from textual.timer import Timer
from textual.widget import Widget

from screens.clock import ServerClock
from screens.widgets.banner import Banner
from screens.widgets.prose import Prose
from screens.words import _

_POLITE_DELAY = 0.1
"""Seconds: most answers come sooner, and then nothing is said."""
_READABLE = 1.0
"""Seconds that « Un instant… » stays once it was shown."""


class PatientScreen(Screen[bool]):
    """Needs a ``Prose`` with the id ``waiting`` and a ``Banner``. Its result, if it has one, is a yes or a no."""

    def __init__(self) -> None:
        super().__init__()
        self._held_focus: Widget | None = None
        self._told_at: float | None = None
        self._telling: Timer | None = None
        self.lost = False
        self._too_busy = False
        self.whole = False
        """Whether all of its widgets are there. The App may obey a key while a screen is composed, or composed anew."""
        self._outcome: tuple[bool | None] | None = None
        """What it was dismissed with."""

    def on_mount(self) -> None:
        self.whole = True

    async def recompose(self) -> None:
        self.whole = False
        await super().recompose()
        self.whole = bool(self.query("#waiting"))  # once the App is ending, nothing is composed any more

    def dismiss(self, result: bool | None = None) -> AwaitComplete:
        """Once, and as soon as nothing lies over it: Textual takes away what lies on top, as often as it is asked."""
        if self._outcome is None:
            self._outcome = (result,)
            if self._is_on_top:
                return super().dismiss(result)
        return AwaitComplete()

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        if self._outcome is not None and self._is_on_top:
            super().dismiss(*self._outcome)

    @property
    def _is_on_top(self) -> bool:
        return self.app.screen_stack[-1:] == [self]

    def resting(self) -> str:
        """What stands where « Un instant… » is told, while no answer is on its way."""
        return ""

    @property
    def blocked(self) -> bool:
        """Whether an answer is on its way."""
        return self.disabled

    def busy(self, busy: bool) -> None:
        """Block the screen, or open it again with the focus where it was. Saying the same twice does nothing."""
        if busy == self.disabled:
            return
        if busy:
            self._held_focus = self.focused
            self.set_focus(None)  # a disabled screen still hands keys to the field that has the focus
            self.disabled = True
            self._telling = self.set_timer(_POLITE_DELAY, self._tell)
            return
        if self._telling is not None:
            self._telling.stop()
        self._told_at = None
        self.query_one("#waiting", Prose).show(self.resting())
        self.disabled = False
        if self._held_focus is not None and self._held_focus.is_attached:
            self.set_focus(self._held_focus)
        self._held_focus = None

    def _tell(self) -> None:
        if not self.disabled:  # the timer had rung already when the answer came
            return
        self._told_at = time.monotonic()
        self.query_one("#waiting", Prose).show(_("One moment…"))

    async def calm(self) -> None:
        """Wait until « Un instant… », if it is shown, could be read."""
        if self._told_at is not None:
            await asyncio.sleep(max(0.0, self._told_at + _READABLE - time.monotonic()))

    async def in_turn(self, change: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Make ``change`` between two messages of this screen, so that no key and no timer meets it half made; never,
        if the screen is taken away first.

        For the App and its workers; from a handler of the screen itself it would wait for ever.
        """
        if self._closing or self._closed:
            return
        started: asyncio.Future[asyncio.Task[None]] = asyncio.get_running_loop().create_future()

        async def make() -> None:
            making = asyncio.create_task(change())
            if not started.cancelled():
                started.set_result(making)
            await asyncio.wait({making})

        self.call_next(make)
        # Taken away meanwhile, it never has its turn.
        await asyncio.wait({started, *filter(None, [self._task])}, return_when=asyncio.FIRST_COMPLETED)
        if started.done():
            await started.result()

    def connection(self, *, lost: bool, retry_in: float | None = None, busy: bool | None = None) -> None:
        """Say that the service is out of reach and when it is tried again (in seconds), or that it is back.

        ``busy``: it answers, but that it cannot now; None: as it was said before.
        """
        self.lost = lost
        self._too_busy = self._too_busy if busy is None else busy
        banner = next(iter(self.query(Banner)), None)
        if banner is None:  # the App is ending, and has taken it away already
            return
        if not lost:
            banner.hush()
        elif retry_in is None:
            banner.show(
                _("The service is very busy. What you typed is kept.")
                if self._too_busy
                else _("Connection lost. What you typed is kept.")
            )
        else:
            clock = ServerClock(datetime.now(UTC))
            banner.count_down(
                clock,
                clock.now() + timedelta(seconds=retry_in),
                self._next_try,
            )

    def _next_try(self, left: str) -> str:
        if self._too_busy:
            return _("The service is very busy. What you typed is kept; next try in {left}.").format(left=left)
        return _("Connection lost. What you typed is kept; next try in {left}.").format(left=left)
