"""A new activation mail, asked for by institutional address; the same screen whoever it is (domain.md §3.3, §5
1-bis)."""

from api_client import contract
from backend.database.store import Transaction
from backend.errands.catalogue import WAYS_IN
from backend.house import House
from backend.journeys import JourneyStep
from backend.situation import Situation
from backend.stages.addresses import AddressRefused, checked
from backend.stages.stage import Onward, Outcome, Stage, Stay, framed


class ActivationResendStage(Stage[contract.ActivationResendAnswer]):
    """Reached by an action of the activation code's step, never on the way."""

    kind = "activation_resend"
    later = ("link_sent:activation",)
    words = frozenset({"title", "lead", "label", "hint"})

    def needs(self, step: JourneyStep) -> frozenset[str]:
        return frozenset()

    def applies(self, s: Situation, step: JourneyStep) -> bool:
        return s.record.place == step.place

    def finished(self, s: Situation, step: JourneyStep) -> bool:
        return True

    def show(self, s: Situation, step: JourneyStep, once: object = None) -> contract.ActivationResend:
        wording = s.wording(step)
        address = s.record.turn.values.get("address", s.claim.institutional_address)
        return contract.ActivationResend(
            label=wording("label"), hint=wording("hint"), address=address, **framed(s, step)
        )

    async def take(
        self,
        house: House,
        tx: Transaction,
        s: Situation,
        step: JourneyStep,
        answer: contract.ActivationResendAnswer,
        weighed: None,
    ) -> Outcome:
        try:
            s.claim.institutional_address = checked(s, answer.address)
        except AddressRefused as refused:
            return Stay({"address": refused.sentence}, values={"address": answer.address[:254]})
        await WAYS_IN["activation"].send(house, tx, s)
        return Onward()
