"""What an agent will compare by telephone: a student's INE, or a date of birth."""

from textual.app import ComposeResult

from api_client.contract import AssistanceIdentity, AssistanceIdentityAnswer
from api_client.secret import Secret
from screens.frame import StepScreen
from screens.widgets.field import TextField

_LONGEST_VALUE = 30


class AssistanceIdentityScreen(StepScreen[AssistanceIdentity], shows=AssistanceIdentity):
    """Readable while it is typed, since it is copied from a card and dots cannot be compared with one. It lives in
    this screen alone: the step never carries it, so that coming back to it shows an empty field."""

    on_paper = frozenset({"value"})

    def compose_fields(self) -> ComposeResult:
        yield TextField("value", self.step.label, hint=self.step.hint, max_length=_LONGEST_VALUE)
        yield self.compose_actions()

    def amiss(self) -> dict[str, str]:
        return self.unfilled("value")

    def given(self) -> AssistanceIdentityAnswer:
        return AssistanceIdentityAnswer(value=Secret(self.query_one("#value", TextField).value))
