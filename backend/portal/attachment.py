"""The establishments of somebody whose account is about to be active (domain.md §8.3, §8.8)."""

from backend.database.store import Transaction
from backend.house import House
from backend.portal.records import attachments_of_contact
from backend.situation import Account


async def attach_establishments(house: House, tx: Transaction, account: Account) -> None:
    """A known contact has every one where they are referenced; anybody else the one they named, in its state."""
    said = account.draft.registration
    if said.known_contact:
        said.establishments = await attachments_of_contact(tx.connection, account.login)
    for one in said.establishments:
        await house.audit.record(
            tx, actor="person", subject=account.id, action="registration.step", channel="tui", result=one.state
        )
