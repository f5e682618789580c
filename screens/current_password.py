"""The password of an account that is active, which proves whose it is."""

from api_client.contract import CurrentPassword, CurrentPasswordAnswer
from screens.attempt import AttemptScreen
from screens.widgets.field import SecretField


class CurrentPasswordScreen(AttemptScreen[CurrentPassword], shows=CurrentPassword):
    """Hidden while typed."""

    on_paper = frozenset({"password"})

    def compose_question(self) -> SecretField:
        return SecretField("password", self.step.label)

    def given(self) -> CurrentPasswordAnswer:
        return CurrentPasswordAnswer(password=self.secret)
