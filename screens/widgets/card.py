"""Lines of « what: value », set off from the text around them."""

from collections.abc import Iterable

from textual.containers import Grid
from textual.widgets import Static

from screens.widgets.prose import plain
from screens.words import _


class Card(Grid):
    """The labels stand in one column and the values in another; long values wrap in theirs."""

    def __init__(self, lines: Iterable[tuple[str, str]], *, id: str | None = None) -> None:
        self._lines = tuple(lines)
        cells = [
            Static(plain(text), classes=kind)
            for label, value in self._lines
            for kind, text in (("card-label", label), ("card-value", value))
        ]
        super().__init__(*cells, id=id, classes="card")

    def told(self) -> Iterable[str]:
        return tuple(_("{what}: {value}").format(what=label, value=value) for label, value in self._lines)
