"""What this terminal can do, found out before anything is drawn on it."""

import os
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

from api_client.contract import Drawing
from screens.looks import MONOCHROME, LookName
from screens.words import _

if TYPE_CHECKING:
    from tui.settings import Settings

QR_ROWS, QR_COLS = 24, 60
"""The smallest window in which the pairing code fits beside its words."""

WIDE_QR_COLS, WIDE_QR_ROWS = 105, 37
"""The same where a module is two cells wide, and one high."""

TRUE_COLOURS = 1 << 24
_MONOCHROME_TERMINALS = ("vt", "ansi-m", "xterm-mono", "linux-m", "screen-mono")
"""Beginnings of TERM; DEC's terminals had two colours, and those who say they have one still do."""
_MANY_COLOURS = ("foot", "alacritty", "ghostty", "wezterm", "contour", "xterm-kitty", "xterm-ghostty")
"""Those of terminals that draw every colour and do not always say so (COLORTERM is lost over SSH)."""
_WITHOUT_UNICODE = ("C", "POSIX")
_LETTERS_OF_COERCION = ("", "C.UTF-8", "C.utf8", "UTF-8", *_WITHOUT_UNICODE)
"""LC_CTYPE as Python itself sets it where LANG says C (PEP 538), and as those say it who mean the same."""


def obstacle() -> str:
    """Why nothing can be said here, as a sentence that says what to do; empty when all is well.

    We read standard input and write on standard error; without a terminal at both ends nobody would ever answer.
    """
    if not (sys.__stdin__ and sys.__stdin__.isatty() and sys.__stderr__ and sys.__stderr__.isatty()):
        return _("Perron needs a terminal: start it by hand in a terminal window (over SSH: ssh -t).")
    return ""


def hindrance() -> str:
    """Why the full screen cannot be drawn here, though lines can be told; empty when it can."""
    if os.environ.get("TERM", "") in ("", "dumb", "unknown"):
        return _("This terminal says that it cannot place text on the screen (TERM={term}).").format(
            term=os.environ.get("TERM", "")
        )
    stream = sys.__stderr__
    if stream is None or 0 in os.get_terminal_size(stream.fileno()):
        return _("This terminal does not say how large it is.")
    try:
        "é".encode(stream.encoding)
    except UnicodeEncodeError:
        return _("This terminal has no letters with accents.")
    return ""


def look_here(settings: "Settings") -> LookName:
    """The look that was asked for; else the richest that this terminal can draw."""
    return settings.look or fitting_look(os.environ, encoding())


def fitting_look(environment: Mapping[str, str], written_in: str) -> LookName:
    """The richest look for such an ``environment`` on a terminal that is written to in that encoding."""
    language = environment.get("LC_ALL") or environment.get("LANG")
    letters = "" if environment.get("LC_ALL") else environment.get("LC_CTYPE", "")
    if "utf" not in written_in.lower() or (language in _WITHOUT_UNICODE and letters in _LETTERS_OF_COERCION):
        return "ascii"
    return "linux" if environment.get("TERM", "").startswith("linux") else "full"


def encoding() -> str:
    """In which this terminal is written to."""
    return getattr(sys.__stderr__, "encoding", "") or ""


def drawing(look: LookName) -> Drawing:
    """The size, colours and characters of the terminal we draw on."""
    stream = sys.__stderr__
    cols, rows = os.get_terminal_size(stream.fileno()) if stream and stream.isatty() else (80, 24)
    fits = cols >= QR_COLS and rows >= QR_ROWS
    return Drawing(cols=cols, rows=rows, colours=colours(os.environ), unicode=look == "full", qr=fits)


def colours(environment: Mapping[str, str]) -> int:
    """How many there are; 2 where there are none, or nobody wants any (no-color.org)."""
    term = environment.get("TERM", "")
    if environment.get("NO_COLOR") or term.startswith(_MONOCHROME_TERMINALS):
        return MONOCHROME
    if environment.get("COLORTERM", "").lower() in ("truecolor", "24bit") or term.endswith("-direct"):
        return TRUE_COLOURS
    if term.startswith(_MANY_COLOURS):
        return TRUE_COLOURS
    return 256 if "256" in term else 16


def uses_mouse(environment: Mapping[str, str]) -> bool:
    """Not over SSH: every movement would be sent, and the keyboard alone suffices."""
    return "SSH_CONNECTION" not in environment
