"""Which look and how many colours a terminal gets, by what its environment says."""

import pytest
from rich.color import ColorSystem

from screens.looks import look_named
from tui.appearance import Appearance
from tui.settings import read_settings
from tui.terminal import TRUE_COLOURS, colours, fitting_look

UTF8 = {"LANG": "fr_FR.UTF-8"}


@pytest.mark.parametrize(
    ("environment", "encoding", "look"),
    [
        (UTF8 | {"TERM": "xterm-256color"}, "utf-8", "full"),
        (UTF8 | {"TERM": "linux"}, "utf-8", "linux"),
        ({"TERM": "xterm"}, "utf-8", "full"),
        ({"TERM": "xterm", "LANG": "C.UTF-8"}, "utf-8", "full"),
        ({"TERM": "xterm", "LANG": "C"}, "utf-8", "ascii"),
        ({"TERM": "xterm", "LANG": "C", "LC_CTYPE": "C.UTF-8"}, "utf-8", "ascii"),
        ({"TERM": "xterm", "LANG": "C", "LC_CTYPE": "fr_FR.UTF-8"}, "utf-8", "full"),
        ({"TERM": "linux", "LC_ALL": "POSIX", "LANG": "fr_FR.UTF-8"}, "utf-8", "ascii"),
        ({"TERM": "xterm", "LANG": "fr_FR@euro"}, "iso8859-15", "ascii"),
    ],
)
def test_the_richest_look_that_the_terminal_draws(environment: dict[str, str], encoding: str, look: str) -> None:
    assert fitting_look(environment, encoding) == look


@pytest.mark.parametrize(
    ("environment", "known"),
    [
        ({"TERM": "xterm-256color"}, 256),
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, TRUE_COLOURS),
        ({"TERM": "linux"}, 16),
        ({"TERM": "screen"}, 16),
        ({"TERM": "tmux-256color"}, 256),
        ({"TERM": "foot"}, TRUE_COLOURS),
        ({"TERM": "xterm-kitty"}, TRUE_COLOURS),
        ({"TERM": "vt220"}, 2),
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor", "NO_COLOR": "1"}, 2),
        ({"TERM": "xterm-256color", "NO_COLOR": ""}, 256),
    ],
)
def test_colours_are_those_that_the_environment_names(environment: dict[str, str], known: int) -> None:
    assert colours(environment) == known


def test_what_is_asked_for_comes_before_the_environment() -> None:
    environment = {"PERRON_LOOK": "linux", "PERRON_THEME": "light", "PERRON_CONTRAST": "high", "PERRON_HOME": "."}
    settings = read_settings(environment)
    assert (settings.look, settings.dark, settings.high_contrast) == ("linux", False, True)
    settings = read_settings(environment, looks={"look": "ascii", "theme": "dark", "contrast": "normal"})
    assert (settings.look, settings.dark, settings.high_contrast) == ("ascii", True, False)
    settings = read_settings({"PERRON_LOOK": "pretty", "PERRON_CONTRAST": "some", "PERRON_HOME": "."})
    assert (settings.look, settings.dark, settings.high_contrast) == (None, True, False)


@pytest.mark.parametrize(
    ("known", "system"),
    [
        (2, ColorSystem.STANDARD),
        (16, ColorSystem.STANDARD),
        (256, ColorSystem.EIGHT_BIT),
        (TRUE_COLOURS, ColorSystem.TRUECOLOR),
    ],
)
def test_no_colour_is_sent_that_the_terminal_has_not(known: int, system: ColorSystem) -> None:
    assert Appearance(look_named("full"), known).system is system
