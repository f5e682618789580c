"""A mailbox will be made at the end (domain.md §6.3): said here, promised nowhere else."""

from api_client import contract
from backend.database.store import Transaction
from backend.house import House
from backend.journeys import JourneyStep
from backend.situation import Situation
from backend.stages.stage import Onward, Outcome, Stage, framed


class MailboxStage(Stage[contract.MailboxAnswer]):
    """Nothing is asked."""

    kind = "mailbox"
    words = frozenset({"title", "lead"})

    def finished(self, s: Situation, step: JourneyStep) -> bool:
        return s.draft.mailbox_read

    def show(self, s: Situation, step: JourneyStep, once: object = None) -> contract.Mailbox:
        return contract.Mailbox(address=s.known.person.institutional_email, **framed(s, step))

    async def take(
        self,
        house: House,
        tx: Transaction,
        s: Situation,
        step: JourneyStep,
        answer: contract.MailboxAnswer,
        weighed: None,
    ) -> Outcome:
        s.known.draft.mailbox_read = True
        return Onward()
