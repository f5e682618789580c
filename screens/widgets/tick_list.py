"""Several boxes under one label, each of which may stay unticked."""

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.widget import Widget

from api_client.contract import Choice
from screens.talk import Talk, say_choices
from screens.widgets.prose import Prose
from screens.widgets.question import Question
from screens.widgets.tick_box import Tick
from screens.words import _


class TickList(Question):
    """A field whose value is the ``id`` of every choice that is ticked, in the order of the choices."""

    def __init__(self, name: str, label: str, choices: Sequence[Choice], value: Sequence[str] = ()) -> None:
        super().__init__(name)
        self._label = label
        self._choices = choices
        self._ticks = {choice.id: Tick(choice.label, choice.id in value, choice.detail) for choice in choices}

    def compose(self) -> ComposeResult:
        yield Prose(self._label, classes="label")
        yield from self._ticks.values()
        yield self.complaint

    @property
    def value(self) -> tuple[str, ...]:
        return tuple(name for name, tick in self._ticks.items() if tick.ticked)

    @value.setter
    def value(self, value: object) -> None:
        wanted = value if isinstance(value, tuple | list) else ()
        for name, tick in self._ticks.items():
            if tick.ticked != (name in wanted):
                tick.action_tick()

    async def ask(self, talk: Talk) -> None:
        say_choices(talk, self._label, self._choices)
        names = list(self._ticks)
        while True:
            kept = ", ".join(str(names.index(name) + 1) for name in self.value) or _("none")
            typed = await talk.hear(
                _("Numbers with spaces between them, or 0 for none (Enter: {kept}):").format(kept=kept)
            )
            numbers = typed.replace(",", " ").split()
            if not numbers:
                return
            if all(number.isascii() and number.isdecimal() and int(number) <= len(names) for number in numbers):
                self.value = [names[int(number) - 1] for number in numbers if int(number)]
                return
            talk.say(_("Please type numbers from 0 to {most}.").format(most=len(names)))

    @property
    def control(self) -> Widget:
        return next(iter(self._ticks.values()), self)
