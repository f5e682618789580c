"""To appear in the public directory, or not: unticked means no."""

from textual.app import ComposeResult

from api_client.contract import PublicDirectory, PublicDirectoryAnswer
from screens.frame import StepScreen
from screens.widgets.card import Card
from screens.widgets.prose import Prose
from screens.widgets.tick_box import TickBox


class PublicDirectoryScreen(StepScreen[PublicDirectory], shows=PublicDirectory):
    """The card is what anybody would see."""

    def compose_fields(self) -> ComposeResult:
        step = self.step
        yield Card((line.label, line.value) for line in step.card)
        yield TickBox("listed", step.label, step.listed)
        yield Prose(step.note, classes="note")
        yield self.compose_actions()

    def given(self) -> PublicDirectoryAnswer:
        return PublicDirectoryAnswer(listed=self.query_one("#listed", TickBox).value)
