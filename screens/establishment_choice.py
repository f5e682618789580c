"""Several active establishments have the number that was given: which one it is."""

from textual.app import ComposeResult

from api_client.contract import EstablishmentChoice, EstablishmentChoiceAnswer
from screens.frame import StepScreen
from screens.widgets.choice_list import ChoiceList


class EstablishmentChoiceScreen(StepScreen[EstablishmentChoice], shows=EstablishmentChoice):
    """None is chosen beforehand: the first one is not likelier than the others."""

    on_paper = frozenset({"siret"})

    def compose_fields(self) -> ComposeResult:
        yield ChoiceList("siret", self.step.label, self.step.choices, self.step.siret)
        yield self.compose_actions()

    def amiss(self) -> dict[str, str]:
        return self.unfilled("siret")

    def given(self) -> EstablishmentChoiceAnswer:
        return EstablishmentChoiceAnswer(siret=self.query_one("#siret", ChoiceList).value)
