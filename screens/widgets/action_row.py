"""What else can be done on a step: one button for each of its actions."""

from collections.abc import Sequence

from textual import events
from textual.app import ComposeResult
from textual.containers import Container

from api_client.contract import Action
from screens.clock import ServerClock
from screens.widgets.deadline import Countdown, in_words
from screens.widgets.push_button import PushButton
from screens.words import _

_GAP = 2


class ActionButton(PushButton):
    """An action; until it may be chosen, its label counts down: « Renvoyer le mail (24 s) »."""

    def __init__(self, action: Action, clock: ServerClock) -> None:
        super().__init__(action.label, classes="action -back" if action.leads_back else "action")
        self.action = action
        self._countdown = (
            Countdown(self, clock, action.available_at, self._tell) if action.available_at is not None else None
        )
        self.held = False
        self._left = ""

    @property
    def offered(self) -> str:
        return _("{what}, in {left}").format(what=self.action.label, left=self._left) if self.held else self.text

    def on_mount(self) -> None:
        if self._countdown is not None:
            self._countdown.start()

    def _tell(self, seconds: int) -> None:
        self.held, self._left = seconds > 0, in_words(seconds)
        self.set_class(self.held, "-held")
        self.show(f"{self.action.label} ({self._left})" if self.held else self.action.label)

    def action_press(self) -> None:
        """Too early says nothing: the label already tells how long to wait."""
        if not self.held:
            super().action_press()


class ActionRow(Container):
    """The buttons side by side, or one under another where there is no room."""

    def __init__(self, actions: Sequence[Action], clock: ServerClock) -> None:
        super().__init__(id="actions")
        self._actions = actions
        self._clock = clock
        self.display = bool(actions)

    def compose(self) -> ComposeResult:
        for action in self._actions:
            yield ActionButton(action, self._clock)

    def on_resize(self, event: events.Resize) -> None:
        # Brackets of padding, and the longest countdown that a label can grow by.
        wanted = sum(len(action.label) + 4 + _GAP + (9 if action.available_at else 0) for action in self._actions)
        self.set_class(wanted - _GAP > event.size.width, "-stacked")

    async def show(self, actions: Sequence[Action]) -> None:
        """Offer ``actions`` instead; buttons are made anew only when something changed."""
        if tuple(actions) == tuple(self._actions):
            return
        self._actions = actions
        self.display = bool(actions)
        async with self.batch():
            await self.remove_children()
            await self.mount_all(ActionButton(action, self._clock) for action in actions)
