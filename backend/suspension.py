"""Accounts that open no more: blocked because they are in danger, or at the end of a contract (domain.md §10.4)."""

from datetime import date
from functools import partial
from typing import Literal

from sqlalchemy import select

from backend.accounts import load_account, save_account
from backend.danger import Danger
from backend.database.store import Transaction
from backend.database.tables import accounts
from backend.enrolments import living_of, shut
from backend.house import House
from backend.mistakes import Mistake
from backend.people.person import Person
from backend.provisioning import Suspension
from backend.situation import Account, Turn

BATCH = 200


class NotBlocked(Mistake):
    """There is nothing to shut."""


async def block(house: House, tx: Transaction, account: Account, danger: Danger, actor: str = "administrator") -> None:
    """At once: the password opens nothing, every link ends, every screen says so at its next look. Raises NotBlocked.

    What opens it again is ``recovery``.
    """
    if account.status == "inactive":
        raise NotBlocked(
            f"Le compte {account.login} n’est pas activé : imprimez une autre lettre (« letter ») : la première "
            "cesse de marcher.",
            f"The account {account.login} is not activated: print another letter (“letter”), and the first stops "
            "working.",
        )
    if account.status in ("locked", "expired"):
        raise NotBlocked(
            f"Le compte {account.login} est déjà fermé : il n’y a rien à bloquer.",
            f"The account {account.login} is shut already: there is nothing to block.",
        )
    await _shut(house, tx, account, "blocked")
    await house.audit.record(tx, actor=actor, subject=account.id, action="account.locked", channel="cli", result=danger)


async def end_contracts(house: House) -> None:
    """Active accounts whose contract's last day is over, on the institution's calendar, expire."""
    found = BATCH
    while found == BATCH:
        async with house.store.write() as tx:
            found = await _end_some(house, tx)


async def _end_some(house: House, tx: Transaction) -> int:
    """A year's students end on one day: others write in between."""
    over = select(accounts.c.id).where(accounts.c.status == "active")
    over = over.where(accounts.c.contract_end < _today(house).isoformat()).limit(BATCH)
    ids = (await tx.connection.execute(over)).scalars().all()
    for account_id in ids:
        account = await load_account(tx.connection, account_id)
        await _shut(house, tx, account, "expired")
        await house.audit.record(tx, actor="system", subject=account.id, action="account.expired", channel="system")
    return len(ids)


def said_of(status: str) -> dict[str, str]:
    """What the screen says of an account of that status, beside the words of a locked one."""
    return {"say": "account_expired"} if status == "expired" else {}


def is_contract_over(house: House, person: Person) -> bool:
    """Whether the last day of it lies behind, on the institution's calendar."""
    return person.contract_end is not None and person.contract_end < _today(house)


def _today(house: House) -> date:
    return house.clock().astimezone(house.institution.zone).date()


async def _shut(house: House, tx: Transaction, account: Account, why: Literal["blocked", "expired"]) -> None:
    account.status = "locked" if why == "blocked" else "expired"
    await save_account(tx, account)
    await house.provisioning.suspend(tx, account.login, Suspension(why=why, since=house.clock()))
    await house.proofs.revoke(tx, account.id)
    for record in await living_of(tx, account.id):
        await shut(tx, record, Turn(values=dict(said_of(account.status))))
        tx.after_commit(partial(house.changes.tell, record.id))
