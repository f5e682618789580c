"""Ten codes on paper for the day the phone is lost; shown once."""

from api_client import contract
from backend.database.store import Transaction
from backend.house import House
from backend.journeys import JourneyStep
from backend.situation import Situation
from backend.stages.current_password import ask_again
from backend.stages.stage import Onward, Outcome, Stage, Stay, framed


class RecoveryCodesStage(Stage[contract.RecoveryCodesAnswer]):
    """Only after a phone was paired."""

    kind = "recovery_codes"
    words = frozenset({"title", "lead", "label", "act_renew"})
    returnable = False

    def applies(self, s: Situation, step: JourneyStep) -> bool:
        return s.draft.phone == "paired"

    def finished(self, s: Situation, step: JourneyStep) -> bool:
        return s.draft.recovery_codes_kept

    async def enter(self, house: House, tx: Transaction, s: Situation, step: JourneyStep) -> object:
        await house.audit.record(tx, actor="person", subject=s.known.id, action="recovery_codes.renewed", channel="tui")
        return await house.second_factors.renew_recovery_codes(tx, s.known.id)

    def show(self, s: Situation, step: JourneyStep, once: object = None) -> contract.RecoveryCodes:
        wording = s.wording(step)
        return contract.RecoveryCodes(
            label=wording("label"),
            codes=once if isinstance(once, tuple) else None,
            actions=(wording.action("renew", back=True),),
            **framed(s, step),
        )

    async def take(
        self,
        house: House,
        tx: Transaction,
        s: Situation,
        step: JourneyStep,
        answer: contract.RecoveryCodesAnswer,
        weighed: None,
    ) -> Outcome:
        if not answer.kept:
            return Stay({"kept": s.say("codes_needed")})
        s.known.draft.recovery_codes_kept = True
        return Onward(notice=s.note_change("recovery_codes"))

    async def act(self, house: House, tx: Transaction, s: Situation, step: JourneyStep, action: str) -> Outcome:
        return ask_again(s, step.place) or Stay(once=await self.enter(house, tx, s, step))
