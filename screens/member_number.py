"""The number that the establishment was given when it joined."""

from textual.app import ComposeResult

from api_client.contract import MemberNumber, MemberNumberAnswer
from screens.frame import StepScreen
from screens.widgets.card import Card
from screens.widgets.field import TextField
from screens.widgets.prose import Prose

_LONGEST_NUMBER = 40
"""Twice what a number can have, so that a slip can be seen and corrected."""


class MemberNumberScreen(StepScreen[MemberNumber], shows=MemberNumber):
    """Which establishment, and where to ask for a number that is not at hand."""

    on_paper = frozenset({"number"})

    def compose_fields(self) -> ComposeResult:
        step = self.step
        yield Card((line.label, line.value) for line in step.establishment)
        yield TextField("number", step.label, step.number, max_length=_LONGEST_NUMBER)
        yield Prose(step.contact, id="contact")
        yield self.compose_actions()

    def amiss(self) -> dict[str, str]:
        return self.unfilled("number")

    def given(self) -> MemberNumberAnswer:
        return MemberNumberAnswer(number=self.query_one("#number", TextField).value)
