"""An App that gives nothing away and cannot be led astray: Textual's own ways out, in and around are closed.

Each override is a row of security.md §3, and each has its test, so that an upgrade of Textual shows what moved.
"""

import os
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

from rich.segment import Segment
from textual import events
from textual.app import App
from textual.binding import Binding, BindingType
from textual.color import Color
from textual.filter import LineFilter
from textual.message import Message
from textual.message_pump import MessagePump
from textual.worker import WorkerFailed

from screens.words import _
from tui.driver import HardenedDriver
from tui.typeahead import TypeAhead, is_enter

ALLOWED_ACTIONS = frozenset(
    {"demonstrate", "leave", "tell", "tell_the_way_out", "redraw", "focus_next", "focus_previous"}
)


class _Obeyed(Message):
    """Follows a key from where it was delivered up to the App, and arrives when it is obeyed."""


class _Settled(Message):
    """Follows Enter from ``taker``, where it was delivered, up to the App, and what it does, turn after turn.

    It is obeyed at the App; what that says comes up to the page; what the page says, to the App; one turn to spare.
    """

    def __init__(self, taker: MessagePump, enters: int, turns: int = 4) -> None:
        super().__init__()
        self.taker, self.enters, self.turns = taker, enters, turns

    def once_more(self) -> bool:
        """Whether it follows for another turn."""
        again = _Settled(self.taker, self.enters, self.turns - 1)
        return again.turns > 0 and self.taker.post_message(again)


class HardenedApp(App[None], inherit_bindings=False):
    """No palette, screenshot, clipboard, selection, browser, or traceback on the screen (rows 1 to 9, 21, 25)."""

    ENABLE_COMMAND_PALETTE = False
    COMMANDS = set()
    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "focus_next", show=False, priority=True),
        Binding("shift+tab", "focus_previous", show=False, priority=True),
    ]

    def __init__(self, logs: Path) -> None:
        super().__init__(driver_class=HardenedDriver, watch_css=False)
        self.crash_log = logs / "perron.log"
        self.last_words = ""
        """What to say on the restored terminal; empty when all went well."""
        self.typeahead = TypeAhead(self._deliver, self.set_timer)
        self._unprintable = Unprintable()

    async def on_event(self, event: events.Event) -> None:
        typed = isinstance(event, events.InputEvent | events.Paste) and not event.is_forwarded
        if not (typed and self.types_ahead()):
            await super().on_event(event)
        elif not self.typeahead.keeps(event):
            await self._deliver(event)

    def types_ahead(self) -> bool:
        """Whether what is typed now may be for the next screen."""
        return True

    async def _deliver(self, event: events.Event) -> None:
        if not self.screen_stack:  # none is left once we are leaving
            return
        taker = self.focused or self.screen
        await super().on_event(event)
        if isinstance(event, events.Key) and not taker.check_consume_key(event.key, event.character):
            self.typeahead.obey(taker)
            taker.post_message(_Obeyed())
            if is_enter(event):
                taker.post_message(_Settled(taker, self.typeahead.enters))

    async def on__obeyed(self, message: _Obeyed) -> None:
        message.stop()
        await self.typeahead.obeyed()

    async def on__settled(self, message: _Settled) -> None:
        message.stop()
        if not message.once_more():
            await self.typeahead.settle(message.enters)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Whoever asks, a link in a text included (row 8)."""
        return action in ALLOWED_ACTIONS

    def get_line_filters(self) -> list[LineFilter]:
        return [*super().get_line_filters(), self._unprintable]

    def copy_to_clipboard(self, text: str) -> None:
        """Never: OSC 52 would hand it to the terminal, over SSH to another machine (rows 6 and 7)."""

    def open_url(self, url: str, *, new_tab: bool = True) -> None:
        """Never: it starts a program (row 25)."""

    def save_screenshot(self, *_: Any, **__: Any) -> str:
        """Never: a picture of somebody's data in a file (row 2)."""
        return ""

    def deliver_screenshot(self, *_: Any, **__: Any) -> None:
        """Never (row 2)."""

    def give_up(self, status: int, last_words: str) -> None:
        """Leave, and say why on the terminal that is left."""
        self.last_words = last_words
        self.exit(return_code=status)

    def panic(self, *renderables: Any) -> None:
        """Leave, without showing ``renderables``: they may hold what was typed (row 21)."""
        self._fatal_error()

    def _fatal_error(self) -> None:
        self._return_code = 1
        if not self.last_words:
            self.last_words = self._write_down(self._exception)
        self._close_messages_no_wait()

    def _write_down(self, error: BaseException | None) -> str:
        """What to say of ``error`` once it is in the log; a full or locked disk keeps nobody from leaving."""
        reference = os.urandom(4).hex()
        try:
            write_crash(self.crash_log, reference, error.error if isinstance(error, WorkerFailed) else error)
        except OSError:
            sentence = _("Something broke, and it is our fault. It could not be written down in {log}.")
            return sentence.format(log=self.crash_log)
        sentence = _("Something broke, and it is our fault. Reference: {reference}, in {log}.")
        return sentence.format(reference=reference, log=self.crash_log)


class Unprintable(LineFilter):
    """The last defence against escape sequences from outside, after the boundary where they are cleaned (row 10)."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        if not any(_UNPRINTABLE.search(segment.text) for segment in segments):
            return segments
        return [
            segment
            if segment.control
            else segment._replace(text=_UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", segment.text))
            for segment in segments
        ]


# C0, DEL and C1 steer a terminal; the others reorder or hide what stands beside them.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


def write_crash(log: Path, reference: str, error: BaseException | None) -> None:
    """Append where ``error`` happened, without its message and without any value: either may be a secret."""
    import traceback

    lines = [f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ} {reference}\n"]
    while error is not None:
        lines += [f"{type(error).__module__}.{type(error).__qualname__}\n", *traceback.format_tb(error.__traceback__)]
        error = error.__cause__ or error.__context__
    log.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    log.touch(mode=0o600)
    with log.open("a", encoding="utf-8") as book:
        book.writelines(lines)
