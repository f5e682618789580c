"""The code, or the link itself, of a mail that lets somebody in. What for, its errand knows."""

from datetime import datetime

from api_client import contract
from backend.database.store import Transaction
from backend.errands.catalogue import WAYS_IN
from backend.errands.typed import count_code
from backend.errands.way_in import WayIn
from backend.house import House
from backend.journeys import Journey, JourneyStep
from backend.situation import Situation
from backend.stages.stage import Outcome, Stage, To, framed


class ActivationCodeStage(Stage[contract.ActivationCodeAnswer]):
    """domain.md §5 step 1. ``act_resend`` leads to where such a mail is asked for."""

    kind = "activation_code"
    purposes = tuple(WAYS_IN)
    gives = frozenset({"person", "address"})
    words = frozenset({"title", "lead", "label"})
    barrier = True

    def needs(self, step: JourneyStep) -> frozenset[str]:
        return frozenset()

    def later_of(self, step: JourneyStep) -> tuple[str, ...]:
        asked_at = _way_in(step).asked_at
        return ("new_password",) if not asked_at or _way_in(step).aside else (asked_at, "new_password")

    def words_of(self, journey: Journey, step: JourneyStep) -> frozenset[str]:
        return self.words | ({"act_resend"} if _way_in(step).asked_at else set())

    def applies(self, s: Situation, step: JourneyStep) -> bool:
        return not _way_in(step).aside or s.record.place == step.place

    def finished(self, s: Situation, step: JourneyStep) -> bool:
        return s.account is not None

    def show(self, s: Situation, step: JourneyStep, once: object = None) -> contract.ActivationCode:
        wording = s.wording(step)
        actions = (wording.action("resend"),) if _way_in(step).asked_at else ()
        return contract.ActivationCode(label=wording("label"), actions=actions, **framed(s, step))

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
        return await _way_in(step).weigh_code(house, tx, s, answer.code, weighed)

    async def act(self, house: House, tx: Transaction, s: Situation, step: JourneyStep, action: str) -> Outcome:
        return To(_way_in(step).asked_at)


def _way_in(step: JourneyStep) -> WayIn:
    return WAYS_IN[step.purpose or "activation"]
