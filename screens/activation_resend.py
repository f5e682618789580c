"""The deadline has passed: a new activation mail for an institutional address."""

from textual.app import ComposeResult

from api_client.contract import ActivationResend, ActivationResendAnswer
from screens.frame import StepScreen
from screens.widgets.field import TextField


class ActivationResendScreen(StepScreen[ActivationResend], shows=ActivationResend):
    """The same answer whether the address is known or not, so nothing is checked here."""

    on_paper = frozenset({"address"})
    known_by = frozenset({"address"})

    def compose_fields(self) -> ComposeResult:
        step = self.step
        yield TextField("address", step.label, step.address, hint=step.hint)
        yield self.compose_actions()

    def amiss(self) -> dict[str, str]:
        return self.unfilled("address")

    def given(self) -> ActivationResendAnswer:
        return ActivationResendAnswer(address=self.query_one("#address", TextField).value)
