"""Something to read before going on; nothing is asked, and of nobody in particular."""

from api_client import contract
from backend.database.store import Transaction
from backend.house import House
from backend.journeys import JourneyStep
from backend.situation import Situation
from backend.stages.stage import Onward, Outcome, Stage, framed


class NoticeStage(Stage[contract.NoticeAnswer]):
    """Its ``lines`` are the lines of the word of that name. Read once a visit, whoever proves to be there meanwhile."""

    kind = "notice"
    words = frozenset({"title", "lead"})

    def needs(self, step: JourneyStep) -> frozenset[str]:
        return frozenset()

    def finished(self, s: Situation, step: JourneyStep) -> bool:
        return step.place in s.claim.read

    def show(self, s: Situation, step: JourneyStep, once: object = None) -> contract.Notice:
        return contract.Notice(lines=tuple(s.wording(step)("lines").splitlines()), **framed(s, step))

    async def take(
        self,
        house: House,
        tx: Transaction,
        s: Situation,
        step: JourneyStep,
        answer: contract.NoticeAnswer,
        weighed: None,
    ) -> Outcome:
        s.claim.read = tuple(dict.fromkeys((*s.claim.read, step.place)))
        return Onward()
