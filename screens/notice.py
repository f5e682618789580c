"""Something to read before going on. Nothing is asked."""

from textual.app import ComposeResult

from api_client.contract import Notice, NoticeAnswer
from screens.frame import StepScreen
from screens.widgets.hanging import Item


class NoticeScreen(StepScreen[Notice], shows=Notice):
    """To read."""

    def compose_fields(self) -> ComposeResult:
        for line in self.step.lines:
            yield Item(line)
        yield self.compose_actions()

    def focus_first(self) -> None:
        self.query_one("#next").focus()

    def given(self) -> NoticeAnswer:
        return NoticeAnswer()
