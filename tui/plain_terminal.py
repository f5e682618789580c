"""A terminal of lines: words go out, lines come in, and never an escape sequence.

We echo what is typed ourselves. The terminal would echo it as it comes, so that a password typed in one burst behind a
login would be seen before anybody asked for it.
"""

import asyncio
import itertools
import os
import re
import sys
import termios
import time
import unicodedata
from codecs import getincrementaldecoder
from collections import deque
from collections.abc import Callable
from types import TracebackType
from typing import Any, Protocol, Self

from api_client.wording import clean, folded, is_plain
from screens.talk import Interrupted, Talk
from screens.words import _
from tui.driver import EXIT_TERMINAL_GONE
from tui.plain_commands import is_command, needs_no_answer

WIDTH = 72
"""Columns where the terminal tells none, and at most: longer lines are tiring, to the ear too."""

MIN_WIDTH = 20
"""Columns: fewer are no size that anybody chose."""

LONGEST_ESCAPE = 32
LONGEST_LINE = 4096
MOST_AHEAD = 65536
"""Characters: of one line, and of what is typed before it is asked for. The rest is dropped."""

ESCAPE_SECONDS = 0.05
"""After so long an escape sequence that has begun will not go on."""

_SEQUENCE = re.compile(r"\x1b(?:\[\[[A-E]|\[[0-?]*[ -/]*[@-~]|O[@-~]|[^\[O])")
_BEGINNING = re.compile(r"\x1b(?:\[\[?[0-?]*[ -/]*|O)?")
_KEYS = {
    **dict.fromkeys(("\x1bOP", "\x1b[11~", "\x1b[[A", "\x1b[P"), "help"),
    **dict.fromkeys(("\x1bOQ", "\x1b[12~", "\x1b[[B", "\x1b[Q"), "language"),
    **dict.fromkeys(("\x1bOR", "\x1b[13~", "\x1b[[C", "\x1b[R"), "screen"),
    "\x1b[20~": "demo",
    "\x1b[21~": "quit",
    "\x1b[1;3D": "back",
}
"""What the keys of the full screen send: F1, F2, F3, F9, F10, Alt+←."""

_LATIN = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "«": '"', "»": '"', "…": "...", "–": "-", "—": "-"})
_DOT = " · "
"""Parts two things for the eye; aloud it is a word that says nothing."""
_ENTER, _RUBOUT, _LINE_ERASE, _INTERRUPT, _END = "\r\n\t", "\x7f\x08", "\x15", "\x03", "\x04"


class PlainTalk(Talk, Protocol):
    """A ``Talk`` that can forget the beginning of a line, and listen to what is typed before anything is asked."""

    pace: float
    """Seconds: the longest pause inside the line that was heard last."""

    def forget(self) -> None:
        """What was begun to be typed was for another question."""

    async def overhear(self) -> None:
        """Raise ``Interrupted`` for a command; all else stays for the next question."""


class PlainTerminal(PlainTalk):
    """A context, inside an event loop: outside of it, the terminal is as it was. ``touched`` hears of every key."""

    def __init__(self, touched: Callable[[], None]) -> None:
        self._touched = touched
        stdin, stderr = sys.__stdin__, sys.__stderr__
        assert stdin is not None, "a terminal at both ends was found before"
        assert stderr is not None, "a terminal at both ends was found before"
        self._in, self._out = stdin.fileno(), stderr.fileno()
        self._encoding = stderr.encoding or "ascii"
        self._decode = getincrementaldecoder("utf-8" if "utf" in self._encoding.lower() else self._encoding)(
            errors="replace"
        ).decode
        self._before: list[Any] = []
        self._unfinished = ""
        self._ahead: deque[str] = deque(maxlen=MOST_AHEAD)
        self._came = asyncio.Event()
        self._typed: list[str] = []
        self.pace = 0.0
        self._prompt: str | None = None
        self._hidden = False
        self._after_return = False

    def __enter__(self) -> Self:
        self._before = termios.tcgetattr(self._in)
        settings = termios.tcgetattr(self._in)
        settings[0] &= ~(termios.IXON | termios.ICRNL)
        settings[3] &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN | termios.ISIG)
        termios.tcsetattr(self._in, termios.TCSADRAIN, settings)
        asyncio.get_running_loop().add_reader(self._in, self._read)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.get_running_loop().remove_reader(self._in)
        if self._prompt is not None:
            self._write("\n")
        termios.tcsetattr(self._in, termios.TCSADRAIN, self._before)

    # --------------------------------------------------------------------------------------------------------- saying

    def say(self, text: str) -> None:
        """Each line folded; while a line is being typed, before it, and then that line again."""
        if self._prompt is not None:
            self._write("\n")
        for line in clean(text, lines=True).split("\n"):
            self._write("".join(f"{part}\n" for part in self._folded(line.strip()) or [""]))
        if self._prompt is not None:
            self._write(self._prompt + ("" if self._hidden else "".join(self._typed)))

    def _folded(self, line: str) -> list[str]:
        return folded(line.replace(_DOT, ", "), self._columns())

    def _columns(self) -> int:
        try:
            columns = os.get_terminal_size(self._out).columns
        except OSError:
            columns = 0
        return min(columns, WIDTH) if columns >= MIN_WIDTH else WIDTH

    def _write(self, text: str) -> None:
        try:
            text.encode(self._encoding)
        except UnicodeEncodeError:
            text = text.translate(_LATIN)
        data = text.encode(self._encoding, "replace")
        try:
            while data:
                data = data[os.write(self._out, data) :]
        except OSError:
            os._exit(EXIT_TERMINAL_GONE)

    # -------------------------------------------------------------------------------------------------------- hearing

    def forget(self) -> None:
        self._typed.clear()

    async def overhear(self) -> None:
        while True:
            if _END in self._ahead or "\x1b[21~" in self._ahead:
                self._ahead.clear()
                raise Interrupted("quit")
            if _INTERRUPT in self._ahead:
                self._ahead.remove(_INTERRUPT)
                self._tell_the_way_out()
            if self._ahead and self._ahead[0] in _KEYS:
                raise Interrupted(_KEYS[self._ahead.popleft()])
            line = "".join(itertools.takewhile(lambda key: key not in _ENTER, self._ahead))
            if line.startswith("/") and len(line) < len(self._ahead) and needs_no_answer(line[1:]):
                for _key in range(len(line) + 1):
                    self._ahead.popleft()
                self.say(line)
                raise Interrupted(line[1:].strip())
            self._came.clear()
            await self._came.wait()

    async def hear(self, prompt: str, *, hidden: bool = False, kept: bool = False) -> str:
        *said, last = self._folded(clean(prompt))
        for line in said:
            self._write(f"{line}\n")
        if hidden != self._hidden:  # what was begun to be typed unseen is not to be seen now
            self._typed.clear()
        self._prompt, self._hidden = f"{last} ", hidden
        self._write(self._prompt + ("" if hidden else "".join(self._typed)))
        try:
            line = await self._line()
        except asyncio.CancelledError:
            self._write("\n")
            raise
        finally:
            self._prompt = None
        if hidden and not (line.startswith("/") and is_command(line[1:])):
            return line if line or kept else await self._instead()
        if line.startswith("//"):
            return line[1:]
        if line.startswith("/"):
            raise Interrupted(line[1:].strip())
        return line

    async def _instead(self) -> str:
        """A hidden line was empty: perhaps by mistake, perhaps for a command."""
        return await self.hear(_("Nothing was typed. Enter goes on; or a command, such as /back:"))

    async def _line(self) -> str:
        self.pace = 0.0
        while True:
            while not self._ahead:
                self._came.clear()
                began = time.monotonic()
                await self._came.wait()
                if self._typed:
                    self.pace = max(self.pace, time.monotonic() - began)
            if self._take(self._ahead.popleft()):
                line = "".join(self._typed)
                self._typed.clear()
                return line

    def _take(self, key: str) -> bool:
        """One key; whether the line ends."""
        if key in _ENTER:
            self._write("\n")
            return True
        if key in _RUBOUT:
            self._rub_out()
        elif key == _LINE_ERASE:
            while self._typed:
                self._rub_out()
        elif key == _INTERRUPT:
            self._tell_the_way_out()
        elif key == _END and not self._typed:
            self._interrupt("quit")
        elif key in _KEYS:
            self._interrupt(_KEYS[key])
        elif len(key) == 1 and (is_plain(key) or unicodedata.combining(key)) and len(self._typed) < LONGEST_LINE:
            self._typed.append(key)
            if not self._hidden:
                self._write(key)
        return False

    def _tell_the_way_out(self) -> None:
        """Ctrl+C is a habit and no wish to lose everything."""
        self.say(_("/quit leaves."))

    def _interrupt(self, command: str) -> None:
        draft = "".join(self._typed)
        self._typed.clear()
        self._write("\n")
        raise Interrupted(command, draft)

    def _rub_out(self) -> None:
        if self._typed:
            gone = self._typed.pop()
            wide = 0 if unicodedata.combining(gone) else 1 + (unicodedata.east_asian_width(gone) in "WF")
            if not self._hidden:
                self._write("\b \b" * wide)

    def _read(self) -> None:
        try:
            data = os.read(self._in, 4096)
        except OSError:
            data = b""
        if not data:  # as in driver.py: nobody is there
            os._exit(EXIT_TERMINAL_GONE)
        self._touched()
        text = self._unfinished + self._decode(data)
        self._unfinished = ""
        while text:
            if text[0] != "\x1b":
                self._keep(text[0])
                text = text[1:]
            elif sequence := _SEQUENCE.match(text):
                self._ahead.append(sequence[0])
                text = text[sequence.end() :]
            elif (begun := _BEGINNING.match(text)) and begun.end() < min(len(text), LONGEST_ESCAPE):
                text = text[begun.end() :]  # it will never be one
            else:
                self._unfinished = text[:LONGEST_ESCAPE]
                asyncio.get_running_loop().call_later(ESCAPE_SECONDS, self._give_up, self._unfinished)
                text = ""
        self._came.set()

    def _keep(self, character: str) -> None:
        """Return and line feed together are one Enter."""
        if not (character == "\n" and self._after_return) and len(self._ahead) < MOST_AHEAD:
            self._ahead.append(character)
        self._after_return = character == "\r"

    def _give_up(self, unfinished: str) -> None:
        if self._unfinished == unfinished:
            self._unfinished = ""
