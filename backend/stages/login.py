"""The login of the letter: kept as a claim, never compared here, so that nobody learns which ones exist."""

import re

from api_client import contract
from api_client.wording import is_plain
from backend.database.store import Transaction
from backend.house import House
from backend.journeys import JourneyStep
from backend.situation import Situation
from backend.stages.stage import Onward, Outcome, Stage, Stay, framed

_FORM = re.compile(r"[A-Za-z0-9._-]{2,64}|[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9.-]{1,190}")
_LONGEST_ADDRESS = 254


class LoginStage(Stage[contract.LoginAnswer]):
    """domain.md §11.1: as printed, or an address; case does not matter."""

    kind = "login"
    gives = frozenset({"name"})
    words = frozenset({"title", "lead", "label", "hint"})

    def needs(self, step: JourneyStep) -> frozenset[str]:
        return frozenset()

    def applies(self, s: Situation, step: JourneyStep) -> bool:
        """Nobody is asked who they are once they proved it, not even on the way back."""
        return s.account is None

    def finished(self, s: Situation, step: JourneyStep) -> bool:
        return s.account is not None

    def show(self, s: Situation, step: JourneyStep, once: object = None) -> contract.Login:
        wording = s.wording(step)
        return contract.Login(
            label=wording("label"),
            hint=wording("hint"),
            login=s.record.turn.values.get("login", s.claim.login),
            max_length=_LONGEST_ADDRESS,
            **framed(s, step),
        )

    async def take(
        self,
        house: House,
        tx: Transaction,
        s: Situation,
        step: JourneyStep,
        answer: contract.LoginAnswer,
        weighed: None,
    ) -> Outcome:
        login = answer.login.strip()
        if not login:
            return Stay({"login": s.say("required")})
        if not is_plain(login) or not _FORM.fullmatch(login):
            return Stay({"login": s.say("login_form")}, values={"login": ""})
        s.claim.login = login
        return Onward()
