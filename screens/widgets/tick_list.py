"""Several boxes under one label, each of which may stay unticked."""

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.widget import Widget

from api_client.contract import Choice
from screens.widgets.prose import Prose
from screens.widgets.question import Question
from screens.widgets.tick_box import Tick


class TickList(Question):
    """A field whose value is the ``id`` of every choice that is ticked, in the order of the choices."""

    def __init__(self, name: str, label: str, choices: Sequence[Choice], value: Sequence[str] = ()) -> None:
        super().__init__(name)
        self._label = label
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

    @property
    def control(self) -> Widget:
        return next(iter(self._ticks.values()), self)
