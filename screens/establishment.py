"""Where the person belongs: what kind of establishment, and its number."""

from textual.app import ComposeResult

from api_client.contract import Establishment, EstablishmentAnswer
from screens.frame import StepScreen
from screens.widgets.card import Card
from screens.widgets.choice_list import ChoiceList
from screens.widgets.field import TextField

_LONGEST_NUMBER = 40
"""Fourteen digits, and whatever people put between them."""


class EstablishmentScreen(StepScreen[Establishment], shows=Establishment):
    """The number is taken as it is typed; whether it can exist, and does, is for the backend to tell."""

    on_paper = frozenset({"type", "number"})

    def compose_fields(self) -> ComposeResult:
        step = self.step
        yield Card((line.label, line.value) for line in step.recap)
        yield ChoiceList("type", step.types_label, step.types, step.type, abreast=True)
        yield TextField("number", step.label, step.number, max_length=_LONGEST_NUMBER)
        yield self.compose_actions()

    def amiss(self) -> dict[str, str]:
        return self.unfilled("type", "number")

    def given(self) -> EstablishmentAnswer:
        return EstablishmentAnswer(
            type=self.query_one("#type", ChoiceList).value, number=self.query_one("#number", TextField).value
        )
