"""What to do next, out of what can be done."""

from textual.app import ComposeResult

from api_client.contract import Menu, MenuAnswer
from screens.frame import StepScreen
from screens.widgets.choice_list import ChoiceList


class MenuScreen(StepScreen[Menu], shows=Menu):
    """The arrows move, Enter goes there."""

    def compose_fields(self) -> ComposeResult:
        yield ChoiceList("choice", "", self.step.choices, self.step.choice, menu=True)
        yield self.compose_actions()

    def amiss(self) -> dict[str, str]:
        return self.unfilled("choice")

    def given(self) -> MenuAnswer:
        return MenuAnswer(choice=self.query_one("#choice", ChoiceList).value)
