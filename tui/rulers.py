"""What ``perron doctor`` draws on a terminal for somebody to look at: signs, colours, and a code for a phone."""

from collections.abc import Iterator

from rich.style import Style
from textual.color import Color
from textual.strip import Strip

from api_client.secret import Secret
from screens.looks import MONOCHROME, Look
from screens.widgets.qr_code import QrCode
from screens.words import _
from tui.appearance import Appearance
from tui.terminal import TRUE_COLOURS
from tui.themes import STANDARD

_SIGNS = "a#[>éçœ’«»…•·–✓✗●○■→›█░▌▀"
_SCANNED = "PERRON"
_STEPS = 32
_BLACK = Color(0, 0, 0)


def rulers(appearance: Appearance) -> Iterator[str]:
    """Line by line, with escape sequences for colours alone."""
    appearance.wear()
    yield _("Every bar must stand under another. Where a sign is a box or a question mark: --look ascii.")
    yield from _signs(appearance.look)
    if appearance.colours > MONOCHROME:
        yield _("From one end to the other, colours must change without a gap. If they do not: NO_COLOR=1.")
        yield "".join(f"\x1b[{ground}m \x1b[m" for ground in _grounds(appearance.colours))
    yield _("A phone must read {text} here.").format(text=_SCANNED)
    for line in QrCode(Secret(_SCANNED)).lines():
        yield _written(line, appearance)


def _signs(look: Look) -> Iterator[str]:
    drawn = [sign for sign in _SIGNS if look.spelling.has(sign)]
    yield f"|{'|'.join(drawn)}|"
    yield "|" + "-|" * len(drawn)


def _grounds(colours: int) -> Iterator[str]:
    for step in range(_STEPS):
        if colours >= TRUE_COLOURS:
            yield f"48;2;{8 * step};128;{255 - 8 * step}"
        elif colours > STANDARD:
            yield f"48;5;{232 + step * 24 // _STEPS}"
        else:
            yield f"{40 + step * 8 // _STEPS}"


def _written(line: Strip, appearance: Appearance) -> str:
    for line_filter in appearance.filters():
        line = line.apply_filter(line_filter, _BLACK)
    return "".join(
        f"\x1b[{Strip.render_ansi(style or Style.null(), appearance.system)}m{text}\x1b[m" for text, style, __ in line
    )
