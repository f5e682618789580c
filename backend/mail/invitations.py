"""The activation mail of somebody whom HR registered with an address (domain.md §5, M1)."""

from datetime import timedelta

from backend.database.store import Transaction
from backend.house import House
from backend.people.person import Person

_LONG_AGO = timedelta(days=3)


class Invitations:
    """Writes the link and its mail in the transaction that makes the account."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def __call__(self, tx: Transaction, account_id: str, person: Person, expired: bool) -> None:
        """``expired``: another system sent a link long ago; only its place is taken, so that it stays refused."""
        house = self._house
        issued_at = house.clock() - (_LONG_AGO if expired else timedelta())
        until = house.institution.deadline("activation", issued_at)
        proof = await house.proofs.issue(
            tx,
            account_id=account_id,
            purpose="activation",
            address=person.backup_email,
            deadline=until,
            issued_at=issued_at,
        )
        await house.audit.record(tx, actor="system", subject=account_id, action="link.issued", channel="system")
        if not expired:
            await house.post.write(
                tx,
                kind="M1",
                recipient=person.backup_email,
                locale="fr",
                account_id=account_id,
                proof_id=proof.id,
                not_after=until,
            )
