"""The same account is being activated on another screen: go on here, or leave it there."""

from textual import on
from textual.app import ComposeResult

from api_client.contract import TakeOver, TakeOverAnswer
from screens.frame import StepScreen
from screens.widgets.prose import Prose
from screens.widgets.push_button import PushButton
from screens.words import _


class TakeOverScreen(StepScreen[TakeOver], shows=TakeOver):
    """Two answers, two buttons; Enter goes on here."""

    def compose_fields(self) -> ComposeResult:
        yield Prose(self.step.since_text, id="since")
        yield PushButton(_("Leave it on the other screen"), id="leave-there", classes="action -back")
        yield self.compose_actions()

    def next_label(self) -> str:
        return _("Go on here")

    def focus_first(self) -> None:
        self.query_one("#next").focus()

    def given(self) -> TakeOverAnswer:
        return TakeOverAnswer(here=True)

    @on(PushButton.Pressed, "#leave-there")
    def _leave_there(self, event: PushButton.Pressed) -> None:
        event.stop()
        self.answer(TakeOverAnswer(here=False))
