"""Something is done elsewhere, by a service or on the phone."""

from textual.app import ComposeResult

from api_client.contract import Pending
from screens.waiting import WaitingScreen
from screens.widgets.deadline import Deadline
from screens.words import _


class PendingScreen(WaitingScreen[Pending], shows=Pending):
    """Why we wait, and for how long at most."""

    def awaited(self) -> str:
        return _("This screen goes on by itself.")

    def compose_fields(self) -> ComposeResult:
        if self.step.deadline is not None:
            yield Deadline(self.clock, self.step.deadline, _how_long, id="deadline")


def _how_long(left: str) -> str:
    return _("This takes another {left} at most.").format(left=left)
