"""The terminal of a kiosk between two people: silent, empty, and in no mode that somebody left behind.

Whatever ended the process before may have ended it in the middle of a sequence (security.md §3, row 28). Standard
library only, like all that the supervisor is made of.
"""

import os
import select
import termios
import time
import tty
from typing import Any

_STUCK = 1.0
"""Seconds in which a terminal takes what it is sent, or is left alone: flow control may have stopped it for ever."""

_MODES = "?9;1000;1001;1002;1003;1004;1005;1006;1015;1016;2004;2026;2031;2048"
"""The mouse's, the focus', the paste's, synchronized output, colour news and in-band resizes."""

_TITLE = "\x1b]0;\x1b\\"
_CLIPBOARD = "\x1b]52;cps;\x1b\\"
_KEYBOARD = "\x1b[<99u\x1b[=0u\x1b[>4m"
"""The stack of kitty's protocol, its flags, and xterm's modifyOtherKeys."""

WIPE = "".join(
    (
        "\x18\x1b\\",  # an unfinished sequence ends, and a string with it
        _TITLE + _CLIPBOARD,  # before the rest: a terminal that knows neither prints them, and is emptied of them
        _KEYBOARD + "\x1b[?1049l" + _KEYBOARD,  # either screen has its own
        f"\x1b[{_MODES}l",
        "\x1bc\x1b[?7h\x1b[H\x1b[2J\x1b[3J",
    )
)
"""Both screens, what scrolled away, the title, the clipboard that OSC 52 reaches, and every mode that Textual sets."""


class KioskTerminal:
    """``keyboard`` and ``screen`` are the descriptors of one terminal. Each method raises OSError when it is gone."""

    def __init__(self, keyboard: int = 0, screen: int = 2) -> None:
        self._keyboard, self._screen = keyboard, screen
        self._found: list[Any] = []

    def take(self) -> None:
        """Keep the keyboard from echoing and from sending signals, until ``give_back``."""
        self._found = self._attributes()
        self.wipe()

    def wipe(self, sentence: str = "") -> None:
        """Empty it, forget the keys that nobody read, and leave only ``sentence`` on it."""
        silent = [*self._found[:6], list(self._found[6])]
        silent[tty.IFLAG] |= termios.ICRNL
        silent[tty.OFLAG] |= termios.OPOST | termios.ONLCR
        silent[tty.LFLAG] &= ~(termios.ECHO | termios.ICANON | termios.ISIG | termios.IEXTEN)
        self._set(silent)
        self._write(WIPE + (f"\r\n  {sentence}\x1b[?25l" if sentence else "\x1b[?25l"))

    def give_back(self) -> None:
        """As an administrator wants it: empty, and as it was found."""
        self._set(self._found)
        self._write(WIPE + "\x1b[?25h")

    def _attributes(self) -> list[Any]:
        try:
            return termios.tcgetattr(self._keyboard)
        except termios.error as error:
            raise OSError(*error.args) from None

    def _set(self, attributes: list[Any]) -> None:
        try:
            termios.tcsetattr(self._keyboard, termios.TCSANOW, attributes)
            termios.tcflush(self._keyboard, termios.TCIOFLUSH)
        except termios.error as error:
            raise OSError(*error.args) from None

    def _write(self, text: str) -> None:
        rest, limit = text.encode(), time.monotonic() + _STUCK
        while rest and time.monotonic() < limit:
            if select.select([], [self._screen], [], 0.1)[1]:
                rest = rest[os.write(self._screen, rest) :]
