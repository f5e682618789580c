"""The personal address that secures the account: typed twice here, proved by a link next."""

from api_client import contract
from api_client.addresses import COMMON_DOMAINS, same
from backend.database.store import Transaction
from backend.house import House
from backend.journeys import JourneyStep
from backend.situation import Situation
from backend.stages.addresses import AddressRefused, checked
from backend.stages.stage import Onward, Outcome, Stage, Stay, framed


class BackupEmailStage(Stage[contract.BackupEmailAnswer]):
    """domain.md §4 step 3. The same address again keeps its link; another one ends it."""

    kind = "backup_email"
    purposes = ("backup_email",)
    gives = frozenset({"address"})
    later = ("link_sent:backup_email",)
    words = frozenset({"title", "lead", "label", "confirmation"})

    def finished(self, s: Situation, step: JourneyStep) -> bool:
        return bool(s.draft.backup_proved_at or (s.draft.backup_email and s.open_proof("backup_email")))

    def show(self, s: Situation, step: JourneyStep, once: object = None) -> contract.BackupEmail:
        wording = s.wording(step)
        return contract.BackupEmail(
            label=wording("label"),
            confirmation_label=wording("confirmation"),
            address=s.record.turn.values.get("address", s.draft.backup_email),
            refused_domains=s.library.institution.domains,
            common_domains=COMMON_DOMAINS,
            **framed(s, step),
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
        draft = s.known.draft
        if not same(address, draft.backup_email):
            draft.backup_email, draft.backup_proved_at = address, None
            await house.proofs.revoke(tx, s.known.id, "backup_email")
            s.proofs.pop("backup_email", None)
        return Onward()
