"""Waiting for the person to sign in at the identity provider, with a browser of theirs (domain.md §9, §12.3)."""

from datetime import datetime

from api_client import contract
from api_client.contract import Status
from backend import throttle
from backend.database.store import Transaction
from backend.house import House
from backend.journeys import JourneyStep
from backend.situation import IDLE, Situation
from backend.stages.stage import Outcome, Stage, To, clock_time, framed


class SignInStage(Stage[contract.Answer]):
    """Nothing is typed here. A new code is always offered: some providers forget theirs before they say so."""

    kind = "sign_in"
    words = frozenset({"title", "lead", "act_renew"})
    gives = frozenset({"person", "address", "signed_in"})
    returnable = False

    def needs(self, step: JourneyStep) -> frozenset[str]:
        return frozenset()

    def waits(self, step: JourneyStep) -> bool:
        return True

    def finished(self, s: Situation, step: JourneyStep) -> bool:
        return s.account is not None

    def overdue(self, s: Situation, step: JourneyStep) -> tuple[Status, Outcome] | None:
        """A screen that comes back: no code was asked for any more while it was silent."""
        gone = s.now - s.record.heard_at > IDLE
        return ("waiting", To(step.place)) if gone and awaits_code(s) else None

    async def enter(self, house: House, tx: Transaction, s: Situation, step: JourneyStep) -> object:
        """The code comes a moment later: nobody is asked over a network inside a transaction."""
        sign_ins, enrolment_id = house.sign_ins, s.record.id
        if sign_ins is None:
            s.record.turn.values = {"why": "silent"}
        elif wait := await house.throttle.count(tx, throttle.SIGN_IN, s.record.source):
            s.record.turn.errors[""] = s.say("sign_in_wait", until=clock_time(s, wait.until))
        else:
            tx.after_commit(lambda: sign_ins.begin(enrolment_id))
        return None

    async def left(self, house: House, tx: Transaction, s: Situation, step: JourneyStep) -> None:
        if house.sign_ins:
            await house.sign_ins.withdraw(tx, s.record.id)
        s.record.status = "cancelled"

    def show(self, s: Situation, step: JourneyStep, once: object = None) -> contract.SignIn:
        values, frame = s.record.turn.values, framed(s, step)
        if why := values.get("why"):
            frame["errors"] = {"": s.say(f"sign_in_{why}")}
        expires_at = values.get("expires_at")
        return contract.SignIn(
            verification_uri=values.get("verification_uri", ""),
            user_code=values.get("user_code", ""),
            verification_uri_complete=values.get("verification_uri_complete", ""),
            expires_at=datetime.fromisoformat(expires_at) if expires_at else None,
            actions=(s.wording(step).action("renew"),),
            **frame,
        )

    async def act(self, house: House, tx: Transaction, s: Situation, step: JourneyStep, action: str) -> Outcome:
        return To(step.place)


def awaits_code(s: Situation) -> bool:
    """Whether this screen was promised a code, or that one would be asked for again, and has none yet."""
    turn = s.record.turn
    return turn.values.get("why") in (None, "silent") and not turn.values.get("user_code") and not turn.errors
