"""The end of a journey: what came of it, what is still being prepared, where to go next (domain.md §6.8)."""

from api_client import contract
from backend.database.store import Transaction
from backend.house import House
from backend.journeys import JourneyStep
from backend.situation import Situation
from backend.stages.stage import Stage, framed
from backend.stages.summaries import summarise


class DoneStage(Stage[contract.Answer]):
    """Nothing is answered any more; the enrolment is completed on arrival."""

    kind = "done"
    words = frozenset({"title", "lead"})
    barrier = True
    returnable = False

    def needs(self, step: JourneyStep) -> frozenset[str]:
        return frozenset()

    async def enter(self, house: House, tx: Transaction, s: Situation, step: JourneyStep) -> object:
        s.record.status = "completed"
        return None

    def show(self, s: Situation, step: JourneyStep, once: object = None) -> contract.Done:
        summary = summarise(s)
        return contract.Done(
            facts=summary.facts,
            set_up=summary.set_up,
            in_preparation=summary.in_preparation,
            next_url=summary.next_url,
            **framed(s, step),
        )
