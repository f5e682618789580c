"""A display that remembers the cells it has sent and sends only those that changed, as curses does.

Textual 8.2.8 sends every row whenever the focus moves and the first picture of a screen about three times
(performance.md, « Tuned (1) »); over SSH that is what one waits for. What is on the screen in the end is the same.
"""

import os
from typing import Any, ClassVar

from rich.color import ColorSystem
from textual import events
from textual.app import App
from textual.binding import Binding, BindingType
from textual.geometry import Offset, Size
from textual.screen import Screen

from tui.cells import Row, Update, cells_of, pieces_of, size_of, width_of
from tui.ink import RESET, RESET_SEQUENCE, Ink, change, on_blank

ATOMIC = 256
"""Characters: a terminal reads so few at once, so that no half of them is ever seen."""

_SYNCHRONIZED = "\x1b[?2026h{}\x1b[?2026l"
_ERASE_TO_END = "\x1b[K"
_EMOJI = "\U0001f000"
"""From here on terminals differ on how wide a character is."""
_ERASING_LEAVES_BLACK = ("screen", "vt", "ansi", "cygwin")
"""Beginnings of TERM where erasing leaves the terminal's own background (terminfo: no ``bce``)."""


class SparingApp(App[None]):
    """An App whose terminal is sent what changed, and nothing when nothing did."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+l", "redraw", show=False, priority=True)]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        in_tmux = "TMUX" in os.environ
        self._sent = Display(in_tmux or not os.environ.get("TERM", "").startswith(_ERASING_LEAVES_BLACK))

    async def on_event(self, event: events.Event) -> None:
        """A resize, which also follows every entry of the alternate screen, leaves there nobody knows what."""
        if isinstance(event, events.Resize):
            self._sent.forget()
            if self._size == event.size:  # Textual would think that nothing happened
                self.screen.refresh()
        await super().on_event(event)

    def action_redraw(self) -> None:
        """Send everything again, as Ctrl+L asks everywhere: some other program wrote on this terminal."""
        self._sent.forget()
        self.screen.refresh()

    def _display(self, screen: Screen[Any], renderable: Any) -> None:
        """Textual's own, but for what is written: it calls this with every picture, whole or in part."""
        driver = self._driver
        if not isinstance(renderable, Update) or driver is None or driver.is_inline or self.is_headless:
            super()._display(screen, renderable)
            return
        if not self._batch_count and self._running and not self._closed:
            colours = self.console._color_system or ColorSystem.TRUECOLOR
            cursor = self.screen.outer_size.clamp_offset(self.cursor_position)
            if changes := self._sent.changes(renderable, colours, cursor):
                whole = _SYNCHRONIZED if self._sync_available and len(changes) > ATOMIC else "{}"
                driver.write(whole.format(changes))
                driver.flush()
        self.post_display_hook()


class Display:
    """What the terminal shows, as far as we know.

    ``erases_in_colour``: erasing leaves the background colour of the pen, not the terminal's own.
    """

    def __init__(self, erases_in_colour: bool) -> None:
        self._erases_in_colour = erases_in_colour
        self._size = Size(0, 0)
        self._rows: list[Row] = []
        self._cursor: Offset | None = None

    def forget(self) -> None:
        """Something else may stand there by now: know nothing."""
        self._rows = [Row.unknown(self._size.width) for _ in range(self._size.height)]
        self._cursor = None

    def changes(self, update: Update, colours: ColorSystem, cursor: Offset) -> str:
        """What to send so that ``update`` is shown and the cursor stands at ``cursor``; empty when all that is so."""
        size = size_of(update)
        if size != self._size:
            self._size = size
            self.forget()
        wanted: dict[int, Row] = {}
        for x, y, strip in pieces_of(update):
            if 0 <= y < size.height:
                row = wanted.setdefault(y, self._rows[y].copy())
                row.put(x, cells_of(strip, colours))
        pen = Pen(self._cursor, self._erases_in_colour)
        for y, row in wanted.items():
            if "" in row.graphemes:
                row.mend()
            if row != self._rows[y]:
                pen.turn(y, self._rows[y], row)
                self._rows[y] = row
        pen.rest(cursor)
        self._cursor = cursor
        return "".join(pen.sent)


class Pen:
    """Where the terminal writes, and in which ink. ``sent`` is what it was told so far."""

    def __init__(self, cursor: Offset | None, erases_in_colour: bool) -> None:
        self.sent: list[str] = []
        self._cursor = cursor
        self._ink = RESET
        self._erases_in_colour = erases_in_colour

    def turn(self, y: int, shown: Row, wanted: Row) -> None:
        """Turn row ``y`` from ``shown`` into ``wanted``."""
        blank = wanted.blank_from() if self._erases_in_colour else len(wanted.inks)
        for start, end in wanted.runs(shown):
            erased = max(start, blank)
            if end - erased <= len(_ERASE_TO_END):
                self._write(y, wanted, start, end)
                continue
            self._write(y, wanted, start, erased)
            self._move(Offset(erased, y))
            self._dip(wanted.inks[-1])
            self.sent.append(_ERASE_TO_END)
            return

    def rest(self, cursor: Offset) -> None:
        """Leave the ink that others expect, and the cursor where an input method looks for it."""
        if self._ink != RESET:
            self.sent.append(RESET_SEQUENCE)
        self._move(cursor)

    def _write(self, y: int, row: Row, x: int, end: int) -> None:
        while x < end:
            here, ink = Offset(x, y), row.inks[x]
            self._move(here)
            self._dip(ink)
            alike, blank = x + 1, on_blank(ink)
            while alike < end and (row.inks[alike] is ink or row.inks[alike] is blank):
                alike += 1
            text = "".join(row.graphemes[x:alike])
            if not text.isascii():
                text = row.graphemes[x]
            width = width_of(text)
            x += width
            if text.isascii() or (len(text) == width == 1 and text < _EMOJI):
                self.sent.append(text)
                # On the last cell it stays, or waits behind it: terminals differ.
                self._cursor = Offset(x, y) if x < len(row.inks) else None
            else:
                # So they do for combined ones: blank their cells first, and say afterwards where we are.
                self.sent += [" " * width, _place(here), text]
                self._cursor = None

    def _move(self, to: Offset) -> None:
        here = self._cursor
        if to == here:
            return
        along = here is not None and here.y == to.y and here.x < to.x
        self.sent.append(f"\x1b[{to.x - here.x}C" if here is not None and along else _place(to))
        self._cursor = to

    def _dip(self, ink: Ink) -> None:
        sequence, self._ink = change(self._ink, ink)
        self.sent.append(sequence)


def _place(place: Offset) -> str:
    return f"\x1b[{place.y + 1};{place.x + 1}H" if place.x else f"\x1b[{place.y + 1}H"
