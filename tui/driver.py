"""Textual's driver, hardened: what a terminal sends can neither stop the program nor keep it alive.

Textual 8.2.8 reads the keyboard in a thread that polls ten times a second, dies on a byte that is not UTF-8 and on
malformed keyboard sequences, and spins for ever at the end of the input (security.md §3, rows 11 to 17 and 27;
performance.md, « The defect that must not ship »). This one sleeps until there is something to read.
"""

import asyncio
import os
import re
import select
import signal
import threading
import time
from codecs import getincrementaldecoder
from typing import Any

from textual import events
from textual._parser import ParseError
from textual._time import get_time
from textual._xterm_parser import BRACKETED_PASTE_END, BRACKETED_PASTE_START, XTermParser
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from tui.confinement import KEYBOARD_SIGNALS

PASTE_LIMIT = 4096
"""Characters: the longest field takes far fewer, and every pasted one is looked at."""

KEYS_A_SECOND, KEYS_AT_ONCE = 100.0, 400.0
"""No person types faster; a cat on the keyboard or a file sent by mistake does."""

EXIT_TERMINAL_GONE = 75
"""``EX_TEMPFAIL`` of sysexits.h: nothing is wrong, come back later."""


MOST_SECONDS_TO_LEAVE = 0.9

_ANSWERS = re.compile(r"\x1b\[[?>=][0-9;]*[A-Za-z]")
"""What a terminal says of itself, to some program before us: Textual, which asked nothing, would type it. No key begins
so, and what is answered to Textual's own question ends otherwise."""


class HardenedDriver(LinuxDriver):
    """``LinuxDriver`` with another input thread; its other half, drawing, is Textual's own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        ignored = [number for number in KEYBOARD_SIGNALS if signal.getsignal(number) is signal.SIG_IGN]
        super().__init__(*args, **kwargs)
        for number in ignored:  # Textual would suspend the program on SIGTSTP, asked or not
            signal.signal(number, signal.SIG_IGN)

    def start_application_mode(self) -> None:
        self._wake, self._waker = os.pipe()
        self._bucket = Bucket(KEYS_A_SECOND, KEYS_AT_ONCE)
        self.heed_signals()
        super().start_application_mode()  # type: ignore[no-untyped-call]

    def stop_application_mode(self) -> None:
        """Leave nothing of anybody where there is no second screen to put away: the Linux console, GNU screen."""
        _, rows = self._get_terminal_size()
        self.write("\x1b[m" + "".join(f"\x1b[{row}H\x1b[K" for row in range(1, rows + 1)) + "\x1b[H")
        super().stop_application_mode()

    def heed_signals(self) -> None:
        """Leave when we are asked to from outside."""
        # A lost terminal always counts (row 27); what no key may do, a signal of the keyboard may not do either.
        may_be_ignored = () if signal.getsignal(signal.SIGINT) is signal.SIG_IGN else (signal.SIGINT,)
        for asked in (signal.SIGTERM, signal.SIGHUP, *may_be_ignored):
            asyncio.get_running_loop().add_signal_handler(asked, self._leave)

    def _leave(self) -> None:
        """Leave as F10 does, so that the terminal is restored; at the latest before somebody loses patience."""
        self._app.exit(return_code=EXIT_TERMINAL_GONE)
        last_resort = threading.Timer(MOST_SECONDS_TO_LEAVE, os._exit, [EXIT_TERMINAL_GONE])
        last_resort.daemon = True
        last_resort.start()

    def disable_input(self) -> None:
        """Wake the input thread so that it can end: it sleeps without a time limit."""
        os.write(self._waker, b"x")
        super().disable_input()

    def close(self) -> None:
        super().close()
        os.close(self._wake)
        os.close(self._waker)

    def _query_in_band_window_resize(self) -> None:
        """Never asked: a terminal could answer with any size (row 14). SIGWINCH tells the size."""

    def run_input_thread(self) -> None:
        """Until ``disable_input``, or until the terminal is gone and this process with it."""
        decode = getincrementaldecoder("utf-8")(errors="replace").decode
        parser, paste = XTermParser(), PasteLimit(PASTE_LIMIT)
        while True:
            pause = None if parser._timeout_time is None else max(0.0, parser._timeout_time - get_time())
            readable, _, _ = select.select([self.fileno, self._wake], [], [], pause)
            if self._wake in readable:
                return
            text = _ANSWERS.sub("", paste.trim(decode(self._read()))) if readable else ""
            try:
                for message in parser.feed(text) if text else parser.tick():
                    self.process_message(message)
            except (ValueError, ArithmeticError, LookupError, RuntimeError, ParseError):
                parser = XTermParser()  # the rest of this sequence was no key of anybody's

    def _read(self) -> bytes:
        try:
            data = os.read(self.fileno, 4096)
        except OSError:
            data = b""
        if not data:
            # Nobody is there to read a goodbye and writing one could block: leave at once; a child sees its pipe close.
            os._exit(EXIT_TERMINAL_GONE)
        return data

    def process_message(self, message: Message) -> None:
        if isinstance(message, events.Resize):
            return
        if isinstance(message, events.Key | events.MouseMove) and not self._bucket.take():
            return
        super().process_message(message)


class Bucket:
    """So many at once, then so many a second."""

    def __init__(self, a_second: float, at_once: float) -> None:
        self._a_second, self._at_once = a_second, at_once
        self._left, self._seen = at_once, time.monotonic()

    def take(self) -> bool:
        """Whether one more is allowed now; it is counted if so."""
        now = time.monotonic()
        self._left = min(self._at_once, self._left + (now - self._seen) * self._a_second)
        self._seen = now
        if self._left < 1:
            return False
        self._left -= 1
        return True


class PasteLimit:
    """Cuts what a bracketed paste has beyond ``limit`` characters, before Textual's parser looks at each of them.

    An escape inside becomes SUBSTITUTE: the parser would type what follows it, an Enter included, as if by hand, while
    a field refuses the control character with a sentence.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._inside = False
        self._room = 0
        self._tail = ""
        """Outside a paste the last characters seen, inside those that may begin its end."""

    def trim(self, text: str) -> str:
        """``text`` as it came, in the pieces it came in, but for the excess."""
        kept: list[str] = []
        while text:
            text = self._within(text, kept) if self._inside else self._outside(text, kept)
        return "".join(kept)

    def _outside(self, text: str, kept: list[str]) -> str:
        seen = self._tail + text
        at = seen.find(BRACKETED_PASTE_START)
        if at < 0:
            self._tail = seen[1 - len(BRACKETED_PASTE_START) :]
            kept.append(text)
            return ""
        end = at + len(BRACKETED_PASTE_START) - len(self._tail)
        self._inside, self._room, self._tail = True, self._limit, ""
        kept.append(text[:end])
        return text[end:]

    def _within(self, text: str, kept: list[str]) -> str:
        pasted, end, rest = (self._tail + text).partition(BRACKETED_PASTE_END)
        self._tail = "" if end else _beginning_of_end(pasted)
        pasted = pasted.removesuffix(self._tail) if self._tail else pasted
        kept.append(pasted[: self._room].replace("\x1b", "\x1a") + end)
        self._room = max(0, self._room - len(pasted))
        self._inside = not end
        return rest


def _beginning_of_end(text: str) -> str:
    for length in range(len(BRACKETED_PASTE_END) - 1, 0, -1):
        if text.endswith(BRACKETED_PASTE_END[:length]):
            return BRACKETED_PASTE_END[:length]
    return ""
