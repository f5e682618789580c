"""The mail said: here is your link. At a terminal, its code is typed or the link pasted."""

from textual.app import ComposeResult

from api_client.contract import ActivationCode, ActivationCodeAnswer
from api_client.secret import Secret
from screens.frame import StepScreen
from screens.widgets.field import TextField

_LONGEST_LINK = 500


class ActivationCodeScreen(StepScreen[ActivationCode], shows=ActivationCode):
    """Shown as it is typed: a code is copied sign by sign, and works once."""

    on_paper = frozenset({"code"})
    awaits_mail = True
    known_by = frozenset({"code"})

    def compose_fields(self) -> ComposeResult:
        yield TextField("code", self.step.label, max_length=_LONGEST_LINK)
        yield self.compose_actions()

    def amiss(self) -> dict[str, str]:
        return self.unfilled("code")

    def given(self) -> ActivationCodeAnswer:
        return ActivationCodeAnswer(code=Secret(self.query_one("#code", TextField).value))
