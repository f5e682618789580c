"""The entry of the mail journey: the code, or the link itself, of the activation mail."""

from datetime import datetime

from api_client import contract
from backend.database.store import Transaction
from backend.house import House
from backend.journeys import JourneyStep
from backend.situation import Situation
from backend.stages.entry import enter_by_code
from backend.stages.link_sent import count_code
from backend.stages.stage import Outcome, Stage, To, framed


class ActivationCodeStage(Stage[contract.ActivationCodeAnswer]):
    """domain.md §5 step 1."""

    kind = "activation_code"
    purposes = ("activation",)
    gives = frozenset({"person", "address"})
    later = ("activation_resend", "new_password")
    words = frozenset({"title", "lead", "label", "act_resend"})
    barrier = True

    def needs(self, step: JourneyStep) -> frozenset[str]:
        return frozenset()

    def finished(self, s: Situation, step: JourneyStep) -> bool:
        return s.account is not None

    def show(self, s: Situation, step: JourneyStep, once: object = None) -> contract.ActivationCode:
        wording = s.wording(step)
        return contract.ActivationCode(label=wording("label"), actions=(wording.action("resend"),), **framed(s, step))

    async def weigh(
        self, house: House, s: Situation, step: JourneyStep, answer: contract.ActivationCodeAnswer
    ) -> datetime | None:
        return await count_code(house, s)

    async def take(
        self,
        house: House,
        tx: Transaction,
        s: Situation,
        step: JourneyStep,
        answer: contract.ActivationCodeAnswer,
        weighed: datetime | None,
    ) -> Outcome:
        return await enter_by_code(house, tx, s, answer.code, weighed)

    async def act(self, house: House, tx: Transaction, s: Situation, step: JourneyStep, action: str) -> Outcome:
        return To("activation_resend")
