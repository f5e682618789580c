"""Where a journey stops for now: refused, locked, expired, handed over; and the question of which screen goes on."""

from datetime import datetime
from typing import ClassVar

from api_client import contract
from backend.database.store import Transaction
from backend.dates import in_words
from backend.house import House
from backend.journeys import JourneyStep
from backend.situation import Claim, Situation
from backend.stages.entry import go_on_here
from backend.stages.stage import Outcome, Stage, To, clock_time, framed

_Shape = contract.Refused | contract.Locked | contract.Expired | contract.HandedOver


class OutcomeStage(Stage[contract.Answer]):
    """Shown outside of the way; its lead may be one of the engine's sentences, named in the turn."""

    shape: ClassVar[type[contract.Refused] | type[contract.Locked] | type[contract.Expired] | type[contract.HandedOver]]
    offers: ClassVar[tuple[str, ...]] = ()
    returnable = False

    def show(self, s: Situation, step: JourneyStep, once: object = None) -> _Shape:
        values, wording = s.record.turn.values, s.wording(step)
        frame = framed(s, step)
        if said := values.get("say"):
            frame["lead"] = s.say(said, **_until(s, values.get("until", "")))
        actions = tuple(wording.action(name) for name in values.get("offers", self.offers))
        return self.shape(contact=s.contact, actions=actions, **frame)

    async def act(self, house: House, tx: Transaction, s: Situation, step: JourneyStep, action: str) -> Outcome:
        if action == "resend":
            s.record.status = "active"
            return To("activation_resend")
        return restart(s)


def _until(s: Situation, instant: str) -> dict[str, str]:
    if not instant:
        return {}
    return {"until": in_words(datetime.fromisoformat(instant), s.record.locale, s.library.institution.zone)}


class RefusedStage(OutcomeStage):
    kind = "refused"
    shape = contract.Refused
    offers = ("restart",)


class LockedStage(OutcomeStage):
    kind = "locked"
    shape = contract.Locked


class ExpiredStage(OutcomeStage):
    kind = "expired"
    shape = contract.Expired
    offers = ("restart",)


class HandedOverStage(OutcomeStage):
    kind = "handed_over"
    shape = contract.HandedOver


class TakeOverStage(Stage[contract.TakeOverAnswer]):
    """Two screens, one person: they have just proved who they are here, so here may win."""

    kind = "take_over"
    words = frozenset({"title", "lead"})
    names = frozenset({"since", "contact"})
    returnable = False

    def show(self, s: Situation, step: JourneyStep, once: object = None) -> contract.TakeOver:
        since = datetime.fromisoformat(s.record.turn.values["since"])
        text = clock_time(s, since)
        return contract.TakeOver(since=since, since_text=text, **framed(s, step, since=text, contact=s.contact))

    async def take(
        self,
        house: House,
        tx: Transaction,
        s: Situation,
        step: JourneyStep,
        answer: contract.TakeOverAnswer,
        weighed: None,
    ) -> Outcome:
        if not answer.here:
            s.account, s.record.account_id, s.record.claim = None, None, Claim()
            s.record.status = "cancelled"
            return To("refused", values={"say": "elsewhere"})
        return await go_on_here(house, tx, s)


def restart(s: Situation) -> Outcome:
    """Back to the first step with nobody proved; what was given stays with the account, and the login is kept typed."""
    s.account, s.record.account_id, s.proofs = None, None, {}
    s.record.claim = Claim(login=s.claim.login, institutional_address=s.claim.institutional_address)
    s.record.status = "active"
    return To(s.journey.steps[0].place)
