"""What happened, in the person's own words (domain.md §7.3)."""

from api_client import contract
from api_client.wording import clean
from backend.database.store import Transaction
from backend.house import House
from backend.journeys import JourneyStep
from backend.situation import Situation
from backend.stages.stage import Onward, Outcome, Stage, Stay, framed

SHORTEST, LONGEST = 20, 4000
"""Characters, once everything that does not show was taken away."""


class AssistanceMessageStage(Stage[contract.AssistanceMessageAnswer]):
    """Lines stay lines; control characters, whatever they would do to an agent's terminal, do not stay."""

    kind = "assistance_message"
    gives = frozenset({"request"})
    later = ("assistance_identity",)
    words = frozenset({"title", "lead", "label"})

    def needs(self, step: JourneyStep) -> frozenset[str]:
        return frozenset()

    def show(self, s: Situation, step: JourneyStep, once: object = None) -> contract.AssistanceMessage:
        return contract.AssistanceMessage(
            label=s.wording(step)("label"),
            text=s.record.turn.values.get("text", s.claim.assistance.description),
            shortest=SHORTEST,
            longest=LONGEST,
            **framed(s, step),
        )

    async def take(
        self,
        house: House,
        tx: Transaction,
        s: Situation,
        step: JourneyStep,
        answer: contract.AssistanceMessageAnswer,
        weighed: None,
    ) -> Outcome:
        text = clean(answer.text, lines=True).strip()
        if not text:
            return Stay({"text": s.say("required")})
        if not SHORTEST <= len(text) <= LONGEST:
            key = "assistance_too_short" if len(text) < SHORTEST else "assistance_too_long"
            sentence = s.say(key, length=len(text), shortest=SHORTEST, longest=LONGEST)
            return Stay({"text": sentence}, values={"text": text[:LONGEST]})
        s.claim.assistance.description = text
        return Onward()
