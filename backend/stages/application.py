"""Pairing the institution's application: a code that turns while it is shown, and a screen that goes on by itself
(domain.md §9.2).

A code is issued when the screen comes for it, since it is sent once and written nowhere: on arrival it is due, and
``overdue`` has the screen's next look fetch it. So no code exists that nobody sees.
"""

from datetime import datetime

from api_client import contract
from backend import throttle
from backend.database.store import Transaction
from backend.house import House
from backend.journeys import JourneyStep
from backend.situation import Situation
from backend.stages.pairing_way import place_of
from backend.stages.stage import Onward, Outcome, Stage, Stay, To, framed


class ApplicationStage(Stage[contract.PhonePairingAnswer]):
    """``hidden``: the code is not shown in place, and the menu leads to it."""

    kind = "phone_pairing"
    keys = frozenset({"mandatory", "pairs", "hidden"})
    words = frozenset({"title", "lead", "act_renew", "act_advanced", "act_skip", "advice"})
    later = ("pending:phone_sign_in", "device_confirmation", "pending:phone_answer")
    returnable = False

    def needs(self, step: JourneyStep) -> frozenset[str]:
        return frozenset({"signed_in"})

    def waits(self, step: JourneyStep) -> bool:
        return True

    async def enter(self, house: House, tx: Transaction, s: Situation, step: JourneyStep) -> object:
        values = s.record.turn.values
        s.record.turn.values = {"why": values.get("why", "")}
        if step.hidden:
            return None
        if "due" not in values:
            s.record.turn.values["expires_at"] = s.now.isoformat()
            return None
        if wait := await house.throttle.count(tx, throttle.PAIRING_CODE, s.record.id):
            s.record.turn.values |= {"why": "wait", "expires_at": wait.until.isoformat()}
            return None
        pairing_id, offer, until = await house.pairings.offer(tx, s.record.id, s.known.id)
        s.record.turn.values |= {"pairing": pairing_id, "expires_at": until.isoformat(), "back": step.place}
        await house.audit.record(tx, actor="person", subject=s.known.id, action="pairing.code", channel="tui")
        return offer

    async def left(self, house: House, tx: Transaction, s: Situation, step: JourneyStep) -> None:
        await cancel(house, tx, s)

    def overdue(self, s: Situation, step: JourneyStep) -> tuple[contract.Status, Outcome] | None:
        values = s.record.turn.values
        expires_at = values.get("expires_at")
        if step.hidden or expires_at is None or s.now < datetime.fromisoformat(expires_at):
            return None
        told = "" if "pairing" in values else values["why"]  # beside the first code, and not beside every later one
        return "waiting", To(step.place, values={"due": True, "why": told if told != "wait" else ""})

    def show(self, s: Situation, step: JourneyStep, once: object = None) -> contract.PhonePairing:
        wording, values, frame = s.wording(step), s.record.turn.values, framed(s, step)
        if why := values.get("why"):
            frame["errors"] = {"": s.say(f"pairing_{why}")}
        actions = [] if step.hidden else [wording.action("renew", back=True)]
        if place_of(s.journey, "menu"):
            actions.append(wording.action("advanced"))
        if not step.mandatory:
            actions.append(wording.action("skip"))
        return contract.PhonePairing(
            offer=once if isinstance(once, contract.AppOffer) else None,
            expires_at=datetime.fromisoformat(values["expires_at"]) if "pairing" in values else None,
            optional=not step.mandatory,
            hidden=step.hidden,
            advice=tuple(wording("advice").splitlines()),
            actions=tuple(actions),
            **frame,
        )

    async def take(
        self,
        house: House,
        tx: Transaction,
        s: Situation,
        step: JourneyStep,
        answer: contract.PhonePairingAnswer,
        weighed: None,
    ) -> Outcome:
        return Stay(values=s.record.turn.values)  # nothing is typed here: the phone answers

    async def act(self, house: House, tx: Transaction, s: Situation, step: JourneyStep, action: str) -> Outcome:
        if action == "renew":
            return To(step.place, values={"due": True})
        await house.pairings.revoke(tx, s.record.id)
        return Onward() if action == "skip" else To(place_of(s.journey, "menu"))


async def cancel(house: House, tx: Transaction, s: Situation) -> None:
    """The computer's session ends, and with it what a phone could still do (domain.md §9, OCT-018)."""
    s.record.status = "cancelled"
    if await house.pairings.revoke(tx, s.record.id):
        await house.audit.record(tx, actor="person", subject=s.known.id, action="pairing.revoked", channel="tui")
