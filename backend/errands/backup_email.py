"""The personal address that secures an account, typed by its owner (domain.md §4 steps 3–4)."""

from api_client.addresses import same
from api_client.contract import Status
from backend.audit import Channel
from backend.database.store import Transaction
from backend.errands.own import OwnAddress
from backend.house import House
from backend.proofs import Proof
from backend.situation import Account, Situation
from backend.stages.stage import Outcome, To, time_over


class TypedAddress(OwnAddress):
    """One that its owner types at a ``backup_email`` step, to be proved next."""

    def is_given(self, s: Situation) -> bool:
        """Whether nobody needs to be asked for it."""
        return False

    def refuse(self, s: Situation, address: str) -> str:
        """Why a well-formed address will not do; nothing when it will."""
        return ""

    def keep(self, account: Account, address: str) -> None:
        """In the draft, unproved."""
        raise NotImplementedError(self.purpose)

    async def propose(self, house: House, tx: Transaction, s: Situation, address: str) -> None:
        """The same address again keeps its link; another one ends it."""
        if same(address, self.address(s)):
            return
        self.keep(s.known, address)
        await house.proofs.revoke(tx, s.known.id, self.purpose)
        s.proofs.pop(self.purpose, None)

    def change_address(self, s: Situation) -> Outcome:
        return To("backup_email")


class BackupEmail(TypedAddress):
    """Its deadline is this journey's own: past it, the journey starts again (domain.md §3.1)."""

    purpose = "backup_email"
    mail = "M3"

    def address(self, s: Situation) -> str:
        return s.draft.backup_email

    def applies(self, s: Situation) -> bool:
        return bool(s.draft.backup_email) and s.draft.backup_proved_at is None

    def overdue(self, s: Situation) -> tuple[Status, Outcome] | None:
        proof = s.proofs.get(self.purpose)
        if proof and proof.proved_at is None and not proof.is_live(s.now):
            return "expired", time_over("expired_same_day", proof.deadline, "restart")
        return None

    def is_given(self, s: Situation) -> bool:
        return bool(s.draft.backup_proved_at or (s.draft.backup_email and s.open_proof(self.purpose)))

    def keep(self, account: Account, address: str) -> None:
        account.draft.backup_email, account.draft.backup_proved_at = address, None

    async def accept(self, house: House, tx: Transaction, account: Account, proof: Proof, channel: Channel) -> None:
        await record_backup(house, tx, account, proof)
        await super().accept(house, tx, account, proof, channel)


async def record_backup(house: House, tx: Transaction, account: Account, proof: Proof) -> None:
    """The address of this proof is now the person's way back in."""
    account.draft.backup_email, account.draft.backup_proved_at = proof.address, house.clock()
    await house.provisioning.record_backup_email(tx, account.login, proof.address)
