"""The six digits that the paired phone shows, or a recovery code."""

from api_client.contract import SecondFactor, SecondFactorAnswer
from screens.attempt import AttemptScreen
from screens.widgets.field import TextField

_LONGEST_CODE = 32
"""A recovery code has twelve characters, grouped as people like."""


class SecondFactorScreen(AttemptScreen[SecondFactor], shows=SecondFactor):
    """Shown while typed: the code is worth nothing a moment later."""

    on_paper = frozenset({"code"})

    def compose_question(self) -> TextField:
        return TextField("code", self.step.label, max_length=_LONGEST_CODE)

    def given(self) -> SecondFactorAnswer:
        return SecondFactorAnswer(code=self.secret)
