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
        self._until = _in(retry_in)

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
        self._tell()

    async def say_again(self) -> None:
        await super().say_again()
        if self.whole:
            self._tell()

    def focus_first(self) -> None:
        self.query_one("#next").focus()

    def failed(self, retry_in: float, reason: str = "") -> None:
        """It was tried in vain: say why, count down again (in seconds), and take keys again."""
        self._reason, self._until = reason or self._reason, _in(retry_in)
        if self.whole:  # else it is being composed, and tells it then
            self._tell()

    def _tell(self) -> None:
        self.query_one("#reason", Prose).show(self._reason)
        if self._until is not None:
            retry = self.query_one("#retry", Banner)
            retry.count_down(ServerClock(datetime.now(UTC)), self._until, _next_try)
        self.busy(False)

    def say(self) -> None:
        self.post_message(RetryAsked())


def _in(seconds: float | None) -> datetime | None:
    return datetime.now(UTC) + timedelta(seconds=seconds) if seconds is not None else None


def _next_try(left: str) -> str:
    return _("Next try in {left}.").format(left=left)
