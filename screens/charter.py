"""The charter: read in the terminal, accepted by its box."""

from textual.app import ComposeResult
from textual.widget import Widget

from api_client.contract import Charter, CharterAnswer
from screens.frame import StepScreen
from screens.widgets.document import Document
from screens.widgets.tick_box import TickBox
from screens.words import _


class CharterScreen(StepScreen[Charter], shows=Charter):
    """The box and Next stay in sight while the text scrolls."""

    def compose_fields(self) -> ComposeResult:
        yield Document(self.step.text)
        yield TickBox("accepted", self.step.label, self.step.accepted)
        yield self.compose_actions()

    def reading(self) -> Widget:
        return self.query_one(Document).pages

    def amiss(self) -> dict[str, str]:
        if self.query_one("#accepted", TickBox).value:
            return {}
        return {"accepted": _("You must accept the charter to go on.")}

    def given(self) -> CharterAnswer:
        return CharterAnswer(accepted=self.query_one("#accepted", TickBox).value, sha256=self.step.sha256)
