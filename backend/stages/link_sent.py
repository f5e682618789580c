"""Waiting for a link to be opened, or for the code of the same mail to be typed. What for, its errand knows."""

from datetime import datetime, timedelta

from api_client import contract
from backend.database.store import Transaction
from backend.dates import in_words
from backend.errands.catalogue import ERRANDS
from backend.errands.errand import Errand, Waiting
from backend.errands.typed import count_code
from backend.house import House
from backend.journeys import JourneyStep
from backend.situation import Situation
from backend.stages.stage import Outcome, Stage, Stay, framed

SPACING = timedelta(seconds=60)
"""Between two mails to the same screen (security.md §2)."""


class LinkSentStage(Stage[contract.LinkSentAnswer]):
    """domain.md §3.1, §3.2, §6.6."""

    kind = "link_sent"
    purposes = tuple(ERRANDS)
    words = frozenset({"title", "lead", "deadline", "act_resend", "act_change_address", "act_hand_over"})
    names = frozenset({"address", "until"})
    gives = frozenset().union(*(errand.gives for errand in ERRANDS.values()))
    returnable = False

    def needs(self, step: JourneyStep) -> frozenset[str]:
        return _errand(step).needs

    def gives_of(self, step: JourneyStep) -> frozenset[str]:
        return _errand(step).gives

    def waits(self, step: JourneyStep) -> bool:
        return True

    def applies(self, s: Situation, step: JourneyStep) -> bool:
        return _errand(step).applies(s)

    def finished(self, s: Situation, step: JourneyStep) -> bool:
        return not self.applies(s, step)

    async def enter(self, house: House, tx: Transaction, s: Situation, step: JourneyStep) -> object:
        await _errand(step).begin(house, tx, s)
        return None

    def overdue(self, s: Situation, step: JourneyStep) -> tuple[contract.Status, Outcome] | None:
        return _errand(step).overdue(s)

    def show(self, s: Situation, step: JourneyStep, once: object = None) -> contract.LinkSent:
        errand = _errand(step)
        waiting = errand.waiting(s)
        until = in_words(waiting.deadline, s.record.locale, s.library.institution.zone) if waiting.deadline else ""
        frame = framed(s, step, address=waiting.address_hint)
        if not until and not frame["errors"]:
            frame["errors"] = {"": s.say("link_spent")}
        return contract.LinkSent(
            purpose=errand.purpose,
            address_hint=waiting.address_hint,
            deadline=waiting.deadline,
            deadline_text=s.wording(step)("deadline", {"until": until}) if until else "",
            number=waiting.number,
            delivery=waiting.delivery,
            actions=self._actions(s, step, waiting),
            **frame,
        )

    def _actions(self, s: Situation, step: JourneyStep, waiting: Waiting) -> tuple[contract.Action, ...]:
        wording = s.wording(step)
        return (
            wording.action("resend", waiting.sent_at + SPACING if waiting.sent_at else None),
            wording.action("change_address", back=True),
            *(wording.action(offer) for offer in _errand(step).offers(s)),
            *((wording.action("hand_over"),) if s.account else ()),
        )

    async def weigh(
        self, house: House, s: Situation, step: JourneyStep, answer: contract.LinkSentAnswer
    ) -> datetime | None:
        return await count_code(house, s)

    async def take(
        self,
        house: House,
        tx: Transaction,
        s: Situation,
        step: JourneyStep,
        answer: contract.LinkSentAnswer,
        weighed: datetime | None,
    ) -> Outcome:
        return await _errand(step).weigh_code(house, tx, s, answer.code, weighed)

    async def act(self, house: House, tx: Transaction, s: Situation, step: JourneyStep, action: str) -> Outcome:
        errand = _errand(step)
        match action:
            case "hand_over":  # asked for by a request of its own: as an answer it says nothing
                return Stay()
            case "change_address":
                return errand.change_address(s)
            case "resend":
                if await errand.send(house, tx, s):
                    return Stay(dict(s.record.turn.errors))
                return Stay(notice=s.say("mail_resent"))
            case _:
                return await errand.act(house, tx, s, action)


def _errand(step: JourneyStep) -> Errand:
    return ERRANDS[step.purpose or "backup_email"]
