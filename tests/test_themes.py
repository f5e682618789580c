"""Every colour that carries words can be read, whatever accent an institution names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api_client.contrast import READABLE, contrast
from tui.themes import theme_for

_ACCENTS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@given(_ACCENTS, st.booleans())
def test_an_accent_reads_on_its_background_and_the_reverse(accent: str, dark: bool) -> None:
    theme = theme_for(accent, dark=dark)
    assert contrast(theme.accent or "", theme.background or "") >= READABLE


@pytest.mark.parametrize("dark", [True, False])
@pytest.mark.parametrize("name", ["foreground", "success", "warning", "error"])
@pytest.mark.parametrize("paper", ["background", "surface"])
def test_every_other_colour_reads_too(name: str, paper: str, dark: bool) -> None:
    theme = theme_for("", dark=dark)
    assert contrast(getattr(theme, name), getattr(theme, paper)) >= READABLE


def test_a_readable_accent_is_left_as_it_is() -> None:
    assert theme_for("#8ecae6", dark=True).accent == "#8ecae6"


@pytest.mark.parametrize("accent", ["", "bleu", "#12", "[red]", "\x1b[31m"])
def test_what_is_no_colour_gives_the_plain_one(accent: str) -> None:
    assert theme_for(accent, dark=True).accent == theme_for("", dark=True).accent


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
