"""Words on the screen, from wherever they come: never markup, never a control character."""

import re
from collections.abc import Iterable

from textual.content import Content
from textual.widgets import Static

import screens.widgets.line_ends  # noqa: F401 - from now on lines end where they should
from api_client.wording import clean
from screens.looks import worn

_FIGURE = re.compile("[0-9]")


def plain(text: str) -> Content:
    """``text`` as it may be shown. Brackets stay brackets: markup from data could run actions (security.md §3)."""
    return Content(worn().spelling.spell(clean(text, lines=True)))


class Prose(Static):
    """A paragraph or more. It takes no room while it has nothing to say."""

    DEFAULT_CSS = "Prose.-silent { display: none !important; }"

    def __init__(self, text: str = "", *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(plain(text), id=id, classes=classes)
        self.text = text
        self.set_class(not text, "-silent")

    def told(self) -> Iterable[str]:
        return (self.text,)

    def show(self, text: str) -> None:
        """Say ``text`` instead; nothing is redrawn when it is the same."""
        if text == self.text:
            return
        # A countdown mostly changes a figure for another one: the page need not be laid out anew each second for that.
        other_room = _FIGURE.sub("0", text) != _FIGURE.sub("0", self.text)
        self.text = text
        self.update(plain(text), layout=other_room)
        self.set_class(not text, "-silent")
