"""What is done to every line before it is sent to a terminal that has fewer signs, or no colours."""

from functools import lru_cache

from rich.color import Color as Ground
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

from screens.spelling import Spelling

_HALF = 0.5
"""Of the brightness there is: a ground is dark or light, and nothing between."""


class Respelling(LineFilter):
    """Leaves no sign that the terminal cannot draw: those that Textual draws, and those that somebody types."""

    def __init__(self, spelling: Spelling) -> None:
        super().__init__()
        self._spelling = spelling

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        if all(segment.text.isascii() for segment in segments):
            return segments
        return [
            segment if segment.control else segment._replace(text=self._spelling.respell(segment.text))
            for segment in segments
        ]


class Monochrome(LineFilter):
    """Takes every colour away; what stood on the other ground than the page, light on dark or dark on light, is
    reversed, so that the focus, the header and a QR code stay what they were.
    """

    def __init__(self, *, dark: bool) -> None:
        super().__init__()
        self._dark = dark

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        return [
            segment._replace(style=_without_colours(segment.style, self._dark)) if segment.style else segment
            for segment in segments
        ]


class Weight(LineFilter):
    """Where there are sixteen colours, bold is brightness: bold black is grey, and bold blue pale. So letters that are
    darker than their ground are never bold; on the page, dark on light, they are underlined instead.
    """

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        return [
            segment._replace(style=_underlined(segment.style)) if segment.style and segment.style.bold else segment
            for segment in segments
        ]


@lru_cache(1024)
def _underlined(style: Style) -> Style:
    ink, ground = (style.bgcolor, style.color) if style.reverse else (style.color, style.bgcolor)
    if ink is None or ground is None or _brightness(ink) >= _brightness(ground):
        return style
    return style + Style(bold=False, underline=_brightness(ground) > _HALF)


@lru_cache(1024)
def _without_colours(style: Style, dark: bool) -> Style:
    ground = style.color if style.reverse else style.bgcolor
    return style.without_color + Style(reverse=ground is not None and _is_dark(ground) is not dark)


def _is_dark(ground: Ground) -> bool:
    return _brightness(ground) < _HALF


def _brightness(colour: Ground) -> float:
    return Color.from_rich_color(colour).brightness
