"""A notice to read; and a consent, asked apart from it, unticked, that may be withdrawn (domain.md §8.4, §14.1)."""

from api_client import contract
from backend.database.store import Transaction
from backend.house import House
from backend.journeys import JourneyStep
from backend.portal.consents import record_consent
from backend.situation import Situation
from backend.stages.stage import Onward, Outcome, Stage, framed


class ConsentStage(Stage[contract.ConsentAnswer]):
    """Whether the operator's support may open a session « en tant que »; nothing else depends on it."""

    kind = "consent"
    changes = True
    words = frozenset({"title", "lead", "text", "label"})

    def needs(self, step: JourneyStep) -> frozenset[str]:
        return frozenset()

    def finished(self, s: Situation, step: JourneyStep) -> bool:
        return s.registration.support_consent is not None

    def show(self, s: Situation, step: JourneyStep, once: object = None) -> contract.Consent:
        wording = s.wording(step)
        return contract.Consent(
            label=wording("label"),
            text=wording("text"),
            given=bool(s.registration.support_consent),
            **framed(s, step),
        )

    async def take(
        self,
        house: House,
        tx: Transaction,
        s: Situation,
        step: JourneyStep,
        answer: contract.ConsentAnswer,
        weighed: None,
    ) -> Outcome:
        before = s.registration.support_consent
        if before is not answer.given:
            s.registration.support_consent, s.registration.support_consent_at = answer.given, s.now
        if s.account is None:
            return Onward()
        await record_consent(house, tx, s.account.id, before=before, now=answer.given)
        # Asked of somebody proved who never answered, it was all that was missing of what lies before.
        return Onward(notice=s.note_change("consent"), resume=before is None)
