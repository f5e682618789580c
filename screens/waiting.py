"""Waiting for what happens elsewhere: what every such screen shows. It has no step of its own."""

from collections.abc import Iterable
from typing import TypeVar

from textual.widget import Widget

from api_client.contract import Step
from screens.frame import StepScreen
from screens.looks import signs_of

S = TypeVar("S", bound=Step)


class WaitingScreen(StepScreen[S]):
    """Nothing is asked and nothing moves: what is awaited, and what else can be done, stay in sight below the words.

    Subclasses say ``awaited``. Where that is empty, it is a screen like the others, which yields its actions itself.
    """

    def awaited(self) -> str:
        """A few words that say what this screen waits for before it goes on by itself."""
        raise NotImplementedError

    def resting(self) -> str:
        return f"{signs_of(self.app).ahead} {awaited}" if (awaited := self.awaited()) else ""

    def next_label(self) -> str:
        return "" if self.awaited() else super().next_label()

    def compose_foot(self) -> Iterable[Widget]:
        if self.awaited():
            yield self.compose_actions()
