"""A terminal: the screen, what it answers when it is asked, and the bytes of its keys."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pyte

#: One unit of terminal output: a control sequence, or a lone ESC when the rest is yet to come.
_TOKEN = re.compile(
    rb"""
      \x1b\[ (?P<params>[\x30-\x3f]*) (?P<inter>[\x20-\x2f]*) (?P<final>[\x40-\x7e])
    | \x1b\] (?P<osc>[^\x07\x1b]*) (?: \x07 | \x1b\\ )
    | \x1bP  (?P<dcs>[^\x1b]*) \x1b\\
    | \x1b[X^_] [^\x1b]* \x1b\\
    | \x1b (?P<charset>[\x20-\x2f]+ [\x30-\x7e])
    | \x1b (?P<escape>[\x30-\x4f\x51-\x57\x59\x5a\x5c\x60-\x7e])
    | (?P<partial>\x1b)
    """,
    re.VERBOSE,
)

#: Cheap test for "this output may hold a question"; a false alarm only costs time.
QUERY = re.compile(rb"\x1b\[[?>=]?[\d;]*(?:n|c|\$p|u|q|t|x)|\x1b\][\d;]+;\?|\x1bP[+$]q|\x1bZ")

#: DEC special graphics (``ESC ( 0``): box drawing that pyte leaves out in UTF-8 mode.
_GRAPHICS = str.maketrans("`afgjklmnopqrstuvwxyz{|}~", "◆▒°±┘┐┌└┼⎺⎻─⎼⎽├┤┴┬│≤≥π≠£·")

#: CSI sequences that pyte understands, without a prefix.
_PYTE_FINALS = frozenset(b"@ABCDEFGHJKLMPXadefghlmr`'")


@dataclass(frozen=True)
class Profile:
    """What a kind of terminal answers when it is asked."""

    answers: bool = True
    da1: bytes = b"\x1b[?64;1;2;6;9;15;18;21;22c"
    da2: bytes = b"\x1b[>41;380;0c"
    version: bytes = b"\x1bP>|XTerm(380)\x1b\\"
    private_modes: frozenset[int] = frozenset({1, 7, 25, 1000, 1003, 1004, 1006, 1049, 2004})
    colours: bool = True
    kitty_keyboard: bool = False


PROFILES = {
    # A terminal that never answers, or a serial line: shows what an app waits for.
    "silent": Profile(answers=False),
    # The Linux console of a kiosk: device attributes and cursor position, nothing else.
    "console": Profile(da1=b"\x1b[?6c", private_modes=frozenset(), colours=False),
    # xterm and most of its kin.
    "xterm": Profile(),
    # kitty, Ghostty, WezTerm, foot...: synchronized output, in-band resize, kitty keyboard.
    "modern": Profile(
        version=b"\x1bP>|ptybench(1)\x1b\\",
        private_modes=Profile.private_modes | {2026, 2027, 2048},
        kitty_keyboard=True,
    ),
}


class Terminal:
    """A screen fed with output bytes; answers queries, and tracks modes that matter for timing."""

    def __init__(self, columns: int, rows: int, profile: Profile) -> None:
        self.columns, self.rows, self.profile = columns, rows, profile
        self._normal = _Page(columns, rows)
        self._alternate = _Page(columns, rows)
        self._page = self._normal
        self._carry = b""
        self._last_char = ""
        self._graphics = False
        self._row_hashes: dict[int, int] = {}
        self.modes: dict[int, bool] = {7: True, 25: True}
        self.keyboard_flags: list[int] = [0]
        self.replies = bytearray()

    # -- what is on the screen

    @property
    def text(self) -> str:
        """The text of the screen, rows separated by newlines."""
        return "\n".join(self._page.screen.display)

    @property
    def blank(self) -> bool:
        """Whether nothing but spaces is on the screen."""
        return not self.text.strip()

    @property
    def holding_frame(self) -> bool:
        """Whether the program asked to hold back painting (mode 2026)."""
        return self.modes.get(2026, False)

    def fingerprint(self) -> int:
        """A hash of everything visible: cells, and the cursor unless it is hidden."""
        screen = self._page.screen
        for row in screen.dirty:
            cells = screen.buffer[row]
            self._row_hashes[row] = hash(tuple(cells[x] for x in range(screen.columns)))
        screen.dirty.clear()
        cursor = (screen.cursor.x, screen.cursor.y) if self.modes.get(25) else None
        return hash((cursor, tuple(self._row_hashes.get(y) for y in range(screen.lines))))

    # -- output of the program

    def feed(self, data: bytes) -> None:
        """Take in output; anything to be answered is appended to ``replies``."""
        data = self._carry + data
        self._carry = b""
        position = 0
        for match in _TOKEN.finditer(data):
            self._print(data[position : match.start()])
            if match["partial"] is not None:
                self._carry = data[match.start() :]
                return
            position = match.end()
            if match["final"] is not None:
                self._control(match["params"], match["inter"], match["final"], match[0])
            elif match["osc"] is not None:
                self._operating_system_command(match["osc"])
            elif match["dcs"] is not None:
                self._device_control(match["dcs"])
            elif match["charset"] in (b"(0", b"(B"):
                self._graphics = match["charset"] == b"(0"
            elif match["escape"] == b"Z":
                self._reply(self.profile.da1)
            elif match["escape"] is not None:
                self._page.stream.feed(match[0])
        self._print(data[position:])

    def resize(self, columns: int, rows: int) -> None:
        """Change size; a program that asked for in-band reports (mode 2048) gets one."""
        self.columns, self.rows = columns, rows
        for page in (self._normal, self._alternate):
            page.screen.resize(rows, columns)
        self._row_hashes.clear()
        self._page.screen.dirty.update(range(rows))
        if self.modes.get(2048):
            self._report_size()

    def _print(self, data: bytes) -> None:
        if data:
            if self._graphics:
                data = data.decode("utf-8", "replace").translate(_GRAPHICS).encode()
            self._page.stream.feed(data)
            self._last_char = data[-4:].decode("utf-8", "ignore")[-1:]

    def _reply(self, data: bytes) -> None:
        if self.profile.answers:
            self.replies += data

    def _report_size(self) -> None:
        pixels = f"{self.rows * 16};{self.columns * 8}"
        self._reply(f"\x1b[48;{self.rows};{self.columns};{pixels}t".encode())

    def _control(  # noqa: C901 - a table of sequences, one case each
        self, params: bytes, inter: bytes, final: bytes, whole: bytes
    ) -> None:
        prefix = params[:1] if params[:1] in (b"?", b">", b"<", b"=") else b""
        numbers = [int(n) if n else 0 for n in re.findall(rb"\d+|(?<=;)(?=;)", params)]
        first = numbers[0] if numbers else 0
        match (prefix, inter, final):
            case (b"?", b"", b"h" | b"l"):
                for mode in numbers:
                    self._set_mode(mode, final == b"h")
            case (b"?", b"$", b"p"):
                known = first in self.profile.private_modes
                state = (1 if self.modes.get(first) else 2) if known else 0
                self._reply(b"\x1b[?%d;%d$y" % (first, state))
            case (b"", b"", b"c") if first == 0:
                self._reply(self.profile.da1)
            case (b">", b"", b"c"):
                self._reply(self.profile.da2)
            case (b">", b"", b"q"):
                self._reply(self.profile.version)
            case (b"" | b"?", b"", b"n") if first == 6:
                cursor = self._page.screen.cursor
                column = min(cursor.x, self.columns - 1) + 1
                self._reply(b"\x1b[%s%d;%dR" % (prefix, cursor.y + 1, column))
            case (b"", b"", b"n") if first == 5:
                self._reply(b"\x1b[0n")
            case (b"", b"", b"t") if first in (14, 18):
                scale = (16, 8) if first == 14 else (1, 1)
                size = (first - 10, self.rows * scale[0], self.columns * scale[1])
                self._reply(b"\x1b[%d;%d;%dt" % size)
            case (_, b"", b"u") if prefix:
                self._keyboard(prefix, first)
            case (b"", b"", b"b"):  # REP: ncurses and slang use it; pyte does not know it
                self._page.stream.feed(self._last_char.encode() * max(first, 1))
            case (b"", b"", b"S" | b"T"):
                self._page.scroll(max(first, 1), up=final == b"S")
            case (b"", b"", b"m") if b":" in params:
                plain = re.sub(rb"4:\d+", b"4", params).replace(b"::", b":").replace(b":", b";")
                self._page.stream.feed(b"\x1b[" + plain + b"m")
            case (b"", b"", _) if final[0] in _PYTE_FINALS:
                self._page.stream.feed(whole)

    def _set_mode(self, mode: int, on: bool) -> None:
        self.modes[mode] = on
        if mode in (47, 1047, 1049):
            self._page = self._alternate if on else self._normal
            if on:
                self._page.screen.reset()
            self._row_hashes.clear()
            self._page.screen.dirty.update(range(self.rows))
        elif mode == 2048 and on and mode in self.profile.private_modes:
            self._report_size()
        elif mode in (5, 6, 7):
            self._page.stream.feed(b"\x1b[?%d%s" % (mode, b"h" if on else b"l"))

    def _keyboard(self, prefix: bytes, flags: int) -> None:
        if not self.profile.kitty_keyboard:
            return
        if prefix == b"?":
            self._reply(b"\x1b[?%du" % self.keyboard_flags[-1])
        elif prefix == b">":
            self.keyboard_flags.append(flags)
        elif prefix == b"<":
            del self.keyboard_flags[max(1, len(self.keyboard_flags) - max(flags, 1)) :]
        elif prefix == b"=":
            self.keyboard_flags[-1] = flags

    def _operating_system_command(self, body: bytes) -> None:
        number, _, value = body.partition(b";")
        if value == b"?" and self.profile.colours and number in (b"10", b"11"):
            colour = b"ffff/ffff/ffff" if number == b"10" else b"0000/0000/0000"
            self._reply(b"\x1b]%s;rgb:%s\x1b\\" % (number, colour))

    def _device_control(self, body: bytes) -> None:
        if body.startswith(b"+q"):  # XTGETTCAP: no such capability
            self._reply(b"\x1bP0+r\x1b\\")
        elif body.startswith(b"$q"):  # DECRQSS: not valid
            self._reply(b"\x1bP0$r\x1b\\")

    # -- input to the program

    _LETTER_KEYS = {"up": "A", "down": "B", "right": "C", "left": "D", "home": "H", "end": "F"}
    _TILDE_KEYS = {"insert": 2, "delete": 3, "pageup": 5, "pagedown": 6, "f5": 15, "f10": 21}
    _CODE_KEYS = {"enter": 13, "tab": 9, "backspace": 127, "esc": 27, "space": 32}

    def encode(self, key: str) -> bytes:
        """The bytes this terminal sends for a key (one character, or a name like ``ctrl+a``)."""
        *names, base = key.split("+") if len(key) > 1 else [key]
        modifier = 1 + ("shift" in names) + 2 * ("alt" in names) + 4 * ("ctrl" in names)
        suffix = f";{modifier}" if modifier > 1 else ""
        if base in self._LETTER_KEYS:
            letter = self._LETTER_KEYS[base]
            if suffix:
                return f"\x1b[1{suffix}{letter}".encode()
            return (b"\x1bO" if self.modes.get(1) else b"\x1b[") + letter.encode()
        if base in self._TILDE_KEYS:
            return f"\x1b[{self._TILDE_KEYS[base]}{suffix}~".encode()
        code = self._CODE_KEYS.get(base) or (ord(base) if len(base) == 1 else 0)
        if not code:
            raise ValueError(f"unknown key {key!r}")
        flags = self.keyboard_flags[-1]
        printable = base == "space" or base not in self._CODE_KEYS
        if flags & 8 and not (printable and modifier > 2):
            if printable:
                shown, lower = chr(code), ord(chr(code).lower())
                if shown.isupper():
                    suffix = ";2"
                text = f"{suffix or ';1'};{code}" if flags & 16 else suffix
                return f"\x1b[{lower}{text}u".encode()
            return f"\x1b[{code}{suffix}u".encode()
        if flags & 1 and (base == "esc" or modifier > 2):
            return f"\x1b[{code}{suffix or ''}u".encode()
        if key == "shift+tab":
            return b"\x1b[Z"
        char = chr(code & 0x1F) if "ctrl" in names else chr(code)
        return (b"\x1b" if "alt" in names else b"") + char.encode()


class _Page:
    """A pyte screen with its stream (there is one for the normal and one for the alternate)."""

    def __init__(self, columns: int, rows: int) -> None:
        self.screen = pyte.Screen(columns, rows)
        self.stream = pyte.ByteStream(self.screen)

    def scroll(self, count: int, up: bool) -> None:
        """SU and SD, which pyte lacks: scroll the margins without moving the cursor."""
        screen = self.screen
        top, bottom = screen.margins or (0, screen.lines - 1)
        x, y = screen.cursor.x, screen.cursor.y
        screen.cursor.y = bottom if up else top
        for _ in range(min(count, screen.lines)):
            screen.index() if up else screen.reverse_index()
        screen.cursor.x, screen.cursor.y = x, y
