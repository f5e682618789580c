"""Light and dark, with the institution's accent colour where it can be read."""

from typing import NamedTuple

from textual.theme import Theme

from api_client.contrast import readable


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
    shade = _shade(accent, paper.background) or paper.accent
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


def _shade(accent: str, background: str) -> str:
    """``accent`` or the nearest shade of it that reads on ``background``; empty when it is no colour."""
    try:
        return readable(accent, background)
    except ValueError:
        return ""
