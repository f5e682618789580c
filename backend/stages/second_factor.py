"""The phone that was paired, or one of the recovery codes for the day it is lost: asked after the password."""

from dataclasses import replace

from api_client import contract
from api_client.codes import canonical
from backend import throttle
from backend.audit import Action
from backend.database.store import Transaction
from backend.house import House
from backend.journeys import JourneyStep
from backend.predicates import holds
from backend.second_factor import RECOVERY_LENGTH, Verdict
from backend.situation import Situation
from backend.stages.entry import take_seat
from backend.stages.stage import Onward, Outcome, Stage, Stay, clock_time, framed


class SecondFactorStage(Stage[contract.SecondFactorAnswer]):
    """A code of the phone works once, and so does a recovery code. Only then does another screen end."""

    kind = "second_factor"
    words = frozenset({"title", "lead", "label"})
    barrier = True

    def applies(self, s: Situation, step: JourneyStep) -> bool:
        return s.draft.phone == "paired"

    def finished(self, s: Situation, step: JourneyStep) -> bool:
        return s.claim.second_factor_given_at is not None

    def show(self, s: Situation, step: JourneyStep, once: object = None) -> contract.SecondFactor:
        return contract.SecondFactor(label=s.wording(step)("label"), **framed(s, step))

    async def take(
        self,
        house: House,
        tx: Transaction,
        s: Situation,
        step: JourneyStep,
        answer: contract.SecondFactorAnswer,
        weighed: None,
    ) -> Outcome:
        recovery, left = canonical(answer.code.reveal(), RECOVERY_LENGTH), 0
        if recovery:
            verdict, left = await self._recover(house, tx, s, recovery)
        else:
            verdict = await house.second_factors.confirm(tx, s.known.id, answer.code)
        if verdict.result not in ("form", "wait"):
            action: Action = "login.second_factor.ok" if verdict.result == "right" else "login.second_factor.ko"
            await house.audit.record(tx, actor="person", subject=s.known.id, action=action, channel="tui")
        if verdict.result != "right":
            return Stay({"code": self._said(s, verdict)})
        s.claim.second_factor_given_at = s.now
        s.replace_token = True
        seated = await take_seat(house, tx, s)
        if recovery and isinstance(seated, Onward):
            return replace(seated, notice=s.say("recovery_code_used", left=left))
        return seated

    async def _recover(self, house: House, tx: Transaction, s: Situation, code: str) -> tuple[Verdict, int]:
        """What a recovery code is worth, and how many are left after it."""
        if wait := await house.throttle.count(tx, throttle.RECOVERY_CODE, s.known.id):
            return Verdict(result="wait", wait_until=wait.until), 0
        left = await house.second_factors.use_recovery_code(tx, s.known.id, code)
        if left is None:
            return Verdict(result="wrong"), 0
        await house.throttle.succeed(tx, throttle.RECOVERY_CODE, s.known.id)
        return Verdict(result="right"), left

    def _said(self, s: Situation, verdict: Verdict) -> str:
        match verdict.result:
            case "wait" if verdict.wait_until:
                return s.say("code_wait", until=clock_time(s, verdict.wait_until))
            case "form":
                return s.say("second_factor_form")
            case "drift":
                return s.say("totp_ahead" if verdict.drift > 0 else "totp_behind", minutes=abs(verdict.drift))
            case _:
                return s.say("second_factor_wrong")


def is_still_asked(s: Situation) -> bool:
    """Whether this journey asks this person for it, and it was not given yet."""
    step = next((one for one in s.journey.steps if one.kind == SecondFactorStage.kind and holds(one.when, s)), None)
    return bool(step) and s.draft.phone == "paired" and s.claim.second_factor_given_at is None
