"""Light and dark, with the institution's accent colour where it can be read; for few colours, for none, and for eyes
that need more contrast than most.
"""

from typing import NamedTuple

from rich.color import Color, ColorSystem
from rich.terminal_theme import TerminalTheme
from textual.theme import Theme

from api_client.contrast import READABLE, contrast, readable
from screens.looks import MONOCHROME

HIGHLY_READABLE = 7.0
"""WCAG 2.2 §1.4.6, « enhanced »."""
STANDARD = 16
_PALETTE = 256
_MARGINS = tuple(half / 2 for half in range(16))


class Paper(NamedTuple):
    """What a theme has besides the accent. All that carries words reads on ``background`` and ``surface``."""

    background: str
    surface: str
    panel: str
    """Behind what can be filled in or pressed; ``foreground`` and ``quiet`` read on it too."""
    foreground: str
    quiet: str
    success: str
    warning: str
    error: str
    banner: str
    """Behind a sentence in the colour of ``background``."""
    thumb: str
    """Of a scrollbar."""
    accent: str
    """When the institution names none that reads."""


_DARK = Paper(
    "#15181c",
    "#1c2127",
    "#2a3038",
    "#e4e6e9",
    "rgba(228,230,233,0.65)",
    "#7fd18b",
    "#e8c26a",
    "#ff9b91",
    "#e8c26a",
    "rgba(228,230,233,0.4)",
    "#7fb4ff",
)
_LIGHT = Paper(
    "#ffffff",
    "#f2f3f5",
    "#e1e4e8",
    "#1b1d21",
    "rgba(27,29,33,0.65)",
    "#1d6b2c",
    "#7a4d00",
    "#a4161a",
    "#7a4d00",
    "rgba(27,29,33,0.4)",
    "#0b5394",
)
_HIGH_DARK = Paper(
    "#000000",
    "#000000",
    "#262626",
    "#ffffff",
    "#d7d7d7",
    "#87ff87",
    "#ffd75f",
    "#ffafaf",
    "#ffd75f",
    "#a8a8a8",
    "#87d7ff",
)
_HIGH_LIGHT = Paper(
    "#ffffff",
    "#ffffff",
    "#e4e4e4",
    "#000000",
    "#303030",
    "#005f00",
    "#5f3700",
    "#870000",
    "#5f3700",
    "#585858",
    "#00005f",
)
# The palette of the Linux console, which rich takes for that of every terminal of sixteen colours. A ground is one of
# its first eight: the console has no others.
_16_DARK = Paper(
    "#000000",
    "#000000",
    "#0000aa",
    "#ffffff",
    "#aaaaaa",
    "#55ff55",
    "#ffff55",
    "#ffff55",
    "#aaaaaa",
    "#aaaaaa",
    "#00aaaa",
)
_16_LIGHT = Paper(
    "#aaaaaa",
    "#aaaaaa",
    "#00aaaa",
    "#000000",
    "#000000",
    "#000000",
    "#000000",
    "#000000",
    "#000000",
    "#000000",
    "#0000aa",
)
_NORMAL, _BRIGHT = (
    [(red, green, blue) for red, green, blue in map(bytes.fromhex, colours.split())]
    for colours in (
        "000000 aa0000 00aa00 aa5500 0000aa aa00aa 00aaaa aaaaaa",
        "555555 ff5555 55ff55 ffff55 5555ff ff55ff 55ffff ffffff",
    )
)
CONSOLE = TerminalTheme(_NORMAL[0], _NORMAL[-1], _NORMAL, _BRIGHT)
_HIGH_16_DARK = _16_DARK._replace(quiet="#ffffff")
_HIGH_16_LIGHT = _16_LIGHT._replace(accent="#000000")
_WHITE_ON_BLACK = Paper("#000000", "#000000", "#000000", *("#ffffff",) * 8)
_BLACK_ON_WHITE = Paper("#ffffff", "#ffffff", "#ffffff", *("#000000",) * 8)


def theme_for(accent: str, *, dark: bool, colours: int = 1 << 24, high_contrast: bool = False) -> Theme:
    """The theme around ``accent`` (``#rrggbb``), made lighter or darker until it reads on the page; any other text
    gives the plain one, and so do few ``colours``: how many the terminal has, 2 for none but its own.
    """
    paper = _paper(dark, colours, high_contrast)
    least = HIGHLY_READABLE if high_contrast else READABLE
    shade = _shade(accent, paper, colours, least) if colours > STANDARD else paper.accent
    kind = f"{'high-' if high_contrast else ''}{'dark' if dark else 'light'}-{min(colours, 1 << 24)}"
    return Theme(
        name=f"perron-{kind}-{shade.lstrip('#').lower()}",
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
        variables={
            "quiet": paper.quiet,
            **({} if paper in (_DARK, _LIGHT) else {"text-muted": paper.quiet}),
            "banner": paper.banner,
            "thumb": paper.thumb,
            "input-selection-background": paper.panel,
        },
    )


def _paper(dark: bool, colours: int, high_contrast: bool) -> Paper:
    if colours <= MONOCHROME:
        kinds = (_WHITE_ON_BLACK, _BLACK_ON_WHITE) * 2
    elif colours <= STANDARD:
        kinds = (_16_DARK, _16_LIGHT, _HIGH_16_DARK, _HIGH_16_LIGHT)
    else:
        kinds = (_DARK, _LIGHT, _HIGH_DARK, _HIGH_LIGHT)
    return kinds[2 * high_contrast + (not dark)]


def _shade(accent: str, paper: Paper, colours: int, least: float) -> str:
    """``accent`` or the nearest shade of it that reads on ``paper``; the paper's own where it is no colour."""
    system = ColorSystem.TRUECOLOR if colours > _PALETTE else ColorSystem.EIGHT_BIT
    try:
        shades = (readable(accent, paper.surface, least + margin) for margin in _MARGINS)
        return next((shade for shade in shades if _reads(shade, paper, system, least)), paper.accent)
    except ValueError:
        return paper.accent


def _reads(shade: str, paper: Paper, system: ColorSystem, least: float) -> bool:
    """Whether it still does as it is sent: one of 256 colours is only near what was wanted."""
    grounds = {shown(ground, system) for ground in (paper.background, paper.surface)}
    return all(contrast(shown(shade, system), ground) >= least for ground in grounds)


def shown(colour: str, system: ColorSystem) -> str:
    """``colour`` (``#rrggbb``) as a terminal of that system shows it; of sixteen colours, the Linux console."""
    return Color.parse(colour).downgrade(system).get_truecolor(CONSOLE).hex
