"""Rows of cells: what Textual 8.2.8 wants on the screen, taken apart so that it can be compared."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from rich.cells import split_graphemes
from rich.color import ColorSystem
from rich.style import Style
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.geometry import Size
from textual.strip import Strip

from tui.ink import Ink, ink_of, on_blank

_PLAIN = re.compile("[ -~\xa0-\xac\xae-\u02ff\u2010-\u2027\u2500-\u259f]*")
"""One cell a character, everywhere; for anything else rich loads its tables."""

UNKNOWN = Ink(frozenset(), None, "unknown")
"""Of a cell of which nobody knows what it shows; no ink that can be sent is like it."""

_WORTH_JUMPING = 4
"""Cells: to write fewer of them again is as short as moving over them."""

Update = LayoutUpdate | ChopsUpdate
"""What the compositor makes: the whole screen, or what was touched."""


class Row(NamedTuple):
    """Cell by cell a grapheme and its ink. The second half of a wide grapheme is empty, and an unknown cell too."""

    graphemes: list[str]
    inks: list[Ink]

    @classmethod
    def unknown(cls, width: int) -> "Row":
        """As many cells of which nothing is known."""
        return cls([""] * width, [UNKNOWN] * width)

    def copy(self) -> "Row":
        """Another row like this one."""
        return Row(self.graphemes.copy(), self.inks.copy())

    def put(self, x: int, piece: "Row") -> None:
        """Lay ``piece`` over this row from column ``x``; what sticks out at the right is lost."""
        room = max(0, len(self.inks) - x)
        self.graphemes[x : x + len(piece.graphemes)] = piece.graphemes[:room]
        self.inks[x : x + len(piece.inks)] = piece.inks[:room]

    def mend(self) -> None:
        """Leave no half of a wide grapheme: a terminal blanks the other half when one is overwritten."""
        for x, grapheme in enumerate(self.graphemes):
            follows_wide = x > 0 and width_of(self.graphemes[x - 1]) == 2
            if follows_wide == bool(grapheme) and self.inks[x] is not UNKNOWN:
                lonely = x - 1 if grapheme else x
                self.graphemes[lonely], self.inks[lonely] = " ", on_blank(self.inks[lonely])

    def blank_from(self) -> int:
        """The column from which on everything is blank and alike, and nothing but its background is seen."""
        x = len(self.inks)
        if self.inks[-1].foreground is None:
            while x and self.graphemes[x - 1] == " " and self.inks[x - 1] == self.inks[-1]:
                x -= 1
        return x

    def runs(self, shown: "Row") -> Iterator[tuple[int, int]]:
        """Where to write, from and up to which column, so that ``shown`` becomes this row.

        Short stretches that are right already are written along.
        """
        start = end = -1
        for x, (grapheme, ink) in enumerate(zip(*self, strict=True)):
            if ink is UNKNOWN or (grapheme == shown.graphemes[x] and ink == shown.inks[x]):
                continue
            head = x if grapheme else x - 1
            if start >= 0 and end < head and not self._is_cheap(end, head):
                yield start, end
                start = -1
            start, end = (head if start < 0 else start), x + 1
        if start >= 0:
            yield start, end

    def _is_cheap(self, start: int, end: int) -> bool:
        ink = self.inks[start - 1]
        return end - start < _WORTH_JUMPING and all(same in (ink, on_blank(ink)) for same in self.inks[start:end])


def width_of(grapheme: str) -> int:
    """Columns that ``grapheme`` takes, as Textual reckons."""
    return len(grapheme) if _PLAIN.fullmatch(grapheme) else split_graphemes(grapheme)[1]


def size_of(update: Update) -> Size:
    """The size of the whole screen that ``update`` is about."""
    if isinstance(update, LayoutUpdate):
        return update.region.size
    return Size(update.chop_ends[0][-1], len(update.chops))


def pieces_of(update: Update) -> Iterator[tuple[int, int, Strip]]:
    """Column, row and content of all that Textual would send: its ``render_segments`` without the writing."""
    if isinstance(update, LayoutUpdate):
        for y, strips in enumerate(update.strips, update.region.y):
            yield update.region.x, y, Strip.join(strips)
        return
    for y, first, last in update.spans:
        for end, (x, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=True):
            if strip is not None and x <= last and end > first:
                yield x, y, strip if x >= first and end <= last else strip.crop(0, min(end, last) - x)


def cells_of(strip: Strip, colours: ColorSystem) -> Row:
    """``strip`` cell by cell. Controls and hyperlinks are left out: nothing of ours makes any."""
    row = Row([], [])
    for text, style, control in strip:
        if control:
            continue
        ink = ink_of(Strip.render_ansi(style or Style.null(), colours))
        blank = on_blank(ink)
        if _PLAIN.fullmatch(text):
            row.graphemes.extend(text)
            row.inks.extend([blank if letter == " " else ink for letter in text])
            continue
        for start, end, width in split_graphemes(text)[0]:
            grapheme = text[start:end]
            if width:
                row.graphemes.extend([grapheme, ""][:width])
                row.inks.extend([blank if grapheme == " " else ink] * width)
            elif row.graphemes and row.graphemes[-1]:
                row.graphemes[-1] += grapheme
    return row
