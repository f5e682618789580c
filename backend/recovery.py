"""An agent who knows who called lets the owner of an account choose another password (domain.md §7.3).

The link goes to the backup address that was verified, whatever address anybody gives on the telephone. A locked account
stays shut until the new password is there: what was stolen must not open it again.
"""

from api_client.contract import Locale
from backend.accounts import save_account
from backend.database.store import Transaction
from backend.house import House
from backend.mistakes import Mistake
from backend.proofs import Proof
from backend.situation import Account
from backend.suspension import is_contract_over


class NotRecoverable(Mistake):
    """There is nothing to recover, or no address that a link may go to."""


async def issue_recovery(
    house: House, tx: Transaction, account: Account, *, locale: Locale = "fr", actor: str = "agent"
) -> Proof:
    """A link and a code by mail (M13). Raises NotRecoverable."""
    address = await _verified_address(house, account)
    if account.status in ("locked", "expired"):
        account.status = "unlocking"
        await save_account(tx, account)
        await house.audit.record(tx, actor=actor, subject=account.id, action="account.unlocking", channel="cli")
    until = house.institution.deadline("recovery", house.clock())
    proof = await house.proofs.issue(tx, account_id=account.id, purpose="recovery", address=address, deadline=until)
    await house.audit.record(tx, actor=actor, subject=account.id, action="link.issued", channel="cli")
    await house.post.write(
        tx,
        kind="M13",
        recipient=address,
        locale=locale,
        account_id=account.id,
        proof_id=proof.id,
        not_after=until,
    )
    return proof


async def _verified_address(house: House, account: Account) -> str:
    """The directory has no other: one gets there by a proof alone, or with an account that was active before Perron."""
    entry = await house.provisioning.entry(account.login)
    if entry is None:
        raise NotRecoverable(
            f"Le compte {account.login} n’a jamais été activé : imprimez une lettre (« letter »).",
            f"The account {account.login} was never activated: print a letter (“letter”).",
        )
    if account.status == "expired" and is_contract_over(house, account.person):
        raise NotRecoverable(
            f"Le compte {account.login} a pris fin avec son contrat : les RH doivent d’abord le prolonger.",
            f"The account {account.login} ended with its contract: HR must prolong that first.",
        )
    if not entry.backup_email:
        raise NotRecoverable(
            f"Le compte {account.login} n’a pas d’adresse de secours vérifiée : adressez la personne aux RH.",
            f"The account {account.login} has no verified backup address: send the person to HR.",
        )
    return entry.backup_email
