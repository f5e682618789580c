"""Read a QR code back from terminal cells, as a phone would: no screenshot, no rasteriser."""

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
import zxingcpp
from rich.segment import Segment
from textual.app import App

_HALVES = {" ": (0, 0), "▀": (1, 0), "▄": (0, 1), "█": (1, 1)}
"""Which half of the cell has the foreground colour."""
_SCALE = 4


class Colour(NamedTuple):
    """0 to 255 each."""

    red: int
    green: int
    blue: int


Cell = tuple[str, Colour, Colour]
"""A character, its foreground and its background."""


def cells_of(app: App[Any]) -> list[list[Cell]]:
    """The whole screen as the compositor draws it."""
    return [[cell for segment in strip for cell in _cells(segment)] for strip in app.screen._compositor.render_strips()]


def _cells(segment: Segment) -> Iterable[Cell]:
    style = segment.style
    ink, paper = Colour(255, 255, 255), Colour(0, 0, 0)
    if style is not None and style.color is not None:
        ink = Colour(*style.color.get_truecolor())
    if style is not None and style.bgcolor is not None:
        paper = Colour(*style.bgcolor.get_truecolor())
    if style is not None and style.reverse:
        ink, paper = paper, ink
    return ((character, ink, paper) for character in segment.text)


def read(rows: list[list[Cell]]) -> list[str]:
    """The texts of all codes found."""
    return [found.text for found in zxingcpp.read_barcodes(picture_of(rows))]


def picture_of(rows: list[list[Cell]]) -> "np.ndarray[Any, np.dtype[np.uint8]]":
    """The screen in black and white; each cell is two modules, one above the other."""
    lines = []
    for row in rows:
        halves = [(_HALVES.get(character, (0, 0)), ink, paper) for character, ink, paper in row]
        lines += [[_luminance(ink if covered[half] else paper) for covered, ink, paper in halves] for half in (0, 1)]
    return np.kron((np.array(lines) > 127).astype(np.uint8) * 255, np.ones((_SCALE, _SCALE), np.uint8))


def _luminance(colour: Colour) -> float:
    return 0.2126 * colour.red + 0.7152 * colour.green + 0.0722 * colour.blue
