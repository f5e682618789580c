"""The number that the operator gave to an establishment: who knows it belongs there (domain.md §8.7, §3.4, §11.10)."""

from datetime import datetime

from api_client import contract
from backend import throttle
from backend.database.store import Transaction
from backend.fields import member_number
from backend.fields.refusal import FieldRefused
from backend.house import House
from backend.journeys import JourneyStep
from backend.portal.records import members_of
from backend.situation import Situation
from backend.stages.site_card import site_card
from backend.stages.stage import Onward, Outcome, Stage, Stay, clock_time, framed

_LONGEST = 40


class MemberNumberStage(Stage[contract.MemberNumberAnswer]):
    """A few tries for the whole registration, then the operator is to be asked. A closed one is for an agent to see."""

    kind = "member_number"
    words = frozenset({"title", "lead", "label", "contact", "name", "siret", "town"})

    def needs(self, step: JourneyStep) -> frozenset[str]:
        return frozenset({"establishment"})

    def applies(self, s: Situation, step: JourneyStep) -> bool:
        site = s.registration.site
        return site is not None and site.recognised

    def finished(self, s: Situation, step: JourneyStep) -> bool:
        return bool(s.registration.establishments)

    def show(self, s: Situation, step: JourneyStep, once: object = None) -> contract.MemberNumber:
        wording, site = s.wording(step), s.registration.site
        frame = framed(s, step)
        if site and site.closed:
            frame["notice"] = frame["notice"] or s.say("establishment_closed")
        if _left(s) <= 0 and not frame["errors"]:
            frame["errors"] = {"number": s.say("member_number_exhausted")}
        return contract.MemberNumber(
            label=wording("label"),
            establishment=site_card(s, step),
            number=s.record.turn.values.get("number", ""),
            contact=wording("contact"),
            **frame,
        )

    async def weigh(
        self, house: House, s: Situation, step: JourneyStep, answer: contract.MemberNumberAnswer
    ) -> datetime | None:
        """Counts one try of this source before anything is compared."""
        async with house.store.write() as tx:
            wait = await house.throttle.count(tx, throttle.MEMBER_NUMBER, s.record.source)
        return wait.until if wait else None

    async def take(
        self,
        house: House,
        tx: Transaction,
        s: Situation,
        step: JourneyStep,
        answer: contract.MemberNumberAnswer,
        weighed: datetime | None,
    ) -> Outcome:
        said, typed = s.registration, {"number": answer.number[:_LONGEST]}
        if weighed:
            return Stay({"number": s.say("code_wait", until=clock_time(s, weighed))}, values=typed)
        try:
            number = member_number.checked(answer.number)
        except FieldRefused as refused:
            return Stay({"number": s.say(refused.say)}, values=typed)
        if _left(s) <= 0:
            return Stay({"number": s.say("member_number_exhausted")}, values=typed)
        said.member_number_tries += 1
        known = await members_of(tx.connection, said.siret)
        found = next((one for one in known if one.type == said.type and one.number == number), None)
        if found is None:
            left = _left(s)
            key = "member_number_wrong" if left > 0 else "member_number_exhausted"
            return Stay({"number": s.say(key, left=left)}, values=typed)
        await house.throttle.give_back(tx, throttle.MEMBER_NUMBER, s.record.source)
        said.attach("to_review" if said.site and said.site.closed else "attached", found.idcc)
        return Onward()


def _left(s: Situation) -> int:
    return s.library.institution.registration.member_number_tries - s.registration.member_number_tries
