"""The password printed on the letter, which proves that the letter is in these hands."""

from textual.app import ComposeResult

from api_client.codes import check_is_right
from api_client.contract import Enrolment, ProvisionalPassword, ProvisionalPasswordAnswer
from screens.frame import StepScreen
from screens.widgets.deadline import Deadline
from screens.widgets.field import SecretField
from screens.words import _


class ProvisionalPasswordScreen(StepScreen[ProvisionalPassword], shows=ProvisionalPassword):
    """Hidden while typed. A slip of the finger is told here, before it costs an attempt."""

    def compose_fields(self) -> ComposeResult:
        step = self.step
        # Ours are printed in capitals: there, capitals say nothing about Caps Lock.
        yield SecretField("password", step.label, mention_caps_lock=not step.check_character)
        if step.retry_at is not None:
            yield Deadline(self.clock, step.retry_at, self._how_long, id="retry")
        yield self.compose_actions()

    @staticmethod
    def _how_long(left: str) -> str:
        return _("Too many tries: the next one is possible in {left}.").format(left=left)

    def on_deadline_passed(self) -> None:
        self.query_one("#retry", Deadline).show(_("You may try again now."))

    def amiss(self) -> dict[str, str]:
        step = self.step
        if step.retry_at is not None and self.clock.now() < step.retry_at:
            return {"": _("Too many tries: please wait until the time below has passed.")}
        if unfilled := self.unfilled("password"):
            return unfilled
        typed = self.query_one("#password", SecretField).value
        if step.check_character and check_is_right(typed) is False:
            return {"password": _("One character is not as it is printed. F4 shows what you typed.")}
        return {}

    def given(self) -> ProvisionalPasswordAnswer:
        return ProvisionalPasswordAnswer(password=self.query_one("#password", SecretField).given)

    async def take_in(self, enrolment: Enrolment) -> None:
        """A wrong password is cleared: one is retyped from paper, dots cannot be corrected."""
        await super().take_in(enrolment)
        if self.step.errors:
            self.query_one("#password", SecretField).value = ""
