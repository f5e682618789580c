"""A QR code that a phone can read from a terminal.

Every cell has its own foreground and background, black or white: dark on light in any theme, and the only way of
drawing that all the readers tried could read. With the upper half block (U+2580) a cell is two modules, one above the
other; a terminal that has none gets two blank cells for each. It is never drawn where it would not fit.
"""

from itertools import groupby
from typing import NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from api_client.secret import Secret
from screens.looks import worn

_UPPER_HALF = "▀"
_INK = {True: "#000000", False: "#ffffff"}
_BORDERS = (4, 3, 2)
"""Modules of light around the code: the standard asks for 4, phones are content with 2."""
_LONGEST = 300
"""Characters: more would fit on no terminal."""


class Room(NamedTuple):
    """Cells: columns and rows."""

    cols: int
    rows: int


class QrCode(Widget):
    """``text`` at error level L, in as much light around it as there is room for."""

    def __init__(self, text: Secret) -> None:
        super().__init__(id="qr")
        self._modules = _modules_of(text)
        self._border = _BORDERS[0]

    def show(self, text: Secret) -> None:
        """Draw ``text`` instead."""
        self._modules = _modules_of(text)
        self.refresh()

    def _needs(self, border: int) -> Room:
        modules = len(self._modules) + 2 * border
        return Room(modules, (modules + 1) // 2) if _has_halves() else Room(2 * modules, modules)

    def fit(self, room: Room) -> bool:
        """Take the widest border that fits in ``room``; False, and nothing is to be shown, when none does."""
        for border in _BORDERS if self._modules else ():
            needed = self._needs(border)
            if needed.cols <= room.cols and needed.rows <= room.rows:
                if border != self._border or needed != (self.size.width, self.size.height):
                    self._border = border
                    self.refresh(layout=True)
                return True
        return False

    def get_content_width(self, container: Size, viewport: Size) -> int:
        return self._needs(self._border).cols

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return self._needs(self._border).rows

    def _is_dark(self, x: int, y: int) -> bool:
        x, y, side = x - self._border, y - self._border, len(self._modules)
        return 0 <= x < side and 0 <= y < side and self._modules[y][x]

    def lines(self) -> list[Strip]:
        """All of it, for who draws it without a screen."""
        return [self.render_line(y) for y in range(self._needs(self._border).rows)]

    def render_line(self, y: int) -> Strip:
        needed = self._needs(self._border)
        if y >= needed.rows:
            return Strip.blank(self.size.width)
        if _has_halves():
            cells = [(self._is_dark(x, 2 * y), self._is_dark(x, 2 * y + 1)) for x in range(needed.cols)]
        else:
            cells = [(self._is_dark(x // 2, y),) * 2 for x in range(needed.cols)]
        return Strip([_segment(*halves, len(list(run))) for halves, run in groupby(cells)], needed.cols)


def _has_halves() -> bool:
    return worn().spelling.has(_UPPER_HALF)


def _segment(upper: bool, lower: bool, cells: int) -> Segment:
    """Blank where both halves are alike, so that it is read without any colour too, reversed (tui/filters.py)."""
    sign = " " if upper == lower else _UPPER_HALF
    return Segment(sign * cells, Style(color=_INK[upper], bgcolor=_INK[lower]))


def _modules_of(text: Secret) -> list[list[bool]]:
    """Row by row, whether each module is dark; none where ``text`` is too long to be drawn."""
    import qrcode  # 8 ms that only these screens need

    if len(text) > _LONGEST:
        return []
    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_L, border=0)
    code.add_data(text.reveal())
    code.make()
    return [[bool(module) for module in row] for row in code.get_matrix()]
