"""The collective agreement of an establishment that the operator does not know yet (domain.md §8.7, §11.7)."""

from api_client import contract
from backend.database.store import Transaction
from backend.fields import idcc
from backend.fields.refusal import FieldRefused
from backend.house import House
from backend.journeys import JourneyStep
from backend.situation import Situation
from backend.stages.site_card import site_card
from backend.stages.stage import Onward, Outcome, Stage, Stay, framed

_LONGEST = 40


class IdccStage(Stage[contract.IdccAnswer]):
    """An agent reviews the request; one outside of the operator's perimeter is taken, and marked."""

    kind = "idcc"
    words = frozenset({"title", "lead", "label", "name", "siret", "town"})

    def needs(self, step: JourneyStep) -> frozenset[str]:
        return frozenset({"establishment"})

    def applies(self, s: Situation, step: JourneyStep) -> bool:
        site = s.registration.site
        return site is not None and not site.recognised

    def finished(self, s: Situation, step: JourneyStep) -> bool:
        return bool(s.registration.establishments)

    def show(self, s: Situation, step: JourneyStep, once: object = None) -> contract.Idcc:
        kept = next((one.idcc for one in s.registration.establishments), "")
        return contract.Idcc(
            label=s.wording(step)("label"),
            establishment=site_card(s, step),
            choices=tuple(contract.Choice(one.code, one.title) for one in idcc.agreements().values()),
            code=s.record.turn.values.get("code", kept),
            optional=self._is_optional(s),
            **framed(s, step),
        )

    async def take(
        self,
        house: House,
        tx: Transaction,
        s: Situation,
        step: JourneyStep,
        answer: contract.IdccAnswer,
        weighed: None,
    ) -> Outcome:
        if not answer.code.strip() and self._is_optional(s):
            s.registration.attach("to_review")
            return Onward()
        try:
            agreement = idcc.checked(answer.code)
        except FieldRefused as refused:
            return Stay({"code": s.say(refused.say)}, values={"code": answer.code[:_LONGEST]})
        s.registration.attach("to_review" if agreement.in_scope else "out_of_scope", agreement.code)
        return Onward()

    def _is_optional(self, s: Situation) -> bool:
        return s.registration.type not in s.library.institution.registration.idcc_required_for
