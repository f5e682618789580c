"""Every screen in every look: nothing that the terminal cannot draw, nothing that cannot be read, nothing said by
colour alone.
"""

from collections.abc import Iterable
from itertools import product
from typing import NamedTuple

import pytest
from rich.cells import cell_len
from rich.color import Color as Sent
from rich.color import ColorSystem
from rich.style import Style
from textual.color import Color
from textual.strip import Strip
from textual.theme import Theme
from textual.widget import Widget

from api_client.contract import Drawing
from api_client.contrast import READABLE, contrast
from screens.looks import look_named
from screens.spelling import Spelling, of_ascii, of_console
from tests.parade import Seen, parade
from tests.screens_gallery import STEPS, Gallery, enrolment_of
from tests.test_themes import SYSTEMS
from tui.appearance import Appearance
from tui.themes import CONSOLE, HIGHLY_READABLE, shown, theme_for

pytestmark = pytest.mark.slow

ACCENTS = ("#8ecae6", "#7a1f1f", "#ffff00", "#000000", "#ffffff", "#808080")


class Pair(NamedTuple):
    """What words are written in, and on: names of the theme."""

    ink: str
    ground: str


MARKS = {
    name: f"#{number:06x}"
    for number, name in enumerate(
        (
            "background",
            "surface",
            "panel",
            "foreground",
            "accent",
            "success",
            "warning",
            "error",
            "quiet",
            "banner",
            "thumb",
            "text-muted",
        ),
        0x102030,
    )
}
_NAMES = {mark: name for name, mark in MARKS.items()}


class Marked(Appearance):
    """Every colour of the theme is another one, so that it is known again on the screen."""

    def theme(self, accent: str) -> Theme:
        theme = super().theme(accent)
        for name, mark in MARKS.items():
            if hasattr(theme, name):
                setattr(theme, name, mark)
        theme.variables = theme.variables | MARKS
        return theme


def name_of(colour: Sent | None) -> str:
    """What the theme calls it; a colour of nobody's fails."""
    assert colour is not None
    return _NAMES[colour.get_truecolor().hex]


def colour_of(name: str, named: dict[str, str], ground: str) -> str:
    """As Textual works it out on ``ground``."""
    value, under = named[name], Color.parse(ground)
    if value.startswith("auto"):
        share = float(value.removeprefix("auto").strip(" %")) / 100
        return (under + under.get_contrast_text(share)).hex6
    return (under + Color.parse(value)).hex6


def assert_fits(passed: Iterable[Seen]) -> None:
    """No line is longer than the window, none is missing, and there is something to read."""
    for seen in passed:
        assert len(seen.rows) == seen.size[1], seen
        assert {cell_len(row) for row in seen.rows} == {seen.size[0]}, seen
        assert any(seen.words), seen


def assert_spelt(passed: Iterable[Seen], spelling: Spelling) -> None:
    for seen in passed:
        assert not {sign for sign in seen.text if sign != "\n" and not spelling.has(sign)}, seen


async def test_words_are_written_in_pairs_of_colours_that_read_in_every_theme() -> None:
    passed = await parade(Marked(), (80, 24))
    assert_fits(passed)
    pairs = {Pair(name_of(style.color), name_of(style.bgcolor)) for seen in passed for _, style in seen.words}
    assert Pair("background", "accent") in pairs, "what has the focus is reversed"
    for accent, dark, colours, high in product(ACCENTS, (True, False), SYSTEMS, (True, False)):
        theme = theme_for(accent, dark=dark, colours=colours, high_contrast=high)
        named = theme.to_color_system().generate() | theme.variables
        for pair in pairs:
            ground = named[pair.ground]
            ink = colour_of(pair.ink, named, ground)
            reached = contrast(shown(ink, SYSTEMS[colours]), shown(ground, SYSTEMS[colours]))
            assert reached >= (HIGHLY_READABLE if high else READABLE), (pair, reached, accent, dark, colours)


async def test_the_console_is_sent_nothing_that_its_font_lacks() -> None:
    passed = await parade(Appearance(look_named("linux"), colours=16), (80, 24))
    assert_fits(passed)
    assert_spelt(passed, of_console())
    for seen in passed:
        for words, style in seen.words:
            assert _contrast_on_console(style) >= READABLE, (words, str(style), str(seen))


def _contrast_on_console(style: Style) -> float:
    """Where bold is a brighter ink."""
    ink, ground = (one.downgrade(ColorSystem.STANDARD).number for one in (style.color, style.bgcolor) if one)
    assert ink is not None
    bright = ink + 8 if style.bold and ink < 8 else ink
    inks = (Sent.from_ansi(number or 0).get_truecolor(CONSOLE).hex for number in (bright, ground))
    return contrast(*inks)


async def test_ascii_without_colours_says_everything_by_signs() -> None:
    passed = await parade(Appearance(look_named("ascii"), colours=2), (80, 24))
    assert_fits(passed)
    assert_spelt(passed, of_ascii())
    for seen in passed:
        for strip in seen.strips:
            assert not any(_coloured(segment.style) for segment in strip if segment.style), seen


def _coloured(style: Style) -> bool:
    return style.color is not None or style.bgcolor is not None


FOCUSABLE = {
    "link_sent": "field, action held back, actions, Next and Back",
    "redirection": "box",
    "establishment_choice": "choice",
    "idcc": "search",
    "assistance_message": "text of several lines",
    "backup_email": "two fields",
}


@pytest.mark.parametrize("kind", FOCUSABLE)
async def test_without_colours_the_focus_is_seen(kind: str) -> None:
    app = Gallery(
        enrolment_of(STEPS[kind]), drawing=Drawing(colours=2), appearance=Appearance(look_named("ascii"), colours=2)
    )
    async with app.run_test() as pilot:
        await pilot.pause()
        for widget in app.screen.focus_chain:
            pictures = []
            for focused in (widget, None):
                app.screen.set_focus(focused)
                await pilot.pause()
                pictures.append([(segment.text, segment.style) for strip in _rows_at(app, widget) for segment in strip])
            assert pictures[0] != pictures[1], widget


def _rows_at(app: Gallery, widget: Widget) -> list[Strip]:
    strips = app.screen._compositor.render_strips()
    x, y, width, height = widget.region
    return [Strip(strips[row]).crop(x, x + width) for row in range(y, y + height) if row < len(strips)]


@pytest.mark.parametrize("size", [(40, 15), (132, 43), (300, 80)], ids=str)
async def test_every_size(size: tuple[int, int]) -> None:
    names = {"welcome", "login", "charter", "new_password", "phone_pairing", "sign_in", "my_account", "idcc"}
    assert_fits(await parade(Appearance(), size, only=names))
