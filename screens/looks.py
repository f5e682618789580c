"""What this terminal can draw, and the signs chosen accordingly.

A process draws on one terminal: ``wear`` says once which look it has, as ``words.speak`` says which language.
"""

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from api_client.contract import Drawing
from screens.spelling import EVERYTHING, Spelling, of_ascii, of_console

if TYPE_CHECKING:
    from textual.app import App  # the command line knows the names of the looks before there is any


class Signs(NamedTuple):
    """Every sign is followed by words: none carries a meaning alone."""

    done: str
    current: str
    ahead: str
    kept: str
    broken: str
    pending: str
    wrong: str
    full: str
    empty: str
    ticked: str
    unticked: str
    here: str
    chosen: str
    unchosen: str


UNICODE = Signs("✓", "●", "○", "✓", "✗", "○", "✗", "█", "░", "[x]", "[ ]", "›", "(•)", "( )")
# The console draws ✗ as an x, which says the contrary in a box, and has no ✓ at all.
CONSOLE = Signs("■", "→", "·", "[x]", "[ ]", "[ ]", "!", "█", "░", "[x]", "[ ]", "›", "(•)", "( )")
ASCII = Signs("x", ">", ".", "[x]", "[ ]", "[ ]", "!", "#", ".", "[x]", "[ ]", ">", "(x)", "( )")
PLAIN = Signs._make([""] * len(Signs._fields))
"""Read aloud, a sign is a word too many."""

LookName = Literal["full", "linux", "ascii"]
LOOKS: tuple[LookName, ...] = ("full", "linux", "ascii")


class Look(NamedTuple):
    """``full``: all of Unicode; ``linux``: a console font; ``ascii``: no more than ASCII and the letters of French."""

    name: LookName
    signs: Signs
    spelling: Spelling


def look_named(name: LookName) -> Look:
    match name:
        case "full":
            return Look(name, UNICODE, EVERYTHING)
        case "linux":
            return Look(name, CONSOLE, of_console())
        case "ascii":
            return Look(name, ASCII, of_ascii())


class _Wardrobe:
    """One for the process, as there is one voice (words.py)."""

    look = look_named("full")


_wardrobe = _Wardrobe()


def wear(look: Look) -> None:
    """Draw in ``look`` from now on."""
    _wardrobe.look = look


def worn() -> Look:
    return _wardrobe.look


QUIET = "$quiet"
"""The style of what is said less loudly inside a text (tui/themes.py)."""

MONOCHROME = 2
"""``Drawing.colours`` of a terminal that has, or should show, none but its own two."""


def drawing_of(app: "App[Any]") -> Drawing:
    """What the App found out about its terminal; a bare App counts as an able one of the size it has."""
    drawing = getattr(app, "drawing", None)
    return drawing if isinstance(drawing, Drawing) else Drawing(cols=app.size.width, rows=app.size.height)


def signs_of(app: "App[Any]") -> Signs:
    return PLAIN if drawing_of(app).plain else worn().signs
