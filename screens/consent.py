"""What one may agree to, after reading what it means; going on without it is as good an answer."""

from textual.app import ComposeResult
from textual.widget import Widget

from api_client.contract import Consent, ConsentAnswer
from screens.frame import StepScreen
from screens.widgets.document import Document
from screens.widgets.tick_box import TickBox


class ConsentScreen(StepScreen[Consent], shows=Consent):
    """The box and Next stay in sight while the text scrolls."""

    def compose_fields(self) -> ComposeResult:
        yield Document(self.step.text)
        yield TickBox("given", self.step.label, self.step.given)
        yield self.compose_actions()

    def reading(self) -> Widget:
        return self.query_one(Document).pages

    def given(self) -> ConsentAnswer:
        return ConsentAnswer(given=self.query_one("#given", TickBox).value)
