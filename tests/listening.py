"""Walking through Perron line by line, as somebody who only hears what is written: no screen, no place, no colour.

::

    with LineWalk(backend, "P003", home=tmp_path) as person:
        person.hears("Nom de connexion").types("p00000400013")
"""

import os
import re
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pexpect

from tests.traveller import PASSWORD, PERSONS, Backend
from tests.walking import PERRON

FURNITURE = re.compile("[─│┌┐└┘━┃╭╮╰╯█▀▄░▒▓●○•·›✓✗]")
"""What draws, and says nothing."""


class LineWalk:
    """One program on one terminal that only has lines. ``heard`` is everything it wrote."""

    def __init__(
        self,
        backend: Backend,
        person: str = "P001",
        *,
        home: Path,
        journey: str = "activation-letter",
        lang: str = "fr",
        options: tuple[str, ...] = (),
        environment: Mapping[str, str] | None = None,
    ) -> None:
        kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
        own = {"TERM": "dumb", "LANG": "C.UTF-8", "HOME": str(home), "PERRON_HOME": str(home / "perron")}
        through = ["--journey", journey] if journey else []
        words = ["--backend", backend.url, *through, "--lang", lang, *options]
        self.backend, self.id, self.journey, self.lang = backend, person, journey, lang
        self.row = PERSONS.get(person, {})
        self.backup = f"{person.lower()}.lignes@courriel.example"
        self.password = PASSWORD
        self.raw = b""
        self.typed: list[tuple[int, str]] = []
        """How much had been heard, and what was typed then."""
        self._listened = 0
        self._child: Any = pexpect.spawn(
            PERRON, words, dimensions=(24, 80), env={**kept, **own, **(environment or {})}, encoding=None, timeout=None
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._child.close(force=True)

    @property
    def pid(self) -> int:
        """Of the program itself."""
        return int(self._child.pid)

    @property
    def descriptor(self) -> int:
        """Our end of the terminal, to look at its settings."""
        return int(self._child.child_fd)

    @property
    def heard(self) -> str:
        return self.raw.decode().replace("\r\n", "\n")

    def hears(self, pattern: str, seconds: float = 20) -> re.Match[str]:
        """Listen until ``pattern`` was said, since it was last listened to; spaces in it match line ends too."""
        wanted = re.compile(pattern.replace(" ", r"\s+"))
        limit = time.monotonic() + seconds
        while not (found := wanted.search(self.heard, self._listened)):
            assert time.monotonic() < limit, f"{pattern!r} is not said:\n{self.heard[self._listened :]}"
            assert self._read(0.1), f"{pattern!r} is not said, and it has ended:\n{self.heard}"
        self._listened = found.end()
        return found

    def asked(self, pattern: str, answer: str, seconds: float = 20) -> re.Match[str]:
        """Wait for a question, and answer it."""
        found = self.hears(f"(?:{pattern})[^\\n]*(?:\\n[^\\n]+)?: $", seconds)
        self.types(answer)
        return found

    def types(self, line: str) -> None:
        self.typed.append((len(self.heard), line))
        self._child.send(f"{line}\r".encode())

    def resize(self, columns: int) -> None:
        self._child.setwinsize(24, columns)

    @property
    def yes(self) -> str:
        return "yes" if self.lang == "en" else "oui"

    def says_yes(self) -> None:
        """To the question that was just heard."""
        self.types(self.yes)

    def sends(self, data: bytes) -> None:
        self._child.send(data)

    def is_quiet(self, *secrets: str) -> None:
        """Nothing was sent but words and the ends of lines, and nothing that was hidden while it was typed."""
        assert b"\x1b" not in self.raw
        assert not set(self.raw) & (set(range(0x20)) - set(b"\r\n\b")), "no control character"
        assert not FURNITURE.search(self.heard)
        assert not [secret for secret in (self.password, *secrets) if secret in self.heard]
        lines = [line for line in self.heard.splitlines() if line.strip()]
        assert all(re.search(r"\w", line) for line in lines)

    def end(self, seconds: float = 15) -> int:
        """Wait until the program has ended; returns its exit status, or minus the signal that ended it."""
        limit = time.monotonic() + seconds
        while self._child.isalive():
            assert time.monotonic() < limit, f"still running:\n{self.heard[self._listened :]}"
            self._read(0.05)
        self._read(0)
        return -self._child.signalstatus if self._child.signalstatus else int(self._child.exitstatus or 0)

    def _read(self, seconds: float) -> bool:
        try:
            self.raw += self._child.read_nonblocking(65536, seconds)
        except pexpect.TIMEOUT:
            return True
        except pexpect.EOF:
            return False
        return True
