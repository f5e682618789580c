"""Where a journey stops: what every such screen shows. It has no step of its own."""

from typing import TypeVar

from textual.app import ComposeResult

from api_client.contract import Outcome
from screens.frame import StepScreen
from screens.messages import LeaveAsked
from screens.widgets.action_row import ActionButton
from screens.widgets.prose import Prose
from screens.words import _

O = TypeVar("O", bound=Outcome)  # noqa: E741 (the letter of its bound, as S is in frame.py)


class OutcomeScreen(StepScreen[O]):
    """Why, whom to ask, and what can be done about it; « Terminer » posts ``LeaveAsked``."""

    def compose_fields(self) -> ComposeResult:
        yield from self.compose_reason()
        yield Prose(
            _("Contact: {contact}").format(contact=self.step.contact) if self.step.contact else "", id="contact"
        )
        yield self.compose_actions()

    def compose_reason(self) -> ComposeResult:
        """What only this outcome has to say."""
        yield from ()

    def next_label(self) -> str:
        return _("Finish")

    def focus_first(self) -> None:
        (self.query(ActionButton).first() if self.step.actions else self.query_one("#next")).focus()

    def say(self) -> None:
        self.post_message(LeaveAsked())
