"""The company register does not answer: the request is kept, and goes on by itself when it does (domain.md §8.7)."""

from api_client import contract
from backend.database.store import Transaction
from backend.fields import siret
from backend.house import House
from backend.journeys import JourneyStep
from backend.situation import Situation
from backend.stages.stage import Onward, Outcome, Stage, To, framed


class RegisterAwaited(Stage[contract.Answer]):
    """Who does not want to wait may leave: a mail says when to come back. ``portal.resumption`` asks again."""

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
        said = s.registration
        if not await house.inquiries.wait_at(tx, said.inquiry, s.record.id):  # forgotten with the screen that asked
            said.inquiry = await house.inquiries.ask(tx, s.record.id, said.number)
        return None

    def overdue(self, s: Situation, step: JourneyStep) -> tuple[contract.Status, Outcome] | None:
        """It has answered: on, or back to a number that nobody knows after all."""
        if s.registration.inquiry:
            return None
        if s.registration.sites:
            return "active", Onward(notice=s.say("register_answered"))
        back = next(one.place for one in s.journey.steps if one.kind == "establishment")
        return "active", To(back, notice=s.say("establishment_unknown"))

    def show(self, s: Situation, step: JourneyStep, once: object = None) -> contract.Pending:
        return contract.Pending(**framed(s, step, number=siret.displayed(s.registration.number)))
