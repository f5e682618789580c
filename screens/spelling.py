"""How a text is written where the terminal has fewer signs than the text.

A sentence may grow (« … » becomes three full stops); what is on the screen already may not, and gets a sign of the same
width. Nothing is changed but what is drawn: what was typed, told line by line or sent stays as it was.
"""

import unicodedata
from collections.abc import Callable
from functools import cache
from pathlib import Path

_LAT15 = Path(__file__).with_name("lat15.txt")
_ASCII = frozenset(map(chr, range(0x21, 0x7F)))
_LETTERS = frozenset(letter for letter in map(chr, range(0xC0, 0x100)) if letter.isalpha())
"""Those of Latin-1, in which all of French is written but « œ »."""

_PHRASES = (("«\N{NO-BREAK SPACE}", '"'), ("\N{NO-BREAK SPACE}»", '"'), ("« ", '"'), (" »", '"'))
"""Quotation marks lose the spaces that French sets inside of its own."""
_WORDS = {"…": "...", "œ": "oe", "Œ": "OE", "€": "EUR", "№": "no"}
_CELLS = {
    **dict.fromkeys("’‘‚", "'"),
    **dict.fromkeys("“”„«»", '"'),
    **dict.fromkeys("‐‑‒–—―−·─", "-"),
    **dict.fromkeys("•●", "*"),
    **dict.fromkeys("›→▸▶", ">"),
    **dict.fromkeys("‹←◂◀", "<"),
    **dict.fromkeys("▌▐▏▎▊▕│┃", "█|"),
    **dict.fromkeys("▀▄█", "█#"),
    **dict.fromkeys("▁▂▃▅▆▇▔▉▋▍", " "),
    **dict.fromkeys("░▒▓", "."),
    **dict.fromkeys("\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}", " "),
    "…": ".",
    "×": "x",
    "°": "o",
    "€": "E",
    "œ": "o",
    "Œ": "O",
    "✓": "v",
    "✗": "x",
    "○": "o",
    "↑": "^",
    "↓": "v",
}
"""One sign for one, the first of these that the terminal has."""


class Spelling:
    """What can be drawn with ``signs`` and the space; with ``None``, everything."""

    def __init__(self, signs: frozenset[str] | None) -> None:
        self._signs = signs
        self._in_sentence = _Table(self._shortest)
        self._in_cells = _Table(self._as_wide)

    def has(self, sign: str) -> bool:
        return self._signs is None or sign == " " or sign in self._signs

    def spell(self, text: str) -> str:
        """A sentence, which may become longer. Its spaces stay what they are, so that lines end where they should."""
        if self._signs is None or text.isascii():
            return text
        if not self.has("«"):
            for phrase, shorter in _PHRASES:
                text = text.replace(phrase, shorter)
        return text.translate(self._in_sentence)

    def respell(self, text: str) -> str:
        """What stands in cells already, which keeps its width."""
        return text if self._signs is None or text.isascii() else text.translate(self._in_cells)

    def _shortest(self, sign: str) -> str:
        return sign if sign.isspace() or self.has(sign) else _WORDS.get(sign) or self._as_wide(sign)

    def _as_wide(self, sign: str) -> str:
        if self.has(sign):
            return sign
        candidates = _CELLS.get(sign) or unicodedata.normalize("NFKD", sign)[0]
        from rich.cells import get_character_cell_size  # not where only a name of a look is wanted

        found = next(filter(self.has, candidates), "?")
        return found * get_character_cell_size(sign)


class _Table(dict[int, str]):
    """For ``str.translate``: what ``spell_out`` makes of a character, worked out when it is first met."""

    def __init__(self, spell_out: Callable[[str], str]) -> None:
        super().__init__()
        self._spell_out = spell_out

    def __missing__(self, code: int) -> str:
        self[code] = spelt = self._spell_out(chr(code))
        return spelt


EVERYTHING = Spelling(None)


@cache
def of_console() -> Spelling:
    """What every Lat15 font of the Linux console can draw (lat15.txt)."""
    lines = _LAT15.read_text(encoding="utf-8").splitlines()
    return Spelling(frozenset("".join(line for line in lines if not line.startswith("# "))))


@cache
def of_ascii() -> Spelling:
    """ASCII, and the letters that French needs."""
    return Spelling(_ASCII | _LETTERS)
