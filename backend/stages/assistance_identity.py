"""The INE or the birth date that an agent compares by telephone; with it the request is submitted (domain.md §7.3)."""

from typing import Literal

from api_client import contract
from backend.assistance.identity import checked
from backend.assistance.submission import is_too_much, submit
from backend.database.store import Transaction
from backend.fields.refusal import FieldRefused
from backend.house import House
from backend.journeys import JourneyStep
from backend.situation import Situation
from backend.stages.stage import Onward, Outcome, Stage, Stay, framed

Wanted = Literal["ine", "birth_date"]
_WANTED: tuple[Wanted, ...] = ("ine", "birth_date")


class AssistanceIdentityStage(Stage[contract.AssistanceIdentityAnswer]):
    """What was typed is sealed in the same write, and is in no turn, claim, mail or log.

    It is compared later, with an account that nobody has looked for yet: whoever it is, the screen after it comes as
    soon and reads the same.
    """

    kind = "assistance_identity"
    words = frozenset({"title", "lead"} | {word for one in _WANTED for word in (one, f"hint_{one}")})

    def needs(self, step: JourneyStep) -> frozenset[str]:
        return frozenset({"subject", "contact", "request"})

    def show(self, s: Situation, step: JourneyStep, once: object = None) -> contract.AssistanceIdentity:
        wording = s.wording(step)
        wanted: Wanted = "ine" if s.claim.assistance.profile == "student" else "birth_date"
        return contract.AssistanceIdentity(
            wanted=wanted, label=wording(wanted), hint=wording(f"hint_{wanted}"), **framed(s, step)
        )

    async def take(
        self,
        house: House,
        tx: Transaction,
        s: Situation,
        step: JourneyStep,
        answer: contract.AssistanceIdentityAnswer,
        weighed: None,
    ) -> Outcome:
        asking, source = s.claim.assistance, s.record.source
        today = s.now.astimezone(house.institution.zone).date()
        try:
            identity = checked("student" if asking.profile == "student" else "staff", answer.value, today)
        except FieldRefused as refused:
            return Stay({"value": s.say(refused.say)})
        if identity.is_doubtful and not s.record.turn.values.get("warned"):
            return Stay(notice=s.say("ine_doubtful"), values={"warned": True})
        if await is_too_much(house, tx.connection, asking, source):
            return Stay({"": s.say("assistance_throttled")})
        number = await submit(house, tx, asking, identity, locale=s.record.locale, source=source)
        s.claim.assistance = asking.submitted_as(number)
        return Onward()
