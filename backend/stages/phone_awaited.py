"""Waiting for somebody who is busy with their phone: signing in there, or saying whether it uses biometrics."""

from datetime import datetime

from api_client import contract
from backend.database.store import Transaction
from backend.house import House
from backend.journeys import JourneyStep
from backend.pairing.pairings import ANSWER_WITHIN, SIGN_IN_WITHIN
from backend.situation import Situation
from backend.stages.application import cancel
from backend.stages.pairing_way import back_to_the_code, origin_of
from backend.stages.stage import Outcome, Stage, framed


class PhoneAwaited(Stage[contract.Answer]):
    """Reached when the phone has read the code, or was confirmed; left when it answers, or not in time."""

    kind = "pending"
    keys = frozenset({"awaits"})
    words = frozenset({"title", "lead", "act_cancel"})
    returnable = False

    def needs(self, step: JourneyStep) -> frozenset[str]:
        return frozenset({"signed_in"})

    def applies(self, s: Situation, step: JourneyStep) -> bool:
        return False

    def came_from(self, s: Situation) -> str:
        return origin_of(s)

    def waits(self, step: JourneyStep) -> bool:
        return True

    async def enter(self, house: House, tx: Transaction, s: Situation, step: JourneyStep) -> object:
        within = SIGN_IN_WITHIN if step.awaits == "phone_sign_in" else ANSWER_WITHIN
        s.record.turn.values["until"] = (s.now + within).isoformat()
        return None

    async def left(self, house: House, tx: Transaction, s: Situation, step: JourneyStep) -> None:
        await cancel(house, tx, s)

    def overdue(self, s: Situation, step: JourneyStep) -> tuple[contract.Status, Outcome] | None:
        return ("waiting", back_to_the_code(s, "silent")) if s.now >= _until(s) else None

    def show(self, s: Situation, step: JourneyStep, once: object = None) -> contract.Pending:
        return contract.Pending(
            deadline=_until(s), actions=(s.wording(step).action("cancel", back=True),), **framed(s, step)
        )

    async def act(self, house: House, tx: Transaction, s: Situation, step: JourneyStep, action: str) -> Outcome:
        await house.pairings.revoke(tx, s.record.id)
        return back_to_the_code(s)


def _until(s: Situation) -> datetime:
    return datetime.fromisoformat(s.record.turn.values["until"])
