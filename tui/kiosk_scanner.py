"""A barcode scanner is a keyboard that types a letter's login and Enter faster than anybody could."""

from textual import events

LONGEST_GAP = 0.1
"""Seconds between two signs: slow scanners take a third of it, and a login typed that fast by hand is one too."""

SHORTEST, LONGEST = 3, 64


class Scanner:
    """Hears every key, and tells a scanned login when it ends. ``prefix`` and ``suffix`` are what a scanner adds."""

    def __init__(self, prefix: str, suffix: str) -> None:
        self._prefix, self._suffix = prefix, suffix
        self._burst = ""
        self._heard_at = 0.0

    def hear(self, key: events.Key) -> str:
        """The scanned login when ``key`` is the Enter behind one, and empty otherwise."""
        if key.time - self._heard_at > LONGEST_GAP:
            self._burst = ""
        self._heard_at = key.time
        burst, self._burst = self._burst, ""
        if key.key == "enter":
            return self._login_in(burst)
        if key.is_printable and key.character:
            self._burst = burst + key.character
        return ""

    def _login_in(self, burst: str) -> str:
        if not (burst.startswith(self._prefix) and burst.endswith(self._suffix)):
            return ""
        login = burst.removeprefix(self._prefix).removesuffix(self._suffix).strip()
        return login if SHORTEST <= len(login) <= LONGEST else ""
