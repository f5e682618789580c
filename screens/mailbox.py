"""A mailbox will be made, and this is its address. Nothing is asked."""

from textual.app import ComposeResult

from api_client.contract import Mailbox, MailboxAnswer
from screens.frame import StepScreen
from screens.widgets.prose import Prose


class MailboxScreen(StepScreen[Mailbox], shows=Mailbox):
    """To read."""

    def compose_fields(self) -> ComposeResult:
        yield Prose(self.step.address, id="address")
        yield self.compose_actions()

    def focus_first(self) -> None:
        self.query_one("#next").focus()

    def given(self) -> MailboxAnswer:
        return MailboxAnswer()
