"""Walking through Perron on a real terminal: start a program on a pty, read its screen, press its keys.

::

    with Walk([PERRON, "--lang", "fr"], home=tmp_path) as walk:
        walk.see("Bienvenue")
        walk.press("enter").see("nom de connexion")
        walk.type("p00000400013").press("enter")
        walk.press("f10", "f10")
        assert walk.end() == 0

``see`` waits, so no test sleeps. ``raw`` is everything the program wrote, for the secret hunt and for counting bytes.
"""

import os
import re
import signal
import sys
import time
from codecs import getincrementaldecoder
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pexpect
import pyte

PERRON = str(Path(sys.executable).with_name("perron"))

KEYS = {
    "enter": "\r",
    "tab": "\t",
    "shift+tab": "\x1b[Z",
    "space": " ",
    "escape": "\x1b",
    "backspace": "\x7f",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "alt+left": "\x1b[1;3D",
    "home": "\x1b[H",
    "end": "\x1b[F",
    "pageup": "\x1b[5~",
    "pagedown": "\x1b[6~",
    "delete": "\x1b[3~",
    "f1": "\x1bOP",
    "f2": "\x1bOQ",
    "f3": "\x1bOR",
    "f4": "\x1bOS",
    "f9": "\x1b[20~",
    "f10": "\x1b[21~",
    **{f"ctrl+{letter}": chr(ord(letter) - ord("a") + 1) for letter in "abcdefghijklmnopqrstuvwxyz"},
}

# The keyboard protocol of kitty, which pyte prints as if it were text: real terminals skip what they do not know.
KITTY = re.compile(r"\x1b\[[<>=?][0-9;]*u")
_SWITCHED = re.compile(rb"\x1b\[\?([0-9;]+)([hl])")

USUALLY_ON = {b"7", b"25"}
"""Modes of a terminal that nobody has touched: wrapping at the right margin, and the cursor."""

_UNFINISHED = re.compile(r"\x1b(\[[<>=?]?[0-9;]*)?$")


class _Window(pyte.Screen):
    """pyte knows no alternate screen; this one is empty before and after."""

    def reset_mode(self, *modes: int, **kinds: bool) -> None:
        if kinds.get("private") and 1049 in modes:
            self.reset()
        super().reset_mode(*modes, **kinds)


class Walk:
    """One program on one terminal of ``cols`` × ``rows``, with a home of its own."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        home: Path,
        cols: int = 80,
        rows: int = 24,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
        own = {"TERM": "xterm-256color", "LANG": "C.UTF-8", "HOME": str(home), "PERRON_HOME": str(home / "perron")}
        self._child: Any = pexpect.spawn(
            command[0],
            list(command[1:]),
            dimensions=(rows, cols),
            env={**kept, **own, **(environment or {})},
            encoding=None,
            timeout=None,
            preexec_fn=_heed_the_keyboard,
        )
        self._screen = _Window(cols, rows)
        self._stream = pyte.Stream(self._screen)
        self._decode = getincrementaldecoder("utf-8")(errors="replace").decode
        self._unread = ""
        self._lines: list[str] = []
        self.raw = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._child.close(force=True)

    @property
    def pid(self) -> int:
        """Of the program itself."""
        return self._child.pid or 0

    @property
    def descriptor(self) -> int:
        """Our end of the terminal, to look at its settings."""
        return int(self._child.child_fd)

    @property
    def screen(self) -> pyte.Screen:
        """Every cell with its colours."""
        self._read(0)
        return self._screen

    @property
    def lines(self) -> list[str]:
        """What is on the screen now."""
        self._read(0)
        if not self._lines:  # pyte measures every character anew
            self._lines = [line.rstrip() for line in self._screen.display]
        return self._lines

    @property
    def text(self) -> str:
        """The same as one text, with the spaces and line ends between words as single spaces."""
        return " ".join(" ".join(self.lines).split())

    def see(self, pattern: str, seconds: float = 10) -> re.Match[str]:
        """Wait until ``pattern`` (a regular expression) is on the screen; spaces in it match line ends too."""
        return self._wait(pattern, seconds, wanted=True)

    def see_no_more(self, pattern: str, seconds: float = 10) -> None:
        """Wait until ``pattern`` is not on the screen."""
        self._wait(pattern, seconds, wanted=False)

    def see_cursor_below(self, words: str, seconds: float = 10) -> None:
        """Wait until the cursor is in the line below ``words``: in the field of this name."""
        limit = time.monotonic() + seconds
        while words not in self.lines[self._screen.cursor.y - 1]:
            assert time.monotonic() < limit, f"the cursor is not below {words!r}:\n{self._picture()}"
            self._read(0.05)

    def press(self, *keys: str) -> Self:
        """Press keys by their names (``KEYS``), one after the other."""
        for key in keys:
            self._child.send(KEYS[key].encode())
            self._read(0.02)
        return self

    def type(self, text: str) -> Self:
        """Type ``text`` in one burst."""
        self._child.send(text.encode())
        return self

    def paste(self, text: str) -> Self:
        """Paste ``text`` as a terminal does."""
        return self.type(f"\x1b[200~{text}\x1b[201~")

    def send(self, data: bytes) -> Self:
        """Send bytes that no keyboard sends."""
        self._child.send(data)
        return self

    def resize(self, cols: int, rows: int) -> Self:
        """Change the size of the window."""
        self._screen.resize(rows, cols)
        self._lines = []
        self._child.setwinsize(rows, cols)
        return self

    def signal(self, number: signal.Signals) -> Self:
        """Send a signal to the program."""
        self._child.kill(number)
        return self

    def hang_up(self) -> None:
        """Take the terminal away, as a closed window or a lost connection does."""
        self._child.ptyproc.fileobj.close()
        self._child.child_fd = -1

    def end(self, seconds: float = 10) -> int:
        """Wait until the program has ended; returns its exit status, or minus the signal that ended it."""
        limit = time.monotonic() + seconds
        while self._child.isalive():
            assert time.monotonic() < limit, f"still running, with this on the screen:\n{self._picture()}"
            self._read(0.05)
        self._read(0)
        return -self._child.signalstatus if self._child.signalstatus else int(self._child.exitstatus or 0)

    def _wait(self, pattern: str, seconds: float, *, wanted: bool) -> re.Match[str]:
        looked_for = re.compile(pattern)
        limit = time.monotonic() + seconds
        while True:
            found = looked_for.search(self.text) or next(filter(None, map(looked_for.search, self.lines)), None)
            if bool(found) == wanted:
                return found or re.compile("").match("")  # type: ignore[return-value]
            alive = self._child.isalive()
            hint = "" if alive else " (the program has ended)"
            told = f"{pattern!r} is {'not' if wanted else 'still'} on the screen{hint}:\n{self._picture()}"
            assert alive, told
            assert time.monotonic() < limit, told
            self._read(0.05)

    def _picture(self) -> str:
        return "\n".join(line.rstrip() for line in self._screen.display)

    def _read(self, seconds: float) -> None:
        """Take what the program has written, waiting at most ``seconds`` for the first of it."""
        while self._child.child_fd >= 0:
            try:
                data = self._child.read_nonblocking(65536, seconds)
            except (pexpect.TIMEOUT, pexpect.EOF):
                return
            self.raw += data
            self._lines = []
            text = KITTY.sub("", self._unread + self._decode(data))
            unfinished = _UNFINISHED.search(text)
            self._unread = unfinished.group() if unfinished else ""
            self._stream.feed(text.removesuffix(self._unread) if self._unread else text)
            seconds = 0


def _heed_the_keyboard() -> None:
    """What runs in the background hands on that it ignores these signals; nobody's terminal does."""
    for number in (signal.SIGINT, signal.SIGQUIT):
        signal.signal(number, signal.SIG_DFL)


def modes_on(written: bytes) -> set[bytes]:
    """Which modes of DEC and xterm a terminal is in after it was sent ``written``."""
    on = set(USUALLY_ON)
    for modes, switch in _SWITCHED.findall(written):
        on = on | set(modes.split(b";")) if switch == b"h" else on - set(modes.split(b";"))
    return on
