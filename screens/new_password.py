"""The person's own password, typed twice, with its rules alive beside it."""

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input

from api_client.contract import Enrolment, NewPassword, NewPasswordAnswer
from screens.frame import StepScreen
from screens.widgets.field import SecretField
from screens.widgets.rule_list import RuleList
from screens.widgets.strength import Strength
from screens.words import _


class NewPasswordScreen(StepScreen[NewPassword], shows=NewPassword):
    """The terminal judges while one types, by the backend's rules sent as data; the backend judges again."""

    _judged = ""
    """The password that the step's ``broken`` is about."""

    def compose_fields(self) -> ComposeResult:
        step = self.step
        # Longer than allowed can be typed, or the rule about the length could never be told.
        yield SecretField("password", step.label, max_length=2 * step.policy.max_length)
        yield RuleList(step.policy, step.refused_words)
        yield Strength()
        yield SecretField("confirmation", step.confirmation_label, max_length=2 * step.policy.max_length)
        yield self.compose_actions()

    @property
    def _password(self) -> str:
        return self.query_one("#password", SecretField).value

    @property
    def _confirmation(self) -> str:
        return self.query_one("#confirmation", SecretField).value

    @on(Input.Changed)
    def _typed_on(self, event: Input.Changed) -> None:
        if event.input is self.query_one("#password", SecretField).line:
            told_broken = self.step.broken if event.value == self._judged else ()
            self.query_one(RuleList).judge(event.value, told_broken)
            self.query_one(Strength).measure(event.value)
        self._tell_match()

    def _tell_match(self) -> None:
        note = self.query_one("#confirmation", SecretField).note
        if not self._confirmation:
            note.show("")
        elif self._confirmation == self._password:
            note.show(_("The two passwords match."))
        else:
            note.show(_("The two passwords still differ."))

    async def take_in(self, enrolment: Enrolment) -> None:
        await super().take_in(enrolment)
        self._judged = self._password
        self.query_one(RuleList).judge(self._judged, self.step.broken)

    def amiss(self) -> dict[str, str]:
        if unfilled := self.unfilled("password", "confirmation"):
            return unfilled
        if self.query_one(RuleList).broken(self._password):
            return {"password": _("Some of the rules are not kept yet.")}
        if self._confirmation != self._password:
            return {"confirmation": _("The two passwords differ: please type this one again.")}
        return {}

    def given(self) -> NewPasswordAnswer:
        password, confirmation = self.query_one("#password", SecretField), self.query_one("#confirmation", SecretField)
        return NewPasswordAnswer(password=password.given, confirmation=confirmation.given)
