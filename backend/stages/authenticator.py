"""Pairing an authenticator: its key is shown once, and counts once a code of it was typed (domain.md §12.4)."""

from datetime import datetime

from api_client import contract
from backend.database.store import Transaction
from backend.house import House
from backend.journeys import JourneyStep
from backend.second_factor import OFFER_LIFETIME
from backend.situation import Situation
from backend.stages.stage import Onward, Outcome, Stage, Stay, clock_time, framed


class AuthenticatorStage(Stage[contract.PhonePairingAnswer]):
    """Optional unless the journey says ``mandatory``. A phone whose clock is off is told so."""

    kind = "phone_pairing"
    changes = True
    keys = frozenset({"mandatory"})
    words = frozenset({"title", "lead", "label", "act_renew", "act_skip"})
    returnable = False

    def finished(self, s: Situation, step: JourneyStep) -> bool:
        return bool(s.draft.phone)

    async def enter(self, house: House, tx: Transaction, s: Situation, step: JourneyStep) -> contract.TotpOffer:
        s.record.turn.values["expires_at"] = (s.now + OFFER_LIFETIME).isoformat()
        return await house.second_factors.offer(tx, s.known.id, s.known.login, house.institution.acronym)

    def show(self, s: Situation, step: JourneyStep, once: object = None) -> contract.PhonePairing:
        wording = s.wording(step)
        expires_at = s.record.turn.values.get("expires_at")
        skip = () if step.mandatory else (wording.action("skip"),)
        return contract.PhonePairing(
            label=wording("label"),
            offer=once if isinstance(once, contract.TotpOffer) else None,
            expires_at=datetime.fromisoformat(expires_at) if expires_at else None,
            optional=not step.mandatory,
            actions=(wording.action("renew", back=True), *skip),
            **framed(s, step),
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
        verdict = await house.second_factors.confirm(tx, s.known.id, answer.code)
        keep = {name: value for name, value in s.record.turn.values.items() if name == "expires_at"}
        match verdict.result:
            case "right":
                s.known.draft.phone = "paired"
                await house.audit.record(tx, actor="person", subject=s.known.id, action="phone.paired", channel="tui")
                return Onward(notice=s.note_change("phone"))
            case "over":
                return await self._renewed(house, tx, s, step, {"": s.say("totp_over")})
            case "drift":
                key = "totp_ahead" if verdict.drift > 0 else "totp_behind"
                return Stay({"code": s.say(key, minutes=abs(verdict.drift))}, values=keep)
            case "wait" if verdict.wait_until:
                return Stay({"code": s.say("code_wait", until=clock_time(s, verdict.wait_until))}, values=keep)
            case "form":
                return Stay({"code": s.say("totp_form")}, values=keep)
            case _:
                return Stay({"code": s.say("totp_wrong")}, values=keep)

    async def act(self, house: House, tx: Transaction, s: Situation, step: JourneyStep, action: str) -> Outcome:
        if action == "skip":
            s.known.draft.phone = "declined"
            await house.second_factors.withdraw(tx, s.known.id)
            return Onward()
        return await self._renewed(house, tx, s, step, {})

    async def _renewed(
        self, house: House, tx: Transaction, s: Situation, step: JourneyStep, errors: dict[str, str]
    ) -> Stay:
        offer = await self.enter(house, tx, s, step)
        return Stay(errors, values={"expires_at": s.record.turn.values["expires_at"]}, once=offer)
