"""What this terminal can do, found out before anything is drawn on it."""

import os
import sys
from collections.abc import Mapping

from api_client.contract import Drawing
from screens.words import _

QR_ROWS, QR_COLS = 24, 60
"""The smallest window in which the pairing code fits beside its words."""


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


def drawing() -> Drawing:
    """The size, colours and characters of the terminal we draw on."""
    stream = sys.__stderr__
    cols, rows = os.get_terminal_size(stream.fileno()) if stream and stream.isatty() else (80, 24)
    unicode = "utf" in (getattr(stream, "encoding", "") or "").lower()
    fits = cols >= QR_COLS and rows >= QR_ROWS
    return Drawing(cols=cols, rows=rows, colours=_colours(os.environ), unicode=unicode, qr=unicode and fits)


def _colours(environment: Mapping[str, str]) -> int:
    if environment.get("NO_COLOR"):
        return 2
    if environment.get("COLORTERM", "").lower() in ("truecolor", "24bit"):
        return 1 << 24
    return 256 if "256" in environment.get("TERM", "") else 16


def uses_mouse(environment: Mapping[str, str]) -> bool:
    """Not over SSH: every movement would be sent, and the keyboard alone suffices."""
    return "SSH_CONNECTION" not in environment
