"""What to be written to about."""

from textual.app import ComposeResult

from api_client.contract import Topics, TopicsAnswer
from screens.frame import StepScreen
from screens.widgets.tick_list import TickList


class TopicsScreen(StepScreen[Topics], shows=Topics):
    """None is an answer too."""

    on_paper = frozenset({"chosen"})

    def compose_fields(self) -> ComposeResult:
        yield TickList("chosen", self.step.label, self.step.choices, self.step.chosen)
        yield self.compose_actions()

    def given(self) -> TopicsAnswer:
        return TopicsAnswer(chosen=self.query_one("#chosen", TickList).value)
