"""Something to press: by Enter, Space or the mouse."""

from collections.abc import Iterable
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.visual import VisualType

from screens.looks import MONOCHROME, drawing_of
from screens.widgets.prose import Prose, plain


class PushButton(Prose, can_focus=True):
    """A label that can be pressed. Textual's own ``Button`` brings 150 lines of style sheet and an animation."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,space", "press", show=False)]

    class Pressed(Message):
        """The button was pressed; ``button`` tells which."""

        def __init__(self, button: "PushButton") -> None:
            super().__init__()
            self.button = button

        @property
        def control(self) -> "PushButton":
            return self.button

    def render(self) -> VisualType:
        """In brackets where there is no colour to tell a button by; a door of several lines stands alone anyhow."""
        if not self.text or self.has_class("door") or drawing_of(self.app).colours > MONOCHROME:
            return super().render()
        opening, closing = ("  ", "  ") if self.has_class("-held") else ("[ ", " ]")
        return Content(opening) + plain(self.text) + closing

    def told(self) -> Iterable[str]:
        """Nothing: what can be pressed is offered, each with its number."""
        return ()

    @property
    def offered(self) -> str:
        """What it does, as it is told behind a number."""
        return self.text

    def action_press(self) -> None:
        self.post_message(self.Pressed(self))

    def on_click(self, event: events.Click) -> None:
        event.stop()
        self.action_press()
