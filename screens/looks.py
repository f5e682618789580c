"""What this terminal can draw, and the signs chosen accordingly."""

from typing import Any, NamedTuple

from textual.app import App

from api_client.contract import Drawing


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
ASCII = Signs("x", ">", ".", "[x]", "[ ]", "[ ]", "!", "#", ".", "[x]", "[ ]", ">", "(x)", "( )")
PLAIN = Signs._make([""] * len(Signs._fields))
"""Read aloud, a sign is a word too many."""


QUIET = "$foreground 65%"
"""The style of what is said less loudly inside a text; a style sheet says ``$text-muted``, which ``Content`` takes for
the loudest colour there is."""


def drawing_of(app: App[Any]) -> Drawing:
    """What the App found out about its terminal; a bare App counts as an able one of the size it has."""
    drawing = getattr(app, "drawing", None)
    return drawing if isinstance(drawing, Drawing) else Drawing(cols=app.size.width, rows=app.size.height)


def signs_of(app: App[Any]) -> Signs:
    if drawing_of(app).plain:
        return PLAIN
    return UNICODE if drawing_of(app).unicode else ASCII
