"""What is wrong, and for whom."""

from textual.app import ComposeResult

from api_client.contract import AssistanceSubject, AssistanceSubjectAnswer
from screens.frame import StepScreen
from screens.widgets.choice_list import ChoiceList


class AssistanceSubjectScreen(StepScreen[AssistanceSubject], shows=AssistanceSubject):
    """Two lists; what is asked next depends on the second."""

    on_paper = frozenset({"motive", "profile"})

    def compose_fields(self) -> ComposeResult:
        step = self.step
        yield ChoiceList("motive", step.motives_label, step.motives, step.motive)
        yield ChoiceList("profile", step.profiles_label, step.profiles, step.profile, abreast=True)
        yield self.compose_actions()

    def amiss(self) -> dict[str, str]:
        return self.unfilled("motive", "profile")

    def given(self) -> AssistanceSubjectAnswer:
        return AssistanceSubjectAnswer(
            motive=self.query_one("#motive", ChoiceList).value, profile=self.query_one("#profile", ChoiceList).value
        )
