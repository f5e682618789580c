"""How everything looks on this terminal, decided once: its signs, its colours, and what is done to each line."""

import os
from functools import cache
from typing import Any, NamedTuple

from rich.color import ColorSystem
from textual.app import App
from textual.filter import LineFilter
from textual.theme import Theme

from screens.looks import MONOCHROME, Look, look_named, wear
from tui.filters import Monochrome, Respelling, Weight
from tui.settings import Settings
from tui.terminal import TRUE_COLOURS, colours, look_here
from tui.themes import STANDARD, theme_for


class Appearance(NamedTuple):
    """``colours``: how many the terminal has, 2 for none but its own."""

    look: Look = look_named("full")
    colours: int = TRUE_COLOURS
    dark: bool = True
    high_contrast: bool = False

    @classmethod
    def here(cls, settings: Settings) -> "Appearance":
        """What fits the terminal of this process, and what was asked for."""
        look = look_named(look_here(settings))
        return cls(look, colours(os.environ), settings.dark, settings.high_contrast)

    def wear(self) -> None:
        """Choose signs and words by this look from now on."""
        wear(self.look)

    def put_on(self, app: App[Any], accent: str = "") -> None:
        """Before ``app`` draws anything: set later, colours would have every style worked out twice.

        ``accent`` (``#rrggbb``) as for ``dress``, where it is known already.

        Its ``get_line_filters`` gives ``filters`` too.
        """
        self.wear()
        # Reckoned by rich from an output that is none of ours, and from fewer variables than we look at.
        app.console._color_system = self.system
        app.set_class(self.colours <= MONOCHROME, "-mono", update=False)
        theme = self.theme(accent)
        app.register_theme(theme)
        app.set_reactive(App.theme, theme.name)
        app.stylesheet.set_variables(app.get_css_variables())

    def dress(self, app: App[Any], accent: str) -> None:
        """Put the institution's colour (``#rrggbb``) on ``app``."""
        theme = self.theme(accent)
        app.register_theme(theme)
        app.theme = theme.name

    @property
    def system(self) -> ColorSystem:
        """How a colour is sent."""
        if self.colours <= STANDARD:
            return ColorSystem.STANDARD
        return ColorSystem.EIGHT_BIT if self.colours < TRUE_COLOURS else ColorSystem.TRUECOLOR

    def theme(self, accent: str) -> Theme:
        return theme_for(accent, dark=self.dark, colours=self.colours, high_contrast=self.high_contrast)

    def filters(self) -> tuple[LineFilter, ...]:
        """What a line goes through, in this order."""
        return _filters(self.look, self.colours, self.dark)


@cache
def _filters(look: Look, colours: int, dark: bool) -> tuple[LineFilter, ...]:
    """The same ones every time, by which Textual knows again what it has already put a line through."""
    respelling = () if look.name == "full" else (Respelling(look.spelling),)
    if colours <= MONOCHROME:
        return (*respelling, Monochrome(dark=dark))
    return (*respelling, Weight()) if colours <= STANDARD else respelling
