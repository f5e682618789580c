"""One of several things, chosen with the arrows."""

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from api_client.contract import Choice
from screens.looks import signs_of
from screens.talk import Talk, ask_number, say_choices
from screens.widgets.hanging import Hanging, with_detail
from screens.widgets.prose import Prose, plain
from screens.widgets.question import Question
from screens.words import _

_GAP = 3
"""Cells between two choices that stand side by side."""
_SIGNS = 6
"""Cells that the signs before a choice take: « › (•) »."""


class ChoiceLine(Static):
    """One choice: where the keys are, whether it is chosen, its label, and what more there is to say."""

    class Pointed(Message):
        """The mouse chose this line."""

        def __init__(self, line: "ChoiceLine") -> None:
            super().__init__()
            self.line = line

    def __init__(self, choice: Choice, *, marked: bool) -> None:
        super().__init__(classes="choice")
        self.choice = choice
        self.chosen = False
        self._marked = marked
        self._words = with_detail(choice.label, choice.detail)

    def render(self) -> Hanging:
        signs = signs_of(self.app)
        here = signs.here if self.has_focus or (self.chosen and not self._marked) else " " * len(signs.here)
        mark = f"{signs.chosen if self.chosen else signs.unchosen} " if self._marked else ""
        return Hanging(f"{here} {mark}", self._words)

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        event.stop()
        self.post_message(self.Pointed(self))


class ChoiceList(Question):
    """A field whose value is the ``id`` of the choice, or ``""`` while nothing is chosen.

    An arrow chooses; Space too, since nothing may be chosen at first. One line at a time takes the focus, so that Tab
    passes the list by in one step. With ``menu``, the sign of the place alone marks what Enter will go on with, and
    one line always has it. With ``abreast``, the choices stand side by side where there is room.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,left", "choose(-1)", show=False),
        Binding("down,right", "choose(1)", show=False),
        Binding("space", "choose(0)", show=False),
        Binding("home", "choose_end(0)", show=False),
        Binding("end", "choose_end(-1)", show=False),
    ]

    def __init__(
        self,
        name: str,
        label: str,
        choices: Sequence[Choice],
        value: str = "",
        *,
        menu: bool = False,
        abreast: bool = False,
    ) -> None:
        super().__init__(name)
        self._label = label
        self._marked = not menu
        self._lines = [ChoiceLine(choice, marked=not menu) for choice in choices]
        self._abreast = abreast and not any(choice.detail for choice in choices)
        self._place = 0
        self.value = value
        if menu and not self.value and choices:
            self.value = choices[0].id

    def compose(self) -> ComposeResult:
        yield Prose(self._label, classes="label")
        yield Container(*self._lines, classes="choices")
        yield self.complaint

    def on_resize(self, event: events.Resize) -> None:
        wanted = sum(_SIGNS + _GAP + plain(line.choice.label).cell_length for line in self._lines) - _GAP
        self.set_class(self._abreast and wanted <= event.size.width, "-abreast")

    @property
    def value(self) -> str:
        return next((line.choice.id for line in self._lines if line.chosen), "")

    @value.setter
    def value(self, value: object) -> None:
        for place, line in enumerate(self._lines):
            chosen = line.choice.id == value
            if chosen:
                self._place = place
            if chosen != line.chosen:
                line.chosen = chosen
                line.refresh()
        for place, line in enumerate(self._lines):
            line.can_focus = place == self._place

    @property
    def control(self) -> Widget:
        return self._lines[self._place] if self._lines else self

    async def ask(self, talk: Talk) -> None:
        choices = [line.choice for line in self._lines]
        say_choices(talk, self._label, choices)
        places = [choice.id for choice in choices]
        known = places.index(self.value) + 1 if self.value else 0
        kept = known if self._marked else None
        shown = _("Number (Enter keeps {kept}):").format(kept=kept) if kept else _("Number:")
        if number := await ask_number(talk, shown, len(places), kept):
            self.value = places[number - 1]

    def wanting(self) -> str:
        return _("Please choose one of these.")

    def action_choose(self, step: int) -> None:
        """The choice ``step`` lines on; the one that has the focus while none is chosen."""
        place = self._place + step if self.value else self._place
        self._choose(self._lines[min(max(place, 0), len(self._lines) - 1)])

    def action_choose_end(self, place: int) -> None:
        self._choose(self._lines[place])

    def on_choice_line_pointed(self, event: ChoiceLine.Pointed) -> None:
        event.stop()
        self._choose(event.line)

    def _choose(self, line: ChoiceLine) -> None:
        self.value = line.choice.id
        self.screen.set_focus(line)  # at once: Widget.focus would undo the Tab that follows
