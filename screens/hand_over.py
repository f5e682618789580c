"""The code that carries a journey to another screen."""

from datetime import UTC, datetime

from textual.app import ComposeResult

from api_client.contract import Catalogue, HandOver
from screens.clock import ServerClock
from screens.messages import WelcomeAsked
from screens.page import Page
from screens.widgets.deadline import Deadline
from screens.widgets.prose import Prose
from screens.words import _


class HandOverScreen(Page):
    """Takes the place of the step it came from; Esc or Enter posts ``WelcomeAsked``, to go back to it."""

    help_kind = "hand_over"

    def __init__(
        self,
        catalogue: Catalogue | None,
        hand_over: HandOver,
        server_time: datetime | None = None,
        journey: str = "",
    ) -> None:
        super().__init__(catalogue, journey)
        self._hand_over = hand_over
        self._clock = ServerClock(server_time or datetime.now(UTC))

    def heading(self) -> str:
        return _("Go on elsewhere")

    def lead(self) -> str:
        known = self._hand_over.known_label
        return _(
            "At the other terminal choose “I have a code to go on with what I began elsewhere”. "
            "You will type this code there, and {known}."
        ).format(known=known)

    def next_label(self) -> str:
        return ""

    def back_label(self) -> str:
        return _("Stay here")

    def compose_fields(self) -> ComposeResult:
        yield Prose(self._hand_over.code.reveal(), id="hand-over-code")
        yield Deadline(self._clock, self._hand_over.expires_at, _how_long)

    def action_go_on(self) -> None:
        self.action_go_back()

    def go_back(self) -> None:
        self.post_message(WelcomeAsked())


def _how_long(left: str) -> str:
    return _("It works once, for another {left}.").format(left=left)
