"""A box to tick."""

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Static

from screens.looks import signs_of
from screens.talk import Talk, ask_whether
from screens.widgets.hanging import Hanging, with_detail
from screens.widgets.question import Question


class Tick(Static, can_focus=True):
    """``[x]`` or ``[ ]`` and a label. Textual's own ``Checkbox`` tells on from off by colour alone, and takes Enter."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("space", "tick", show=False)]

    class Changed(Message):
        """The box was ticked or unticked."""

        def __init__(self, tick: "Tick") -> None:
            super().__init__()
            self.tick = tick

    def __init__(self, label: str, ticked: bool, detail: str = "") -> None:
        super().__init__()
        self._label = with_detail(label, detail)
        self.ticked = ticked

    def render(self) -> Hanging:
        signs = signs_of(self.app)
        return Hanging(f"{signs.ticked if self.ticked else signs.unticked} ", self._label)

    def action_tick(self) -> None:
        self.ticked = not self.ticked
        self.refresh()
        self.post_message(self.Changed(self))

    def on_click(self, event: events.Click) -> None:
        event.stop()
        self.screen.set_focus(self)
        self.action_tick()


class TickBox(Question):
    """A ``Tick`` as a field of a step."""

    def __init__(self, name: str, label: str, ticked: bool = False) -> None:
        super().__init__(name)
        self._label = label
        self.tick = Tick(label, ticked)

    def compose(self) -> ComposeResult:
        yield self.tick
        yield self.complaint

    @property
    def value(self) -> bool:
        return self.tick.ticked

    @value.setter
    def value(self, value: object) -> None:
        if self.tick.ticked != bool(value):
            self.tick.action_tick()

    async def ask(self, talk: Talk) -> None:
        self.value = await ask_whether(talk, self._label, self.value)

    @property
    def control(self) -> Tick:
        return self.tick
