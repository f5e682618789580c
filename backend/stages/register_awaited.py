"""The company register does not answer: the request is kept, and goes on by itself when it does (domain.md §8.7)."""

from api_client import contract
from backend.database.store import Transaction
from backend.fields import siret
from backend.house import House
from backend.journeys import JourneyStep
from backend.situation import Situation
from backend.stages.stage import Stage, framed


class RegisterAwaited(Stage[contract.Answer]):
    """Who does not want to wait may leave: a mail says when to come back. ``portal.inquiries`` asks again."""

    kind = "pending"
    keys = frozenset({"awaits"})
    words = frozenset({"title", "lead"})
    names = frozenset({"number"})
    returnable = False

    def needs(self, step: JourneyStep) -> frozenset[str]:
        return frozenset({"establishment"})

    def waits(self, step: JourneyStep) -> bool:
        return True

    def applies(self, s: Situation, step: JourneyStep) -> bool:
        return bool(s.registration.inquiry)

    def finished(self, s: Situation, step: JourneyStep) -> bool:
        return not self.applies(s, step)

    async def enter(self, house: House, tx: Transaction, s: Situation, step: JourneyStep) -> object:
        await house.inquiries.wait_at(tx, s.registration.inquiry, s.record.id)
        return None

    def show(self, s: Situation, step: JourneyStep, once: object = None) -> contract.Pending:
        return contract.Pending(**framed(s, step, number=siret.displayed(s.registration.number)))
