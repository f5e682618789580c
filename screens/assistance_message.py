"""What happened, in the person's own words."""

from textual.app import ComposeResult

from api_client.contract import AssistanceMessage, AssistanceMessageAnswer
from screens.frame import StepScreen
from screens.widgets.long_field import LongField
from screens.words import _


class AssistanceMessageScreen(StepScreen[AssistanceMessage], shows=AssistanceMessage):
    """Several lines: Enter begins one, so that the way on is Tab to the button, then Enter."""

    on_paper = frozenset({"text"})

    def compose_fields(self) -> ComposeResult:
        step = self.step
        yield LongField("text", step.label, step.text, shortest=step.shortest, longest=step.longest)
        yield self.compose_actions()

    def next_key(self) -> str:
        return _("Tab, Enter")

    def amiss(self) -> dict[str, str]:
        flaw = self.query_one("#text", LongField).flaw()
        return {"text": flaw} if flaw else {}

    def given(self) -> AssistanceMessageAnswer:
        return AssistanceMessageAnswer(text=self.query_one("#text", LongField).written)
