"""The personal address that secures the account, or another one in its place: typed twice here, proved by a link
next."""

from api_client import contract
from api_client.addresses import COMMON_DOMAINS, mask, same
from api_client.contract import Purpose
from backend.database.store import Transaction
from backend.errands.backup_email import TypedAddress
from backend.errands.catalogue import ERRANDS
from backend.house import House
from backend.journeys import JourneyStep
from backend.situation import Situation
from backend.stages.addresses import AddressRefused, checked
from backend.stages.stage import Onward, Outcome, Stage, Stay, framed

_TYPED: dict[Purpose, TypedAddress] = {
    purpose: errand for purpose, errand in ERRANDS.items() if isinstance(errand, TypedAddress)
}


class BackupEmailStage(Stage[contract.BackupEmailAnswer]):
    """domain.md §4 step 3, §7.1. What for, its errand knows."""

    kind = "backup_email"
    purposes = tuple(_TYPED)
    gives = frozenset({"address"})
    names = frozenset({"current"})
    changes = True
    words = frozenset({"title", "lead", "label", "confirmation"})

    def later_of(self, step: JourneyStep) -> tuple[str, ...]:
        return (f"link_sent:{_errand(step).purpose}",)

    def finished(self, s: Situation, step: JourneyStep) -> bool:
        return _errand(step).is_given(s)

    def show(self, s: Situation, step: JourneyStep, once: object = None) -> contract.BackupEmail:
        wording = s.wording(step)
        return contract.BackupEmail(
            label=wording("label"),
            confirmation_label=wording("confirmation"),
            address=s.record.turn.values.get("address", _errand(step).address(s)),
            refused_domains=s.library.institution.domains,
            common_domains=COMMON_DOMAINS,
            **framed(s, step, current=mask(s.draft.backup_email)),
        )

    async def take(
        self,
        house: House,
        tx: Transaction,
        s: Situation,
        step: JourneyStep,
        answer: contract.BackupEmailAnswer,
        weighed: None,
    ) -> Outcome:
        typed = {"address": answer.address[:254]}
        try:
            address = checked(s, answer.address, house.institution.domains)
        except AddressRefused as refused:
            return Stay({"address": refused.sentence}, values=typed)
        if not same(address, answer.confirmation):
            return Stay({"confirmation": s.say("address_differs")}, values=typed)
        errand = _errand(step)
        if refusal := errand.refuse(s, address):
            return Stay({"address": refusal}, values=typed)
        await errand.propose(house, tx, s, address)
        return Onward()


def _errand(step: JourneyStep) -> TypedAddress:
    return _TYPED[step.purpose or "backup_email"]
