"""Something to read before going on; nothing is asked, and of nobody in particular."""

from api_client import contract
from backend.journeys import JourneyStep
from backend.situation import Situation
from backend.stages.stage import Stage, framed


class NoticeStage(Stage[contract.NoticeAnswer]):
    """Its ``lines`` are the lines of the word of that name."""

    kind = "notice"
    words = frozenset({"title", "lead"})

    def needs(self, step: JourneyStep) -> frozenset[str]:
        return frozenset()

    def finished(self, s: Situation, step: JourneyStep) -> bool:
        return s.account is not None

    def show(self, s: Situation, step: JourneyStep, once: object = None) -> contract.Notice:
        return contract.Notice(lines=tuple(s.wording(step)("lines").splitlines()), **framed(s, step))
