"""The collective agreement that the establishment applies, found among hundreds."""

from textual.app import ComposeResult

from api_client.contract import Idcc, IdccAnswer
from screens.frame import StepScreen
from screens.widgets.card import Card
from screens.widgets.search_list import SearchList


class IdccScreen(StepScreen[Idcc], shows=Idcc):
    """By its four digits, with or without the zeros before them, or by words of its title."""

    on_paper = frozenset({"code"})

    def compose_fields(self) -> ComposeResult:
        step = self.step
        yield Card((line.label, line.value) for line in step.establishment)
        yield SearchList("code", step.label, step.choices, step.code)
        yield self.compose_actions()

    def amiss(self) -> dict[str, str]:
        search = self.query_one("#code", SearchList)
        flaw = search.flaw()
        return {"code": flaw} if flaw and not (self.step.optional and search.empty) else {}

    def given(self) -> IdccAnswer:
        return IdccAnswer(code=self.query_one("#code", SearchList).chosen)
