"""Light and dark, with the institution's accent colour where it can be read."""

from typing import NamedTuple

from textual.color import Color, ColorParseError
from textual.theme import Theme

READABLE = 4.5
"""Contrast ratio of WCAG 2.2, success criterion 1.4.3."""


class Paper(NamedTuple):
    """What a theme has besides the accent."""

    background: str
    surface: str
    panel: str
    foreground: str
    success: str
    warning: str
    error: str
    accent: str
    """When the institution names none."""


_DARK = Paper("#15181c", "#1c2127", "#2a3038", "#e4e6e9", "#7fd18b", "#e8c26a", "#ff9b91", "#7fb4ff")
_LIGHT = Paper("#ffffff", "#f2f3f5", "#e1e4e8", "#1b1d21", "#1d6b2c", "#7a4d00", "#a4161a", "#0b5394")


def theme_for(accent: str, *, dark: bool) -> Theme:
    """The theme around ``accent`` (``#rrggbb``), made lighter or darker until it reads on the background."""
    paper = _DARK if dark else _LIGHT
    shade = readable(accent, paper.background, dark=dark) or paper.accent
    return Theme(
        name=f"perron-{'dark' if dark else 'light'}-{shade.lstrip('#').lower()}",
        primary=shade,
        accent=shade,
        background=paper.background,
        surface=paper.surface,
        panel=paper.panel,
        foreground=paper.foreground,
        success=paper.success,
        warning=paper.warning,
        error=paper.error,
        dark=dark,
    )


def readable(accent: str, background: str, *, dark: bool) -> str:
    """``accent`` or the nearest shade of it that reads on ``background``; empty when it is no colour."""
    paper, ink = Color.parse(background), Color.parse("#ffffff" if dark else "#000000")
    try:
        wanted = Color.parse(accent)
    except ColorParseError:
        return ""
    shades = (wanted.blend(ink, part / 20) for part in range(21))
    return next(shade.hex for shade in shades if contrast(shade, paper) >= READABLE)


def contrast(one: Color, other: Color) -> float:
    """WCAG's contrast ratio, 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Color) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour.normalized
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
