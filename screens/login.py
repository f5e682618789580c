"""Who are you? The login printed on the letter."""

from textual.app import ComposeResult

from api_client.contract import Login, LoginAnswer
from screens.frame import StepScreen
from screens.widgets.field import TextField
from screens.words import _


class LoginScreen(StepScreen[Login], shows=Login):
    """One field; the backend never says whether a login exists."""

    def compose_fields(self) -> ComposeResult:
        step = self.step
        hint = _("For example {example}").format(example=step.hint) if step.hint else ""
        yield TextField("login", step.label, step.login, hint=hint, max_length=step.max_length)
        yield self.compose_actions()

    def amiss(self) -> dict[str, str]:
        return {} if self.typed()["login"] else {"login": _("Please fill in this field.")}

    def given(self) -> LoginAnswer:
        return LoginAnswer(login=self.query_one("#login", TextField).value)
