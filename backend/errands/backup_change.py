"""Another backup address, asked for by the owner of an active account (domain.md §7.1)."""

from datetime import datetime

from api_client.addresses import same
from backend.audit import Channel
from backend.database.store import Transaction
from backend.errands.backup_email import TypedAddress, record_backup
from backend.house import House
from backend.proofs import Proof
from backend.situation import Account, Situation
from backend.stages.stage import Onward, Outcome


class BackupChange(TypedAddress):
    """Only the proof makes the change; the address that will be replaced is told when it is asked for."""

    purpose = "backup_change"
    mail = "M7"

    def address(self, s: Situation) -> str:
        return s.draft.new_backup_email

    def applies(self, s: Situation) -> bool:
        return bool(s.draft.new_backup_email)

    def refuse(self, s: Situation, address: str) -> str:
        return s.say("backup_unchanged") if same(address, s.draft.backup_email) else ""

    def keep(self, account: Account, address: str) -> None:
        account.draft.new_backup_email = address

    async def send(self, house: House, tx: Transaction, s: Situation) -> datetime | None:
        again = self.purpose in s.proofs
        if wait := await super().send(house, tx, s):
            return wait
        if s.draft.backup_email and not again:
            await house.post.write(
                tx, kind="M7b", recipient=s.draft.backup_email, locale=s.record.locale, account_id=s.known.id
            )
        return None

    async def accept(self, house: House, tx: Transaction, account: Account, proof: Proof, channel: Channel) -> None:
        await record_backup(house, tx, account, proof)
        account.draft.new_backup_email = ""
        await house.proofs.revoke(tx, account.id, "recovery")
        await super().accept(house, tx, account, proof, channel)
        await house.audit.record(tx, actor="person", subject=account.id, action="backup.changed", channel=channel)

    async def follow(self, house: House, tx: Transaction, s: Situation, account: Account, proof: Proof) -> Outcome:
        return Onward(notice=s.note_change("backup_email"))
