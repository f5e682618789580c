"""Who are you? The login printed on the letter."""

from textual.app import ComposeResult

from api_client.contract import Login, LoginAnswer
from screens.frame import StepScreen
from screens.widgets.field import TextField


class LoginScreen(StepScreen[Login], shows=Login):
    """One field; the backend never says whether a login exists."""

    on_paper = frozenset({"login"})
    on_barcode = "login"
    known_by = frozenset({"login"})

    def compose_fields(self) -> ComposeResult:
        step = self.step
        yield TextField("login", step.label, step.login, hint=step.hint, max_length=step.max_length)
        yield self.compose_actions()

    def amiss(self) -> dict[str, str]:
        return self.unfilled("login")

    def given(self) -> LoginAnswer:
        return LoginAnswer(login=self.query_one("#login", TextField).value)
