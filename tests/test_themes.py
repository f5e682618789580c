"""Every colour that carries words can be read, whatever accent an institution names.

That the screens pair no other colours than these is tried in test_looks.py.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.color import ColorSystem

from api_client.contrast import READABLE, contrast
from tui.terminal import TRUE_COLOURS
from tui.themes import HIGHLY_READABLE, shown, theme_for

_ACCENTS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
SYSTEMS = {16: ColorSystem.STANDARD, 256: ColorSystem.EIGHT_BIT, TRUE_COLOURS: ColorSystem.TRUECOLOR}
COLOURS = sorted(SYSTEMS)


@given(_ACCENTS, st.booleans(), st.sampled_from(COLOURS), st.booleans())
def test_an_accent_reads_on_its_background_and_the_reverse(
    accent: str, dark: bool, colours: int, high_contrast: bool
) -> None:
    theme = theme_for(accent, dark=dark, colours=colours, high_contrast=high_contrast)
    shade, *papers = (shown(one or "", SYSTEMS[colours]) for one in (theme.accent, theme.background, theme.surface))
    least = HIGHLY_READABLE if high_contrast else READABLE
    assert min(contrast(shade, paper) for paper in papers) >= least


@pytest.mark.parametrize("dark", [True, False])
@pytest.mark.parametrize("name", ["foreground", "success", "warning", "error"])
@pytest.mark.parametrize("paper", ["background", "surface"])
def test_every_other_colour_reads_too(name: str, paper: str, dark: bool) -> None:
    theme = theme_for("", dark=dark)
    assert contrast(getattr(theme, name), getattr(theme, paper)) >= READABLE


@pytest.mark.parametrize("dark", [True, False])
@pytest.mark.parametrize("high_contrast", [True, False])
def test_sixteen_colours_are_those_of_the_console_and_need_no_rounding(dark: bool, high_contrast: bool) -> None:
    theme = theme_for("#8ecae6", dark=dark, colours=16, high_contrast=high_contrast)
    named = {theme.accent, theme.background, theme.surface, theme.panel, theme.foreground, *theme.variables.values()}
    for colour in (named | {theme.success, theme.warning, theme.error}) - {None}:
        assert shown(colour or "", ColorSystem.STANDARD) == colour


def test_a_readable_accent_is_left_as_it_is() -> None:
    assert theme_for("#8ecae6", dark=True).accent == "#8ecae6"


@pytest.mark.parametrize("accent", ["", "bleu", "#12", "[red]", "\x1b[31m"])
def test_what_is_no_colour_gives_the_plain_one(accent: str) -> None:
    assert theme_for(accent, dark=True).accent == theme_for("", dark=True).accent


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
