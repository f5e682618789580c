"""The phones that somebody has paired, to be looked at and revoked."""

from datetime import datetime

from api_client import contract
from backend.database.store import Transaction
from backend.house import House
from backend.journeys import JourneyStep
from backend.pairing.devices import Device, devices_of, revoke_device
from backend.situation import Situation
from backend.stages.stage import Onward, Outcome, Stage, Stay, framed, on_day


class DevicesStage(Stage[contract.DevicesAnswer]):
    """Listed as they stood when the person arrived; revoking one lists them again."""

    kind = "devices"
    words = frozenset({"title", "lead"})

    def needs(self, step: JourneyStep) -> frozenset[str]:
        return frozenset({"signed_in"})

    async def enter(self, house: House, tx: Transaction, s: Situation, step: JourneyStep) -> object:
        s.record.turn.values = await _listed(tx, s)
        return None

    def show(self, s: Situation, step: JourneyStep, once: object = None) -> contract.Devices:
        return contract.Devices(
            devices=tuple(self._line(s, one) for one in s.record.turn.values["devices"]), **framed(s, step)
        )

    def _line(self, s: Situation, kept: dict[str, str]) -> contract.Device:
        key = "phone_paired_biometric" if kept["biometric"] else "phone_paired"
        return contract.Device(
            id=kept["id"],
            model=kept["model"] or s.say("phone_unnamed"),
            paired_text=s.say(key, date=on_day(s, datetime.fromisoformat(kept["paired_at"]))),
        )

    async def take(
        self,
        house: House,
        tx: Transaction,
        s: Situation,
        step: JourneyStep,
        answer: contract.DevicesAnswer,
        weighed: None,
    ) -> Outcome:
        if not answer.revoke:
            return Onward()
        if await revoke_device(house, tx, s.known.id, answer.revoke, "tui"):
            return Stay(notice=s.note_change("phone_revoked"), values=await _listed(tx, s))
        return Stay({"device": s.say("choose_one")}, values=await _listed(tx, s))


async def _listed(tx: Transaction, s: Situation) -> dict[str, list[dict[str, str]]]:
    return {"devices": [_kept(one) for one in await devices_of(tx.connection, s.known.id)]}


def _kept(device: Device) -> dict[str, str]:
    return {
        "id": device.id,
        "model": device.model,
        "paired_at": device.paired_at.isoformat(),
        "biometric": "on" if device.biometric else "",
    }
