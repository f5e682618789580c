"""The password printed on the letter, which proves that the letter is in these hands."""

from api_client.codes import check_is_right
from api_client.contract import ProvisionalPassword, ProvisionalPasswordAnswer
from screens.attempt import AttemptScreen
from screens.widgets.field import SecretField
from screens.words import _


class ProvisionalPasswordScreen(AttemptScreen[ProvisionalPassword], shows=ProvisionalPassword):
    """Hidden while typed. A slip of the finger is told here, before it costs an attempt."""

    on_paper = frozenset({"password"})

    def compose_question(self) -> SecretField:
        # Ours are printed in capitals: there, capitals say nothing about Caps Lock.
        return SecretField("password", self.step.label, mention_caps_lock=not self.step.check_character)

    def misread(self, typed: str) -> str:
        if self.step.check_character and check_is_right(typed) is False:
            if self.plain:
                return _("One character is not as it is printed. Please type all of it again.")
            return _("One character is not as it is printed. F4 shows what you typed.")
        return ""

    def given(self) -> ProvisionalPasswordAnswer:
        return ProvisionalPasswordAnswer(password=self.secret)
