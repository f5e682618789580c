"""What somebody wants to be written to about; each is optional (domain.md §8.5)."""

from api_client import contract
from backend.database.store import Transaction
from backend.house import House
from backend.journeys import JourneyStep
from backend.situation import Situation
from backend.stages.stage import Onward, Outcome, Stage, framed

TOPICS = ("CONTRIBUTION", "DOSSIERS", "FACTURES", "REGLEMENTS")


class TopicsStage(Stage[contract.TopicsAnswer]):
    """None at all is an answer."""

    kind = "topics"
    words = frozenset({"title", "lead", "label", *(f"topic_{one}" for one in TOPICS)})

    def needs(self, step: JourneyStep) -> frozenset[str]:
        return frozenset({"identity"})

    def finished(self, s: Situation, step: JourneyStep) -> bool:
        return s.registration.topics is not None

    def show(self, s: Situation, step: JourneyStep, once: object = None) -> contract.Topics:
        wording = s.wording(step)
        return contract.Topics(
            label=wording("label"),
            choices=tuple(contract.Choice(one, wording(f"topic_{one}")) for one in TOPICS),
            chosen=s.registration.topics or (),
            **framed(s, step),
        )

    async def take(
        self,
        house: House,
        tx: Transaction,
        s: Situation,
        step: JourneyStep,
        answer: contract.TopicsAnswer,
        weighed: None,
    ) -> Outcome:
        s.registration.topics = tuple(one for one in TOPICS if one in answer.chosen)
        return Onward()
