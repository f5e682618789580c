"""The mail that opens the activation of an account: sent by HR's import, or asked for again (domain.md §5)."""

from backend.accounts import find_account
from backend.audit import Channel
from backend.database.store import Transaction
from backend.errands.backup_email import record_backup
from backend.errands.way_in import Wanted, WayIn
from backend.house import House
from backend.mail.composition import Kind
from backend.proofs import Proof
from backend.situation import Account, Claim


class Activation(WayIn):
    """It goes to the backup address that HR typed, and proves it."""

    purpose = "activation"
    asked_at = "activation_resend"
    expired = "expired_activation"
    offered = "resend"

    def address(self, claim: Claim) -> str:
        return claim.institutional_address

    def lets_in(self, account: Account) -> bool:
        return account.status == "inactive"

    async def find_addressee(self, house: House, tx: Transaction, wanted: Wanted) -> tuple[Account, str, Kind] | None:
        account = await find_account(tx.connection, wanted.address)
        if account is None or account.status != "inactive" or not (backup := backup_address(account)):
            return None
        return account, backup, "M2"

    async def accept(self, house: House, tx: Transaction, account: Account, proof: Proof, channel: Channel) -> None:
        await record_backup(house, tx, account, proof)
        await super().accept(house, tx, account, proof, channel)


def backup_address(account: Account) -> str:
    """The address that the person confirmed, or that HR typed."""
    return account.draft.backup_email or account.person.backup_email
