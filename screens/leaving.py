"""Leave, really? Asked in the middle of a journey."""

from textual import on
from textual.app import ComposeResult

from screens.looks import drawing_of
from screens.page import Page
from screens.widgets.push_button import PushButton
from screens.words import _


class LeavingScreen(Page):
    """Lies over the step, and goes away by itself. Its result: whether to leave."""

    help_kind = "leaving"

    def heading(self) -> str:
        return _("End my session?") if drawing_of(self.app).kiosk else _("Leave now?")

    def lead(self) -> str:
        kept = _("Your progress is kept: what you gave will be filled in when you come back.")
        return (self.door and self.door.leaving) or kept

    def next_label(self) -> str:
        return _("Stay")

    def compose_fields(self) -> ComposeResult:
        yield PushButton(self.leave_label(), id="leave", classes="action")

    def focus_first(self) -> None:
        self.query_one("#next").focus()

    def say(self) -> None:
        self.dismiss(False)

    def action_go_back(self) -> None:
        self.dismiss(False)

    def action_leave(self) -> None:
        """F10 again: asked twice, answered twice."""
        self.dismiss(True)

    @on(PushButton.Pressed, "#leave")
    def _leave_pressed(self, event: PushButton.Pressed) -> None:
        event.stop()
        self.action_leave()
