"""Which account it is about, and how to reach its owner."""

from textual.app import ComposeResult

from api_client.contract import AssistanceContact, AssistanceContactAnswer
from screens.frame import StepScreen
from screens.widgets.address_field import AddressField
from screens.widgets.field import TextField

_LONGEST_NUMBER = 30
"""Fifteen digits, and whatever people put between them."""


class AssistanceContactScreen(StepScreen[AssistanceContact], shows=AssistanceContact):
    """The same whether the account exists or not."""

    on_paper = frozenset({"institutional", "personal", "telephone"})
    known_by = frozenset({"personal"})

    def compose_fields(self) -> ComposeResult:
        step, labels = self.step, self.step.labels
        yield AddressField("institutional", labels["institutional"], step.institutional, hint=step.hint)
        yield AddressField("personal", labels["personal"], step.personal)
        yield TextField("telephone", labels["telephone"], step.telephone, max_length=_LONGEST_NUMBER)
        yield self.compose_actions()

    def amiss(self) -> dict[str, str]:
        flaws = {field.id or "": field.flaw() for field in self.query(AddressField)}
        return {name: flaw for name, flaw in (flaws | self.unfilled("telephone")).items() if flaw}

    def given(self) -> AssistanceContactAnswer:
        return AssistanceContactAnswer(
            institutional=self.query_one("#institutional", AddressField).value,
            personal=self.query_one("#personal", AddressField).value,
            telephone=self.query_one("#telephone", TextField).value,
        )
