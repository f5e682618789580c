"""The service cannot be reached and nothing can be begun: what happened, what to do, when it is tried again."""

from datetime import UTC, datetime, timedelta

from textual.app import ComposeResult

from api_client.contract import Catalogue
from screens.clock import ServerClock
from screens.messages import RetryAsked
from screens.page import Page
from screens.widgets.banner import Banner
from screens.widgets.prose import Prose
from screens.words import _


class UnreachableScreen(Page):
    """``reason`` is a sentence. The App tries again by itself and calls ``failed`` each time it was in vain.

    Posts ``RetryAsked`` when the person does not want to wait.
    """

    help_kind = "unreachable"

    def __init__(self, catalogue: Catalogue | None, reason: str = "", retry_in: float | None = None) -> None:
        super().__init__(catalogue)
        self._reason = reason
        self._retry_in = retry_in

    def heading(self) -> str:
        return _("The service cannot be reached")

    def lead(self) -> str:
        return _("Check that this computer is on the network. Otherwise wait a little: this screen goes on by itself.")

    def next_label(self) -> str:
        return _("Try again now")

    def compose_fields(self) -> ComposeResult:
        yield Prose(self._reason, id="reason")
        yield Banner(id="retry")

    def on_mount(self) -> None:
        self._count_down()

    def focus_first(self) -> None:
        self.query_one("#next").focus()

    def failed(self, retry_in: float, reason: str = "") -> None:
        """It was tried in vain: say why, count down again (in seconds), and take keys again."""
        self._reason, self._retry_in = reason or self._reason, retry_in
        self.query_one("#reason", Prose).show(self._reason)
        self._count_down()
        self.busy(False)

    def _count_down(self) -> None:
        if self._retry_in is not None:
            clock = ServerClock(datetime.now(UTC))
            until = clock.now() + timedelta(seconds=self._retry_in)
            retry = self.query_one("#retry", Banner)
            retry.count_down(clock, until, lambda left: _("Next try in {left}.").format(left=left))

    def say(self) -> None:
        self.post_message(RetryAsked())
