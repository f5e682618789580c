"""« Téléphone {model} — appairer ? »: whoever sits at the computer has the last word (domain.md §9.2)."""

from datetime import datetime

from api_client import contract
from backend.database.store import Transaction
from backend.house import House
from backend.journeys import JourneyStep
from backend.situation import Situation
from backend.stages.application import cancel
from backend.stages.pairing_way import back_to_the_code, origin_of, place_of
from backend.stages.stage import Outcome, Stage, To, framed


class DeviceConfirmationStage(Stage[contract.DeviceConfirmationAnswer]):
    """Reached when a phone has signed in, never on the way."""

    kind = "device_confirmation"
    words = frozenset({"title", "lead"})
    names = frozenset({"model"})
    returnable = False

    def needs(self, step: JourneyStep) -> frozenset[str]:
        return frozenset({"signed_in"})

    def applies(self, s: Situation, step: JourneyStep) -> bool:
        return False

    def came_from(self, s: Situation) -> str:
        return origin_of(s)

    async def left(self, house: House, tx: Transaction, s: Situation, step: JourneyStep) -> None:
        await cancel(house, tx, s)

    def overdue(self, s: Situation, step: JourneyStep) -> tuple[contract.Status, Outcome] | None:
        return ("waiting", back_to_the_code(s, "late")) if s.now >= _until(s) else None

    def show(self, s: Situation, step: JourneyStep, once: object = None) -> contract.DeviceConfirmation:
        values = s.record.turn.values
        model = values["model"] or s.say("phone_unnamed")
        return contract.DeviceConfirmation(
            model=model,
            platform=s.say(f"platform_{values['platform']}"),
            expires_at=_until(s),
            **framed(s, step, model=model),
        )

    async def take(
        self,
        house: House,
        tx: Transaction,
        s: Situation,
        step: JourneyStep,
        answer: contract.DeviceConfirmationAnswer,
        weighed: None,
    ) -> Outcome:
        values = s.record.turn.values
        pairing = await house.pairings.by_id(tx.connection, values["pairing"])
        if pairing is None or not await house.pairings.move(tx, pairing, "confirmed" if answer.pair else "refused"):
            return back_to_the_code(s, "late")
        if answer.pair:
            return To(place_of(s.journey, "pending", "phone_answer"), values=values)
        await house.audit.record(
            tx, actor="person", subject=s.known.id, action="pairing.refused", channel="tui", result="said no"
        )
        return back_to_the_code(s, "refused")


def _until(s: Situation) -> datetime:
    return datetime.fromisoformat(s.record.turn.values["until"])
