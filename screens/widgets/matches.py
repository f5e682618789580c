"""What a search finds in a long list, and the rows that show it."""

from collections.abc import Sequence

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from api_client.contract import Choice
from api_client.wording import fold
from screens.looks import signs_of
from screens.widgets.prose import plain


class Index:
    """Which choices a text finds; every label is folded once."""

    def __init__(self, choices: Sequence[Choice]) -> None:
        self._choices = choices
        self._labels = [fold(choice.label) for choice in choices]

    def find(self, text: str) -> list[Choice]:
        """Every choice with all the words of ``text``, each in its label or at the beginning of its number."""
        words = fold(text).split()
        return [
            choice
            for choice, label in zip(self._choices, self._labels, strict=True)
            if all(word in label or _begins(choice.id, word) for word in words)
        ]

    def number(self, text: str) -> str:
        """The ``id`` that ``text`` is, with or without the zeros before it; ``""`` if it is none."""
        wanted = text.strip().lstrip("0")
        return next((choice.id for choice in self._choices if wanted and choice.id.lstrip("0") == wanted), "")


def _begins(number: str, word: str) -> bool:
    return number.startswith(word) or number.lstrip("0").startswith(word)


class Matches(Static):
    """As many of the matches as there are rows, with the chosen one among them; a long name ends in an ellipsis."""

    class Pointed(Message):
        """The mouse chose the match at ``place``."""

        def __init__(self, place: int) -> None:
            super().__init__()
            self.place = place

    def __init__(self) -> None:
        super().__init__(classes="matches")
        self.found: Sequence[Choice] = ()
        self._place: int | None = None
        self._first = 0

    @property
    def rows(self) -> int:
        """How many matches there is room for."""
        return max(1, self.content_size.height)

    @property
    def chosen(self) -> Choice | None:
        return self.found[self._place] if self._place is not None else None

    def show(self, found: Sequence[Choice], place: int | None) -> None:
        """Show ``found``, of which the one at ``place`` is chosen."""
        self.found, self._place, self._first = found, place, 0
        self.refresh()

    def move(self, step: int) -> None:
        """Choose the match ``step`` rows on; the first one while none is chosen."""
        self.move_to(0 if self._place is None else self._place + step)

    def move_to(self, place: int) -> None:
        """Choose the match at ``place``, or the nearest one."""
        if self.found:
            self._place = min(max(place, 0), len(self.found) - 1)
            self.refresh()

    def render(self) -> Content:
        # Reckoned here: how many rows there are may have changed since something was chosen.
        if self._place is not None:
            self._first = min(max(self._first, self._place - self.rows + 1), self._place)
        places = range(self._first, min(len(self.found), self._first + self.rows))
        return Content("\n").join(map(self._row, places))

    def _row(self, place: int) -> Content:
        here = signs_of(self.app).here
        choice, chosen = self.found[place], place == self._place
        row = Content(f"{here if chosen else ' ' * len(here)} ") + plain(f"{choice.id} {choice.label}")
        row = row.truncate(self.content_size.width, ellipsis=True)
        return row.stylize("bold $accent") if chosen else row

    def on_click(self, event: events.Click) -> None:
        event.stop()
        place = self._first + event.y
        if place < len(self.found):
            self.post_message(self.Pointed(place))
