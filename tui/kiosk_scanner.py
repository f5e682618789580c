"""A barcode scanner is a keyboard that types a letter's login and Enter faster than anybody could."""

from textual import events

LONGEST_GAP = 0.25
"""Seconds between two signs: scanners take a tenth of it, and this machine may be busy."""

SILENCE = 2.0
"""Seconds after which what was heard before is forgotten."""

SHORTEST, LONGEST = 3, 64


class Scanner:
    """Hears every key, and tells a scanned login when it ends. ``prefix`` and ``suffix`` are what a scanner adds."""

    def __init__(self, prefix: str, suffix: str) -> None:
        self._prefix, self._suffix = prefix, suffix
        self._heard, self._heard_at = "", 0.0
        self._broken = False

    def hear(self, key: events.Key) -> str | None:
        """The login when ``key`` is the Enter behind a scanned one, empty behind one that came in pieces or lacks
        something, and None for every key that is none of a scanner's.
        """
        pause, self._heard_at = key.time - self._heard_at, key.time
        if pause > SILENCE:
            self._heard, self._broken = "", False
        # The end of a login is a login too, and somebody else's: what paused once is not believed.
        self._broken = self._broken or bool(self._heard and pause > LONGEST_GAP)
        if key.is_printable and key.character and key.key != "enter":
            self._heard += key.character
            return None
        heard, broken = self._heard, self._broken
        self._heard, self._broken = "", False
        if key.key != "enter" or not heard or pause > LONGEST_GAP:
            return None
        return "" if broken else self._login_in(heard)

    def read(self, line: str, pause: float) -> str:
        """The login in a line that was typed with no longer a ``pause``; empty where nobody scanned it."""
        return self._login_in(line) if pause <= LONGEST_GAP else ""

    def trim(self, typed: str) -> str:
        """What stands in a login field, without what a scanner adds and without what stood there before it."""
        if self._prefix:
            typed = typed.rpartition(self._prefix)[2]
        return typed.removesuffix(self._suffix).strip()

    def _login_in(self, heard: str) -> str:
        if not (heard.startswith(self._prefix) and heard.endswith(self._suffix)):
            return ""
        login = heard.removeprefix(self._prefix).removesuffix(self._suffix).strip()
        return login if SHORTEST <= len(login) <= LONGEST else ""
