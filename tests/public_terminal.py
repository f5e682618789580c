"""A kiosk on a real terminal, and the people who come to it one after the other.

::

    with PublicTerminal(backend, home=tmp_path) as kiosk:
        kiosk.come().at("welcome")
        kiosk.press("f10")
        kiosk.attract()
"""

import time
from collections.abc import Sequence
from pathlib import Path

from tests.test_walking import children_of
from tests.traveller import Backend, Traveller
from tests.walking import PERRON

ATTRACT = "Appuyez sur une touche"
MAINTENANCE = "Le service est en maintenance"


class PublicTerminal(Traveller):
    """``Traveller`` at ``perron kiosk``, with the data of one person at hand; ``options`` are those of the command."""

    def __init__(
        self, backend: Backend, person: str = "P001", *, home: Path, options: Sequence[str] = (), journey: str = ""
    ) -> None:
        named = ["--journey", journey] if journey else []
        command = [PERRON, "kiosk", "--backend", backend.url, "--lang", "fr", *named, *options]
        super().__init__(backend, person, home=home, command=command)

    def __enter__(self) -> "PublicTerminal":
        return self

    @property
    def wizard(self) -> int:
        """The process of whoever is there, or of nobody."""
        limit = time.monotonic() + 10
        while not (children := children_of(self.pid)):
            assert time.monotonic() < limit, "no wizard is started"
            time.sleep(0.01)
        (wizard,) = children
        return wizard

    def attract(self) -> int:
        """Wait until nobody is there and the next one may come; the process that waits for them."""
        self.see(ATTRACT, 40)
        self.rest()
        return self.wizard

    def come(self, key: str = "down") -> "PublicTerminal":
        """Somebody presses a key."""
        self.attract()
        self.press(key).see_no_more(ATTRACT)
        self.rest()
        return self

    def go(self) -> int:
        """F10, as often as it takes until nobody is there; the next process."""
        before = self.wizard
        self.press("f10")
        limit = time.monotonic() + 20
        while self.wizard == before:
            assert time.monotonic() < limit, f"F10 does not end the session:\n{self._picture()}"
            if "Terminer ma session ?" in self.text:
                self.press("f10")
            self._read(0.05)
        return self.attract()

    def scan(self, text: str) -> "PublicTerminal":
        """What a barcode scanner sends: everything at once, and Enter."""
        self.type(f"{text}\r")
        return self
